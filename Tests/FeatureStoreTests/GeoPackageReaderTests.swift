import Foundation
import SQLite
import SimpleFeatures
import TestSupport
import Testing

@testable import FeatureStore

struct GeoPackageReaderTests {
    /// What the expected.json beside the files says about one of them.
    struct ExpectedFile: Decodable, Sendable, CustomTestStringConvertible {
        struct Layer: Decodable, Sendable {
            var layer: String
            var feature_count: Int?
            var fields: [String: String]?
            var geometry_types: [String: Int]?
            var null_geometries: Int?
            var crs: [String]?
            var total_bounds: [Double?]?
            var n_coordinates: Int?
        }
        var file: String
        var layers: [Layer]
        var testDescription: String { file }
    }

    static let expected = Corpora.cases(of: [ExpectedFile].self, "geopackage/expected.json") { $0 }

    /// Differences from GDAL's reading that are meant.
    static let deviations: [String: String] = [
        "elevation.gpkg": "holds an empty feature table beside its coverage: read as a layer without records",
        "empty.gpkg": "has no layer: refused",
    ]

    @Test(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"), arguments: expected)
    func corpusFilesReadAsGDALReadsThem(_ file: ExpectedFile) throws {
        let path = Corpora.path("geopackage/" + file.file)
        if file.file == "empty.gpkg" {
            let error = #expect(throws: ReaderError.self) { _ = try FeatureFile.open(path: path) }
            #expect(error?.message.contains("empty.gpkg") == true)
            return
        }
        let readers = try FeatureFile.open(path: path)
        if file.file == "elevation.gpkg" {
            #expect(try readers.count == 1 && readers[0].next() == nil)
            return
        }
        for layer in file.layers {
            guard let reader = readers.first(where: { $0.sourceName == "\(file.file) (\(layer.layer))" }) else {
                Issue.record("\(layer.layer) is not among \(readers.map(\.sourceName))")
                continue
            }
            try compare(reader, layer)
        }
    }

    private func compare(_ reader: any FeatureReader, _ layer: ExpectedFile.Layer) throws {
        var records = 0
        var rejected = 0
        var coordinates = 0
        var withoutGeometry = 0
        var box = Envelope.empty
        var kinds: [String: Int] = [:]
        while let record = try reader.next() {
            records += 1
            guard let feature = record.feature else {
                rejected += 1
                continue
            }
            guard let geometry = feature.geometry else {
                withoutGeometry += 1
                continue
            }
            coordinates += geometry.coordinateCount
            box.formUnion(geometry.envelope)
            kinds[geometry.kind.name, default: 0] += 1
        }
        let name = layer.layer
        if let count = layer.feature_count { #expect(records == count, "\(name)") }
        #expect(reader.expectedCount == records, "\(name)")
        if let fields = layer.fields {
            #expect(Set(reader.schema.fields.map(\.name)) == Set(fields.keys), "\(name)")
            for field in reader.schema.fields {
                let type = try #require(fields[field.name])
                #expect(Self.kinds(gdal: type).contains(field.kind), "\(name).\(field.name): \(field.kind) and \(type)")
            }
        }
        if let crs = layer.crs, crs.count == 2 { #expect(reader.declaredCRS == .identifier("\(crs[0]):\(crs[1])"), "\(name)") }
        if let types = layer.geometry_types { #expect(kinds == types.filter { $0.key != "nan" }, "\(name)") }
        if let count = layer.n_coordinates { #expect(coordinates == count && rejected == 0, "\(name)") }
        if let bounds = layer.total_bounds?.compactMap({ $0 }), bounds.count == 4 {
            let expected = Envelope(minX: bounds[0], minY: bounds[1], maxX: bounds[2], maxY: bounds[3])
            #expect(box == expected, "\(name)")
        }
    }

    private static func kinds(gdal type: String) -> [FieldKind] {
        switch type {
        case "int16", "int32", "int64": [.integer, .boolean]
        case "bool": [.boolean]
        // Integers with nulls come out of pandas as floats.
        case "float32", "float64": [.real, .integer]
        case let t where t.hasPrefix("datetime"): [.dateTime, .date]
        default: [.text, .date, .dateTime, .boolean, .integer]
        }
    }

    @Test(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
    func titlesNamesAndIdsOfDongguan() throws {
        let path = Corpora.path("geo-dongguan/dongguan_base.gpkg")
        var options = ReaderOptions()
        options.layer = "towns_4490"
        let reader = try #require(try FeatureFile.open(path: path, options: options).first)
        #expect(reader.declaredCRS == .identifier("EPSG:4490"))
        let name = try #require(reader.schema.index(of: "name"))
        var names: [PropertyValue] = []
        while let record = try reader.next() { names.append(try #require(record.feature).values[name]) }
        #expect(names.count == 35 && names.contains(.text("道滘镇")) && names.contains(.text("高埗镇")))
        options.layer = "nowhere"
        let error = #expect(throws: ReaderError.self) { _ = try FeatureFile.open(path: path, options: options) }
        #expect(error?.code == .optionInvalid && error?.message.contains("towns_4490") == true)
    }

    @Test(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"), arguments: [100, 1000, 5000, 60_000, 200_000])
    func filesCutShortAreNamedAndNeverCrash(bytes: Int) throws {
        let directory = try TemporaryDirectory()
        let whole = try Data(contentsOf: URL(fileURLWithPath: Corpora.path("geo-dongguan/dongguan_base.gpkg")))
        let path = directory.path + "/cut.gpkg"
        try whole.prefix(bytes).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: ReaderError.self) {
            for reader in try FeatureFile.open(path: path) { while try reader.next() != nil {} }
        }
        #expect(error?.message.contains("cut.gpkg") == true, "\(String(describing: error))")
    }

    @Test func rowsBeyondOneFetchViewsAndBinaryColumns() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/t.gpkg"
        do {
            let db = try Connection(path: path, access: .readWriteOrCreate)
            try db.execute(
                """
                CREATE TABLE gpkg_contents (table_name TEXT, data_type TEXT, srs_id INTEGER);
                CREATE TABLE t (id INTEGER PRIMARY KEY, n INTEGER, photo BLOB);
                CREATE VIEW v AS SELECT n FROM t WHERE n % 2 = 0;
                INSERT INTO gpkg_contents VALUES ('t', 'attributes', 0), ('v', 'attributes', 0), ('tiles', 'tiles', 0);
                WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c WHERE x < 1000)
                INSERT INTO t SELECT x * 3, x, x'00' FROM c;
                """)
        }
        let readers = try FeatureFile.open(path: path)
        #expect(readers.count == 2)
        var ids: [Int64] = []
        while let record = try readers[0].next() {
            ids.append(try #require(record.feature).id)
            #expect(record.notices.count == (ids.count == 1 ? 1 : 0))
        }
        #expect(ids == (1...1000).map { Int64($0 * 3) } && readers[0].bytesRead == readers[0].totalBytes)
        #expect(readers[0].schema.fields.map(\.name) == ["n"])
        var rows = 0
        while let record = try readers[1].next() {
            rows += 1
            #expect(record.feature?.id == 0 && record.feature?.values == [.integer(Int64(rows * 2))])
        }
        #expect(rows == 500)
        var options = ReaderOptions()
        options.layer = "tiles"
        let error = #expect(throws: ReaderError.self) { _ = try FeatureFile.open(path: path, options: options) }
        #expect(error?.message.contains("tiles") == true)
    }
}
