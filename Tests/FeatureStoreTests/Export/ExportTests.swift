import Foundation
import Reprojection
import SimpleFeatures
import TestSupport
import Testing

@testable import FeatureStore

/// What leaves in a file is what GDAL reads of it.
@Suite(.enabled(if: GDAL.isPresent, "skipped: GDAL (gdal-bin) is not installed")) struct ExportTests {
    static let schema = FeatureSchema(fields: [
        Field(name: "名称", kind: .text, title: "地点名称"), Field(name: "code", kind: .text), Field(name: "层数", kind: .integer),
        Field(name: "height", kind: .real), Field(name: "开放", kind: .boolean), Field(name: "built", kind: .date),
        Field(name: "seen", kind: .dateTime),
    ])

    /// Metres a unit that still count as the same position.
    private static let millimetre = 0.001

    static func layer(_ geometry: LayerGeometry, _ crs: CRS, schema: FeatureSchema = schema) -> ExportLayer {
        ExportLayer(id: "overlay.样本", title: "样本", geometry: geometry, schema: schema, crs: crs, lastChange: "2026-01-01T00:00:00Z")
    }

    /// Around the city's middle in the given CRS.
    static func features(_ count: Int, kind: GeometryKind, crs: CRS, seed: UInt64) throws -> [Feature] {
        var random = SeededGenerator(seed: seed)
        var all: [Feature] = []
        for id in 1...count {
            let c = Coordinate(x: 113.7 + random.unit() * 0.2, y: 22.9 + random.unit() * 0.2)
            func near(_ dx: Double, _ dy: Double) -> Coordinate { Coordinate(x: c.x + dx * 1e-4, y: c.y + dy * 1e-4) }
            let square = Polygon(rings: [[near(0, 0), near(4, 0), near(4, 4), near(0, 4), near(0, 0)], [near(1, 1), near(1, 2), near(2, 2), near(2, 1), near(1, 1)]])
            let geometry: Geometry =
                switch kind {
                case .point: .point(c)
                case .lineString: .lineString([near(0, 0), near(1, 2), near(3, 1)])
                case .polygon: .polygon(square)
                case .multiPoint: .multiPoint([near(0, 0), near(1, 1)])
                case .multiLineString: .multiLineString([[near(0, 0), near(1, 1)], [near(2, 0), near(3, 1)]])
                case .multiPolygon:
                    .multiPolygon([square, Polygon(rings: [[near(6, 0), near(8, 0), near(8, 2), near(6, 0)]])])
                case .geometryCollection: .geometryCollection([.point(c), .lineString([near(0, 0), near(1, 2)])])
                }
            all.append(
                Feature(
                    id: Int64(id), geometry: geometry,
                    values: [
                        .text("桂乐街\(id)号,\"甲\""), .text("44190019800101\(String(1000 + id % 9000))"), id % 5 == 0 ? .null : .integer(Int64(id)),
                        .real(Double(id) / 8), .boolean(id % 2 == 0), .text("2018-05-09"), .text("2018-05-09T08:00:00Z"),
                    ]))
        }
        var unplaced = 0
        let carried = try CoordinateOperation(from: .crs84, to: crs, policy: DatumPolicy()).carry(all, unplaced: &unplaced)
        try #require(unplaced == 0)
        return carried
    }

    static func write(
        _ features: [Feature], _ layer: ExportLayer, _ format: ExportFormat, encoding: ExportEncoding? = nil, keepsDigits: Bool = false
    ) throws -> (path: String, tally: ExportTally) {
        let file = try format.begin(
            layer, encoding: encoding ?? format.encodings[0], keepsDigits: keepsDigits, in: try ScratchDirectory.make())
        for start in stride(from: 0, to: features.count, by: 37) { try file.append(Array(features[start..<min(start + 37, features.count)])) }
        return (try file.finish(), file.tally)
    }

    private static func source(_ path: String, _ format: ExportFormat) -> (String, [String]) {
        switch format {
        case .shapefile: ("/vsizip/" + path, [])
        case .csv:
            (path, ["-oo", "X_POSSIBLE_NAMES=经度,东坐标", "-oo", "Y_POSSIBLE_NAMES=纬度,北坐标", "-oo", "GEOM_POSSIBLE_NAMES=WKT"])
        default: (path, [])
        }
    }

    struct Case: CustomTestStringConvertible {
        var format: ExportFormat
        var kind: GeometryKind
        var crs: String
        var testDescription: String { "\(format.rawValue) \(kind.name) \(crs)" }

        /// Every format in every CRS that is offered, and every kind of geometry in every format.
        static let all: [Case] =
            ExportFormat.allCases.flatMap { format in
                ["OGC:CRS84", "EPSG:4490", "EPSG:4547", "EPSG:4526", "EPSG:4326", "EPSG:3857"].map { Case(format: format, kind: .point, crs: $0) }
                    + GeometryKind.allCases.filter { $0 != .point && !(format == .shapefile && $0 == .geometryCollection) }.map {
                        Case(format: format, kind: $0, crs: "EPSG:4547")
                    }
            }
    }

    @Test(arguments: Case.all) func everythingComesBack(_ it: Case) throws {
        let crs = try CRS(it.crs)
        let features = try Self.features(50, kind: it.kind, crs: crs, seed: 7)
        let (path, tally) = try Self.write(features, Self.layer(.only(it.kind), crs), it.format)
        #expect(tally.features == 50)
        let (source, options) = Self.source(path, it.format)
        let found = try GDAL.read(source, options)
        try #require(found.features.count == 50, "\(found.remarks)")
        // FlatGeobuf puts features in an order of its own.
        let number = { (index: Int) in Self.number(found.properties(index)) }
        for index in found.features.indices {
            let feature = features[it.format == .flatGeobuf ? number(index) - 1 : index]
            Self.compare(found.properties(index), feature, it.format)
            var wanted: [Double] = []
            feature.geometry?.forEachPath { for c in $0 { wanted += [c.x, c.y] } }
            if it.kind == .geometryCollection { continue }
            let ordinates = found.ordinates(index)
            // A shapefile winds its rings the other way round.
            let (a, b) = it.format == .shapefile || it.format == .geoJSON ? (ordinates.sorted(), wanted.sorted()) : (ordinates, wanted)
            try #require(a.count == b.count)
            let isFolded = [.geoJSONSequence, .newlineDelimited].contains(it.format)
            let (left, right) = isFolded ? (a.sorted(), b.sorted()) : (a, b)
            #expect(zip(left, right).allSatisfy { abs($0 - $1) * crs.metresPerUnit <= Self.millimetre })
        }
    }

    private static func number(_ properties: [String: Any]) -> Int {
        let code = properties["code"] as? String ?? ""
        return (Int(code.suffix(4)) ?? 0) - 1000
    }

    /// Names of a shapefile are cut, tables know no types.
    private static func compare(_ found: [String: Any], _ feature: Feature, _ format: ExportFormat) {
        guard case .text(let name) = feature.values[0], case .text(let code) = feature.values[1] else { return }
        #expect(found["名称"] as? String == name)
        #expect(found["code"] as? String == code)
        guard format != .csv else { return }
        if case .integer(let n) = feature.values[2] { #expect(found["层数"] as? Int == Int(n)) } else { #expect(found["层数"] == nil) }
        if case .real(let r) = feature.values[3] { #expect(found["height"] as? Double == r) }
        #expect((found["built"] as? String)?.replacing("/", with: "-").hasPrefix("2018-05-09") == true)
    }

    @Test(arguments: ExportFormat.allCases) func aLayerWithoutFeaturesIsAFileThatOpens(_ format: ExportFormat) throws {
        for geometry in [LayerGeometry.only(.polygon), .mixed] {
            let (path, tally) = try Self.write([], Self.layer(geometry, .cgcs2000), format)
            #expect(tally.features == 0)
            if [.newlineDelimited, .geoJSONSequence].contains(format) { continue }
            let (source, options) = Self.source(path, format)
            let found = try GDAL.read(source, options)
            #expect(found.features.isEmpty && !found.remarks.contains("ERROR"), "\(found.remarks)")
        }
    }

    @Test(arguments: ExportFormat.allCases) func aFeatureWithoutAPlaceKeepsItsValues(_ format: ExportFormat) throws {
        var features = try Self.features(20, kind: .polygon, crs: .cgcs2000, seed: 3)
        features[4].geometry = nil
        let (path, _) = try Self.write(features, Self.layer(.only(.polygon), .cgcs2000), format)
        let (source, options) = Self.source(path, format)
        let found = try GDAL.read(source, options)
        try #require(found.features.count == 20, "\(found.remarks)")
        #expect(found.features[4]["geometry"] is NSNull && found.features[3]["geometry"] is [String: Any])
        #expect(found.properties(4)["名称"] as? String == "桂乐街5号,\"甲\"")
    }

    @Test(arguments: [ExportFormat.flatGeobuf, .geoPackage]) func theIndexFindsWhatABoxHolds(_ format: ExportFormat) throws {
        for count in [1, 16, 17, 300, 5000] {
            let features = try Self.features(count, kind: .point, crs: .cgcs2000, seed: UInt64(count))
            let (path, _) = try Self.write(features, Self.layer(.only(.point), .cgcs2000), format)
            let box = Envelope(minX: 113.75, minY: 22.95, maxX: 113.83, maxY: 23.02)
            let wanted = features.filter { $0.geometry.map { box.contains($0.envelope) } == true }.count
            let found = try GDAL.read(path, ["-spat", "\(box.minX)", "\(box.minY)", "\(box.maxX)", "\(box.maxY)"])
            #expect(found.features.count == wanted, "of \(count): \(found.remarks)")
        }
    }

    @Test func theSameFeaturesGiveTheSameBytes() throws {
        for format in ExportFormat.allCases {
            let features = try Self.features(100, kind: .polygon, crs: .cgcs2000, seed: 9)
            let layer = Self.layer(.only(.polygon), .cgcs2000)
            let first = try Data(contentsOf: URL(filePath: Self.write(features, layer, format).path))
            let second = try Data(contentsOf: URL(filePath: Self.write(features, layer, format).path))
            #expect(first == second, "\(format)")
        }
    }
}
