import Foundation
import Reprojection
import SimpleFeatures
import Testing
import Wording

@testable import FeatureStore

struct LayerImporterTests {
    static let city = Envelope(minX: 113.5, minY: 22.64, maxX: 114.28, maxY: 23.16)
    let directory: TemporaryDirectory
    let registry: GeoPackageRegistry

    init() throws {
        directory = try TemporaryDirectory()
        registry = try GeoPackageRegistry(directory: directory.path)
    }

    /// Gives prepared records.
    final class RecordReader: FeatureReader {
        let schema: FeatureSchema
        let declaredCRS: DeclaredCRS
        let format = SourceFormat.csv
        let sourceName: String
        var expectedCount: Int? { records.count }
        let totalBytes: Int64? = nil
        let bytesRead: Int64 = 0
        private let records: [ReadRecord]
        private var position = 0
        private let failsAt: Int?

        init(_ name: String, crs: DeclaredCRS, schema: FeatureSchema, records: [ReadRecord], failsAt: Int? = nil) {
            sourceName = name
            declaredCRS = crs
            self.schema = schema
            self.records = records
            self.failsAt = failsAt
        }

        func next() throws(ReaderError) -> ReadRecord? {
            if position == failsAt { throw ReaderError(code: .contentDamaged, message: "\(sourceName): cut short at record \(position)") }
            guard position < records.count else { return nil }
            position += 1
            return records[position - 1]
        }
    }

    final class CountingSink: ImportSink {
        var calls: [String] = []
        var stored = 0
        func begin(_ definition: LayerDefinition, version: Int64) async throws { calls.append("begin") }
        func take(_ features: [Feature]) async throws { stored += features.count }
        func finish() async throws { calls.append("finish") }
        func commit(_ record: LayerRecord) async throws { calls.append("commit \(record.featureCount)") }
        func abort() async { calls.append("abort") }
    }

    static let schema = FeatureSchema(fields: [Field(name: "名称", kind: .text), Field(name: "层数", kind: .integer)])

    static func record(_ n: Int, _ geometry: Geometry?, id: Int64 = 0, floors: PropertyValue = .integer(3)) -> ReadRecord {
        ReadRecord(
            location: SourceLocation(.line(n)),
            outcome: .feature(Feature(id: id, geometry: geometry, values: [.text("高埗\(n)"), floors])))
    }

    static func ring(_ positions: [(Double, Double)]) -> Geometry {
        .polygon(Polygon(rings: [positions.map { Coordinate(x: 113.75 + $0.0 / 1000, y: 23 + $0.1 / 1000) }]))
    }

