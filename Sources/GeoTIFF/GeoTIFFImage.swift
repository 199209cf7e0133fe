import CTIFF
import Glibc
public import SimpleFeatures
import Wording

/// A georeferenced image in a TIFF file, with the overviews the file has.
///
/// Nothing but the block asked for is ever decoded. Not `Sendable`: one owner at a time.
public final class GeoTIFFImage {
    public let path: String
    public let reference: GeoReference
    public let declaredCRS: ImageCRS
    /// Whether pixels are either image or none, as by a value for "no data" or a mask.
    public let hasHardEdge: Bool
    /// The image itself, then its overviews from fine to coarse.
    public private(set) var levels: [ImageLevel]

    private static let mostDirectories: UInt32 = 64

    /// - Throws: `notReadable`, `unsupported`, `damaged`, `notGeoreferenced`.
    public init(path: String) throws(GeoTIFFError) {
        guard let first = try TIFFDirectory(path: path, number: 0) else { throw .damaged(path, zh: "没有图像", en: "there is no image") }
        self.path = path
        var layout = try PixelLayout(first)
        let nodata = first.text(GeoTag.nodata).flatMap { Double($0.filter { !$0.isWhitespace }) }.flatMap { UInt8(exactly: $0) }
        layout.nodata = layout.alpha == nil ? nodata : nil
        let pixels = try PixelBlocks(first, layout: layout)
        let keys = GeoKeys(directory: first.shorts(GeoTag.keys) ?? [], text: first.text(GeoTag.keyText))
        declaredCRS = keys.declaredCRS
        reference = try Self.reference(first, keys)
        levels = [ImageLevel(pixels)]
        var masks: [MaskBlocks] = []
        for number in 1..<Self.mostDirectories {
            guard let directory = try TIFFDirectory(path: path, number: number) else { break }
            let kind = Int32(directory.long(TIFFTAG_SUBFILETYPE) ?? 0)
            if kind & FILETYPE_MASK != 0 {
                masks.append(try MaskBlocks(directory))
            } else if kind & FILETYPE_REDUCEDIMAGE != 0, try PixelLayout(directory).hasSameColours(as: layout) {
                levels.append(ImageLevel(try PixelBlocks(directory, layout: layout)))
            }
        }
        hasHardEdge = layout.nodata != nil || !masks.isEmpty
        let size = (Double(pixels.width), Double(pixels.height))
        levels = levels.filter { $0.isReduction(of: size) }.sorted { $0.width > $1.width }
        for mask in masks { try attach(mask) }
    }

    public var width: Int { levels[0].width }
    public var height: Int { levels[0].height }

    /// The corners in the CRS, a closed ring, each side in `parts` steps.
    public func outline(parts: Int) -> [Coordinate] {
        let (w, h) = (Double(width), Double(height))
        let corners = [(0.0, h), (w, h), (w, 0.0), (0.0, 0.0), (0.0, h)]
        var ring: [Coordinate] = []
        for (a, b) in zip(corners, corners.dropFirst()) {
            for i in 0..<parts {
                let t = Double(i) / Double(parts)
                ring.append(reference.position(x: a.0 + (b.0 - a.0) * t, y: a.1 + (b.1 - a.1) * t))
            }
        }
        ring.append(ring[0])
        return ring
    }

    private func attach(_ mask: MaskBlocks) throws(GeoTIFFError) {
        guard let level = levels.first(where: { $0.width == mask.width && $0.height == mask.height }) else { return }
        guard level.blockWidth == mask.blockWidth, level.blockHeight == mask.blockHeight else {
            throw .unsupported(
                path, zh: "掩膜的分块与图像不同", en: "the mask has other blocks than the image", options: "-b 1 -b 2 -b 3 -b mask -colorinterp_4 alpha")
        }
        level.mask = mask
    }

    private static func reference(_ directory: TIFFDirectory, _ keys: GeoKeys) throws(GeoTIFFError) -> GeoReference {
        let tiepoints = directory.doubles(GeoTag.tiepoints) ?? []
        var found = directory.doubles(GeoTag.transformation).flatMap { GeoReference(matrix: $0) }
        if found == nil, let scale = directory.doubles(GeoTag.pixelScale) { found = GeoReference(scale: scale, tiepoint: tiepoints) }
        if let found { return keys.isPoint ? found.shiftedFromCentre() : found }
        if let stated = try worldFile(of: directory.path) { return stated }
        let path = directory.path
        if tiepoints.count >= 18 {
            throw GeoTIFFError(
                code: .notGeoreferenced,
                message: LocalisedText(
                    zh: "\(path)：图像只有 \(tiepoints.count / 6) 个控制点，尚未纠正；请先用 gdalwarp -t_srs EPSG:4547 IN.tif OUT.tif 纠正",
                    en: "\(path): the image has \(tiepoints.count / 6) control points and is not rectified; run gdalwarp -t_srs EPSG:4547 IN.tif OUT.tif first"))
        }
        throw GeoTIFFError(
            code: .notGeoreferenced,
            message: LocalisedText(
                zh: "\(path)：图像没有地理参考（也没有 .tfw）；请提供 .tfw，或用 gdal_translate -a_srs EPSG:4547 -a_ullr 西 北 东 南 IN.tif OUT.tif 写入",
                en: "\(path): nothing says where the image lies (there is no .tfw either); give a .tfw, or write it with gdal_translate -a_srs EPSG:4547 -a_ullr WEST NORTH EAST SOUTH IN.tif OUT.tif"))
    }

    /// What the `.tfw` beside the file says; `nil` where there is none.
    private static func worldFile(of path: String) throws(GeoTIFFError) -> GeoReference? {
        let stem = path.lastIndex(of: ".").map { String(path[..<$0]) } ?? path
        for candidate in [".tfw", ".TFW", ".tifw", ".wld"].map({ stem + $0 }) {
            guard let text = SmallTextFile.contents(of: candidate) else { continue }
            guard let reference = GeoReference(worldFile: text) else {
                throw .damaged(candidate, zh: "不是六行数字的坐标文件", en: "not a world file of six numbers")
            }
            return reference
        }
        return nil
    }
}

/// The fields of GeoTIFF and the one of GDAL that says where there is no image.
enum GeoTag {
    static let pixelScale: UInt32 = 33550
    static let tiepoints: UInt32 = 33922
    static let transformation: UInt32 = 34264
    static let keys: UInt32 = 34735
    static let keyText: UInt32 = 34737
    static let nodata: UInt32 = 42113
}

extension PixelLayout {
    func hasSameColours(as other: PixelLayout) -> Bool {
        samples == other.samples && alpha == other.alpha && isPlanar == other.isPlanar
            && (colour == .redGreenBlue) == (other.colour == .redGreenBlue)
    }
}
