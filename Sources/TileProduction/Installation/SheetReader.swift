import FeatureStore
import GeoTIFF
import Reprojection
import SimpleFeatures
import Wording

/// A georeferenced image as a source of one record: the rectangle it covers.
final class SheetReader: FeatureReader {
    let path: String
    /// What its positions count as being in.
    let crs: CRS
    let declaredCRS: DeclaredCRS
    private let feature: Feature
    private let notices: [Diagnostic]
    private var isRead = false

    let schema = FeatureSchema(fields: [
        Field(name: "file", kind: .text, title: "文件"), Field(name: "widthInPixels", kind: .integer, title: "宽（像素）"),
        Field(name: "heightInPixels", kind: .integer, title: "高（像素）"), Field(name: "pixelSize", kind: .real, title: "像素大小（坐标系单位）"),
    ])

    /// - Parameters:
    ///   - stated: what the operator says; `nil` to believe the file.
    ///   - recognition: finds the CRS of a file that does not say it.
    /// - Throws: `GeoTIFFError`, or `ImportError` where the CRS cannot be told.
    init(path: String, stated: CRS?, recognition: CRSRecognition) throws {
        let image = try GeoTIFFImage(path: path)
        self.path = path
        let corners = image.outline(parts: 1)
        switch (stated, image.declaredCRS) {
        case (let stated?, _): (crs, notices) = (stated, [])
        case (nil, .epsg(let code)): (crs, notices) = (try CRS("EPSG:\(code)"), [])
        case (nil, .definedByParameters(let name)): throw Self.undeclared(path, name)
        case (nil, .undeclared): (crs, notices) = try Self.concluded(path, corners, recognition)
        }
        declaredCRS = .identifier(crs.id)
        let size = (image.reference.column.x * image.reference.column.x + image.reference.column.y * image.reference.column.y).squareRoot()
        feature = Feature(
            id: 0, geometry: .polygon(Polygon(rings: [corners])),
            values: [
                .text(path.split(separator: "/").last.map(String.init) ?? path), .integer(Int64(image.width)), .integer(Int64(image.height)),
                .real(size),
            ])
    }

    private static func undeclared(_ path: String, _ name: String) -> ImportError {
        ImportError(
            code: .crsUndeclared,
            message: LocalisedText(
                zh: "\(path)：坐标系“\(name)”以参数给出，没有编号；请用 --crs 指明，例如 --crs EPSG:4547，或用 gdal_translate -a_srs EPSG:4547 IN.tif OUT.tif 写入",
                en: "\(path): its CRS \"\(name)\" is given by parameters without a code; state it with --crs, such as --crs EPSG:4547, or write it with gdal_translate -a_srs EPSG:4547 IN.tif OUT.tif"
            ).both)
    }

    private static func concluded(
        _ path: String, _ corners: [Coordinate], _ recognition: CRSRecognition
    ) throws(ImportError) -> (CRS, [Diagnostic]) {
        let assessment = recognition.assess(declared: nil, sample: corners)
        guard case .undeclared = assessment.verdict, let crs = assessment.suggested else {
            throw ImportError(code: .crsUndeclared, message: "\(path): \(assessment.message)")
        }
        let notice = Diagnostic(
            key: "crs-concluded", value: crs.id,
            reason: LocalisedText(
                zh: "图像未声明坐标系；只有 \(crs.label) 使其落在本市。", en: "The image does not say its CRS; only \(crs.label) puts it in the city."),
            suggestion: LocalisedText(zh: "若为其他坐标系，请用 --crs 指明。", en: "State it with --crs if it is another."))
        return (crs, [notice])
    }

    var format: SourceFormat { .geoTIFF }
    var sourceName: String { path }
    var expectedCount: Int? { 1 }
    var totalBytes: Int64? { nil }
    var bytesRead: Int64 { 0 }

    func next() -> ReadRecord? {
        guard !isRead else { return nil }
        isRead = true
        return ReadRecord(location: SourceLocation(.feature(1)), outcome: .feature(feature), notices: notices)
    }
}