    @Test func theSumHoldsAndNothingIsLostSilently() async throws {
        let bad = Diagnostic(key: "columns-missing", reason: .init(zh: "过短。", en: "Too short."), suggestion: .init(zh: "请补上。", en: "Add them."))
        let records = [
            Self.record(1, Self.ring([(0, 0), (1, 0), (1, 1), (0, 0)]), id: 7),
            Self.record(2, Self.ring([(0, 0), (1, 0), (1, 1)]), id: 7),
            Self.record(3, Self.ring([(0, 0), (1, 1), (1, 0), (0, 1), (0, 0)])),
            Self.record(4, Self.ring([(0, 0), (.nan, 0), (1, 1), (0, 0)])),
            Self.record(5, Self.ring([(0, 0), (1, 1), (0, 0)])),
            Self.record(6, nil, floors: .text("三")),
            ReadRecord(location: SourceLocation(.line(7)), outcome: .rejected([bad])),
            Self.record(8, .point(Coordinate(x: 113.75, y: 23)), id: 5, floors: .text("12")),
        ]
        let sink = CountingSink()
        var request = ImportRequest(layer: "house", title: "房屋", cityEnvelope: Self.city)
        request.sensitiveFields = ["层数"]
        let importer = LayerImporter(registry: registry, request: request, sinks: [sink])
        let report = try await importer.run([
            RecordReader("a.csv", crs: .identifier("EPSG:4490"), schema: Self.schema, records: records)
        ])
        #expect(report.recordsIn == 8 && report.featuresStored == 5 && report.recordsRejected == 3)
        #expect(report.recordsIn == report.featuresStored + report.recordsRejected)
        #expect(Set(report.rejections.map(\.key)) == ["coordinate-not-finite", "columns-missing", "geometry-irreparable"])
        #expect(Set(report.repairs.map(\.key)) == ["ring-closed", "self-intersection"])
        #expect(report.rejections.first { $0.key == "columns-missing" }?.examples.first?.place == "line 7")
        #expect(report.notices.map(\.key) == ["value-not-of-kind"])
        #expect(report.notices[0].examples[0].value == nil, "the value of a sensitive field is in the report")
        #expect(report.identifiersAssigned == 3 && report.featuresWithoutGeometry == 1)
        #expect(sink.calls == ["begin", "finish", "commit 5"] && sink.stored == 5)
        let features = try await registry.features(FeatureQuery(layer: "house", fields: .all))
        #expect(features.map(\.id) == [5, 7, 8, 9, 10])
        #expect(features[0].values == [.text("高埗8"), .integer(12)])
        let record = try #require(try await registry.layer("house"))
        #expect(record.crs == .cgcs2000 && record.title == "房屋" && record.schema.fields[1].isSensitive && record.geometry == .mixed)
        let stored = try JSONDecoder().decode(ImportReport.self, from: Data(try #require(record.reportJSON).utf8))
        #expect(stored.featuresStored == 5 && stored.version == record.version)
        #expect(report.text.contains("records in 8 = 入库 stored 5 + 拒绝 rejected 3"))
    }

    @Test func aSourceThatBreaksOffLeavesTheLayerAsItWas() async throws {
        let records = (1...3_000).map { Self.record($0, .point(Coordinate(x: 113.75, y: 23)), id: Int64($0)) }
        let request = ImportRequest(layer: "p", cityEnvelope: Self.city)
        func reader(_ count: Int, failsAt: Int? = nil) -> RecordReader {
            RecordReader("p.csv", crs: .identifier("4490"), schema: Self.schema, records: Array(records.prefix(count)), failsAt: failsAt)
        }
        _ = try await LayerImporter(registry: registry, request: request).run([reader(10)])
        let before = try await registry.layer("p")
        let sink = CountingSink()
        let error = await #expect(throws: ImportError.self) {
            try await LayerImporter(registry: registry, request: request, sinks: [sink]).run([reader(3_000, failsAt: 2_500)])
        }
        #expect(error?.code == .sourceUnreadable && error?.message.contains("2500") == true && sink.calls == ["begin", "abort"])
        #expect(try await registry.layer("p") == before)
        _ = try await LayerImporter(registry: registry, request: request).run([reader(3_000)])
        #expect(try await registry.layer("p")?.featureCount == 3_000)
    }

    @Test func nothingStorableLeavesTheLayerAsItWas() async throws {
        let request = ImportRequest(layer: "p", cityEnvelope: Self.city)
        let reader = RecordReader(
            "p.csv", crs: .identifier("4490"), schema: Self.schema, records: [Self.record(1, .point(Coordinate(x: .nan, y: 1)))])
        let error = await #expect(throws: ImportError.self) { try await LayerImporter(registry: registry, request: request).run([reader]) }
        #expect(error?.code == .everythingRejected && error?.report?.recordsRejected == 1)
        #expect(try await registry.layers().isEmpty)
    }

    @Test func swappedAxesAreNamedBeforeAnythingIsStored() async throws {
        let reader = RecordReader(
            "p.csv", crs: .identifier("EPSG:4490"), schema: Self.schema,
            records: [Self.record(1, .point(Coordinate(x: 23, y: 113.75)))])
        let request = ImportRequest(layer: "p", cityEnvelope: Self.city)
        let error = await #expect(throws: ImportError.self) { try await LayerImporter(registry: registry, request: request).run([reader]) }
        #expect(error?.code == .crsImplausible && error?.message.contains("swap") == true)
    }

    @Test func severalSourcesBecomeOneLayer() async throws {
        let plane = try CoordinateOperation(from: .cgcs2000, to: .gk114, policy: DatumPolicy())
        let place = Coordinate(x: 113.75, y: 23)
        let carried = plane.transform(place)
        let projected = try #require(carried)
        let other = FeatureSchema(fields: [Field(name: "层数", kind: .real), Field(name: "备注", kind: .text)])
        let readers: [any FeatureReader] = [
            RecordReader("a.csv", crs: .identifier("4547"), schema: Self.schema, records: [Self.record(1, .point(projected), id: 1)]),
            RecordReader(
                "b.csv", crs: .identifier("4490"), schema: other,
                records: [ReadRecord(
                    location: SourceLocation(.line(1)),
                    outcome: .feature(Feature(id: 1, geometry: .point(place), values: [.real(2.5), .text("x")])))]),
        ]
        let report = try await LayerImporter(registry: registry, request: ImportRequest(layer: "p", cityEnvelope: Self.city)).run(readers)
        #expect(report.identifiersAssigned == 1 && report.crs == "EPSG:4547")
        let features = try await registry.features(FeatureQuery(layer: "p"))
        #expect(features.map(\.values) == [[.text("高埗1"), .real(3), .null], [.null, .real(2.5), .text("x")]])
        guard case .point(let a) = features[0].geometry, case .point(let b) = features[1].geometry else {
            Issue.record("points became something else")
            return
        }
        #expect(abs(a.x - b.x) < 1e-6 && abs(a.y - b.y) < 1e-6)
    }

    @Test func identifiersAreKeptWhereTheyCan() {
        var allocation = IdentifierAllocation()
        let given = [5, 6, 6, 2, 2, 0, -1, 100, 7, .max, .max, 1].map { allocation.allocate($0) }
        #expect(given == [5, 6, 7, 2, 8, 9, 10, 100, 101, .max, 1, 3])
        #expect(Set(given).count == given.count)
    }
}
