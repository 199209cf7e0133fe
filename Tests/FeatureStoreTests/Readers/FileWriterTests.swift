import Foundation
import SimpleFeatures
import Testing

@testable import FeatureStore

struct FileWriterTests {
    private static let schema = FeatureSchema(fields: [
        Field(name: "名称", kind: .text), Field(name: "楼层数", kind: .integer), Field(name: "area", kind: .real), Field(name: "ok", kind: .boolean),
        Field(name: "built", kind: .date),
    ])
    private static let polygon = Geometry.multiPolygon([
        Polygon(rings: [ring(0, 0, 10), ring(2, 2, 2)]), Polygon(rings: [ring(20, 0, 5)]),
    ])
    private static let features = [
        Feature(id: 0, geometry: polygon, values: [.text("道滘镇"), .integer(18), .real(107.109), .boolean(true), .text("2018-05-09")]),
        Feature(id: 0, geometry: nil, values: [.text("高埗"), .null, .null, .null, .null]),
    ]

    /// Clockwise at the outside, as shapefiles wind; holes are given reversed.
    private static func ring(_ x: Double, _ y: Double, _ size: Double) -> [Coordinate] {
        let ring = [(0.0, 0.0), (0, size), (size, size), (size, 0), (0, 0)].map { Coordinate(x: x + $0.0, y: y + $0.1) }
        return x == 2 ? ring.reversed() : ring
    }

    @Test(arguments: [ShapefileWriter.Encoding.utf8, .gbk])
    func shapefileRoundTrip(_ encoding: ShapefileWriter.Encoding) throws {
        let folder = try TestFolder()
        let path = folder.path + "/a.shp"
        let writer = try ShapefileWriter(path: path, schema: Self.schema, dimension: .area, projection: "GEOGCS[\"x\"]", encoding: encoding)
        for feature in Self.features { try writer.append(feature) }
        try writer.finish()
        let reader = try #require(try FeatureFile.open(path: path).first)
        #expect(reader.schema == Self.schema)
        #expect(reader.declaredCRS == .wkt("GEOGCS[\"x\"]"))
        #expect(try reader.features() == Self.features)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 5)
    }

    @Test(arguments: [GeoJSONFileWriter.Form.collection, .sequence])
    func geoJSONRoundTrip(_ form: GeoJSONFileWriter.Form) throws {
        let folder = try TestFolder()
        let path = folder.path + "/a.geojson"
        let writer = try GeoJSONFileWriter(path: path, schema: Self.schema, form: form, crs: form == .collection ? "EPSG:4490" : nil)
        for feature in Self.features { try writer.append(feature) }
        try writer.finish()
        let reader = try #require(try FeatureFile.open(path: path).first)
        #expect(reader.schema == Self.schema)
        let read = try reader.features()
        #expect(read.map(\.values) == Self.features.map(\.values))
        #expect(read[0].geometry?.envelope == Self.polygon.envelope)
    }

    @Test(arguments: [CSVFileWriter.Encoding.utf8, .gb18030])
    func csvRoundTrip(_ encoding: CSVFileWriter.Encoding) throws {
        let folder = try TestFolder()
        let path = folder.path + "/a.csv"
        let writer = try CSVFileWriter(path: path, schema: Self.schema, coordinates: .init(x: "lon", y: "lat"), encoding: encoding)
        var feature = Self.features[0]
        feature.geometry = .point(Coordinate(x: 113.75, y: 23.05))
        feature.values[0] = .text("a,\"b\"\n道滘")
        try writer.append(feature)
        try writer.append(Self.features[1])
        try writer.finish()
        let reader = try #require(try FeatureFile.open(path: path).first)
        let read = try reader.features()
        #expect(read[0].geometry == feature.geometry)
        #expect(read[0].values[0] == .text("a,\"b\"\n道滘"))
        #expect(read[1].geometry == nil)
    }

    @Test func valuesThatDoNotFitAreRefused() throws {
        let folder = try TestFolder()
        let writer = try ShapefileWriter(path: folder.path + "/a.shp", schema: Self.schema, dimension: .area, textWidths: ["名称": 4])
        let error = #expect(throws: WriterError.self) { try writer.append(Self.features[0]) }
        #expect(error?.code == .valueUnsuitable)
    }

    @Test func unfinishedFilesDoNotAppear() throws {
        let folder = try TestFolder()
        do {
            let writer = try GeoJSONFileWriter(path: folder.path + "/a.geojson", schema: Self.schema)
            try writer.append(Self.features[0])
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }
}
