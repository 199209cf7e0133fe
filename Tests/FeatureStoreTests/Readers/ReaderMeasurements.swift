import Foundation
import SimpleFeatures
import Testing

@testable import FeatureStore

/// Speed, printed and not judged; runs in release when `WORKMAP_MEASURE` is set.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["WORKMAP_MEASURE"] != nil, "skipped: WORKMAP_MEASURE not set"), .serialized)
struct ReaderMeasurements {
    private static let count = 200_000
    private static let schema = FeatureSchema(fields: [
        Field(name: "name", kind: .text), Field(name: "code", kind: .text), Field(name: "floors", kind: .integer), Field(name: "area", kind: .real),
        Field(name: "kind", kind: .text), Field(name: "used", kind: .boolean), Field(name: "town", kind: .text), Field(name: "year", kind: .integer),
    ])

    private static func building(_ index: Int) -> Feature {
        let x = 113.5 + Double(index % 1000) * 0.0005123, y = 22.7 + Double(index / 1000) * 0.0005371
        let ring = [(0.0, 0.0), (1, 0), (1, 0.6), (0.5, 0.6), (0.5, 1), (0, 0)].map { Coordinate(x: x + $0.0 * 0.00021, y: y + $0.1 * 0.00017) }
        return Feature(
            id: Int64(index + 1), geometry: .polygon(Polygon(rings: [ring])),
            values: [
                .text("建筑\(index)"), .text("4419000031\(index)"), .integer(Int64(index % 30)), .real(Double(index % 977) / 4), .text("住宅"),
                .boolean(index % 2 == 0), .text("道滘镇"), .integer(Int64(1980 + index % 40)),
            ])
    }

    private func measure(_ name: String, bytes: Int, _ n: Int = count, _ body: () throws -> Void) rethrows {
        var best = Double.infinity
        for _ in 0..<3 {
            let start = clock()
            try body()
            best = min(best, Double(clock() - start) / Double(CLOCKS_PER_SEC))
        }
        print("\(name): \(Int(best * 1e9) / n) ns a feature, \(Int(Double(n) / best / 1000)) k features/s, \(Int(Double(bytes) / best / 1e6)) MB/s")
    }

    @Test func codecs() throws {
        let features = (0..<Self.count).map(Self.building)
        let blobs = features.compactMap(\.geometry).map { GeoPackageBinary.encode($0, srsID: 4490) }
        var vertices = 0
        try measure("WKB read", bytes: blobs.reduce(0) { $0 + $1.count }) {
            for blob in blobs { if case .polygon(let p)? = try GeoPackageBinary.decode(blob).value.geometry { vertices &+= p.rings[0].count } }
        }
        var blob: [UInt8] = []
        measure("WKB write", bytes: blobs.reduce(0) { $0 + $1.count }) {
            for feature in features { if let geometry = feature.geometry { blob.removeAll(keepingCapacity: true); WKB.append(geometry, to: &blob) } }
        }
        var writer = GeoJSONWriter(schema: Self.schema)
        for feature in features { writer.append(feature) }
        measure("GeoJSON write, 7 decimals", bytes: writer.bytes.count) {
            writer.bytes.removeAll(keepingCapacity: true)
            for feature in features { writer.append(feature) }
        }
        #expect(vertices > 0)
    }

    @Test func files() throws {
        let folder = try TestFolder()
        let geojson = try GeoJSONFileWriter(path: folder.path + "/a.geojson", schema: Self.schema)
        let lines = try GeoJSONFileWriter(path: folder.path + "/a.ndjson", schema: Self.schema, form: .sequence, precision: .shortest)
        let utf8 = try ShapefileWriter(path: folder.path + "/u.shp", schema: Self.schema, dimension: .area)
        let gbk = try ShapefileWriter(path: folder.path + "/g.shp", schema: Self.schema, dimension: .area, encoding: .gbk)
        let table = try CSVFileWriter(path: folder.path + "/a.csv", schema: Self.schema, coordinates: .init(x: "lon", y: "lat"))
        for index in 0..<Self.count {
            var feature = Self.building(index)
            try geojson.append(feature)
            try lines.append(feature)
            try utf8.append(feature)
            try gbk.append(feature)
            feature.geometry = .point(feature.geometry?.envelope.centre ?? Coordinate(x: 0, y: 0))
            try table.append(feature)
        }
        try geojson.finish()
        try lines.finish()
        try utf8.finish()
        try gbk.finish()
        try table.finish()
        for name in ["a.geojson", "a.ndjson", "u.shp", "g.shp", "a.csv"] {
            var bytes = 0
            let path = folder.path + "/" + name
            for file in [path, name.hasSuffix("shp") ? path.replacing(".shp", with: ".dbf") : ""] where !file.isEmpty {
                bytes += try FileManager.default.attributesOfItem(atPath: file)[.size] as? Int ?? 0
            }
            try measure("open \(name)", bytes: bytes) { _ = try FeatureFile.open(path: path) }
            try measure("open and read \(name)", bytes: bytes) {
                var seen = 0
                for reader in try FeatureFile.open(path: path) { while let record = try reader.next() { seen += record.feature == nil ? 0 : 1 } }
                #expect(seen == Self.count)
            }
        }
    }
}
