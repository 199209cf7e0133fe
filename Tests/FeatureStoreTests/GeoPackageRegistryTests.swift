import Foundation
import Reprojection
import SQLite
import SimpleFeatures
import TestSupport
import Testing
import Wording

@testable import FeatureStore

struct GeoPackageRegistryTests {
    let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
    }

    static let schema = FeatureSchema(fields: [
        Field(name: "name", kind: .text, title: "名称"), Field(name: "Name", kind: .integer),
        Field(name: "height", kind: .real), Field(name: "rented", kind: .boolean), Field(name: "built", kind: .date),
        Field(name: "seen", kind: .dateTime), Field(name: "owner", kind: .text, title: "产权人", isSensitive: true),
    ])

    static func definition(_ id: String, crs: CRS? = .gk114) -> LayerDefinition {
        LayerDefinition(id: id, title: "建筑物", crs: crs, schema: schema, sourceNames: ["a.gpkg"])
    }

    /// A square of side `side` with its lower left corner at (x, y).
    static func square(_ x: Double, _ y: Double, side: Double = 10) -> Geometry {
        .polygon(Polygon(rings: [[
            Coordinate(x: x, y: y), Coordinate(x: x + side, y: y), Coordinate(x: x + side, y: y + side),
            Coordinate(x: x, y: y + side), Coordinate(x: x, y: y),
        ]]))
    }

    static func feature(_ id: Int64, _ geometry: Geometry?) -> Feature {
        Feature(id: id, geometry: geometry, values: [
            .text("道滘\(id)'\""), .integer(id * 2), .real(Double(id) / 3), .boolean(id % 2 == 0), .text("2018-05-09"),
            .text("2018-05-09T08:00:00Z"), .text("secret"),
        ])
    }

    /// Squares on a lattice, `columns` wide.
    static func lattice(_ count: Int, columns: Int = 100) -> [Feature] {
        (0..<count).map { (index: Int) -> Feature in
            let x = 480_000 + Double(index % columns) * 20
            let y = 2_530_000 + Double(index / columns) * 20
            return feature(Int64(index + 1), square(x, y))
        }
    }

    func store(_ id: String, _ features: [Feature], crs: CRS? = .gk114, in registry: GeoPackageRegistry) async throws -> LayerRecord {
        let writer = try await registry.beginReplacement(of: Self.definition(id, crs: crs))
        try await writer.append(features)
        return try await writer.commit(reportJSON: "{}")
    }

    /// Whatever narrows a query, its ids are those of its features.
    @Test func identifiersAreThoseOfTheMatchingFeatures() async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        _ = try await store("base.building", Self.lattice(2000) + [Self.feature(5000, nil)], in: registry)
        var queries: [FeatureQuery] = [FeatureQuery(layer: "base.building")]
        for step in 0..<12 {
            let corner = Coordinate(x: 479_990 + Double(step) * 157, y: 2_529_990 + Double(step) * 31)
            let box = Envelope(minX: corner.x, minY: corner.y, maxX: corner.x + 415, maxY: corner.y + 205)
            queries.append(FeatureQuery(layer: "base.building", envelope: box))
            queries.append(
                FeatureQuery(layer: "base.building", envelope: box, filters: [PropertyFilter(field: "rented", value: .boolean(true))]))
            queries.append(FeatureQuery(layer: "base.building", envelope: box, ids: [1, 9999, 700, 3, 512, 5000, 41]))
        }
        queries.append(FeatureQuery(layer: "base.building", filters: [PropertyFilter(field: "Name", value: .integer(24))]))
        queries.append(FeatureQuery(layer: "base.building", ids: [7, 7, 6000, 2]))
        for query in queries {
            let features = try await registry.features(query)
            #expect(try await registry.identifiers(query) == features.map(\.id))
            #expect(try await registry.count(query) == features.count)
        }
        let found = try await registry.identifiers(queries[1])
        #expect(found.count > 100 && found.count < 2000)
    }

    @Test func featuresComeBackAsTheyWereStored() async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        let features = Self.lattice(300) + [Self.feature(1000, nil)]
        let record = try await store("base.building", features, in: registry)
        #expect(record.featureCount == 301 && record.geometry == .only(.polygon))
        #expect(record.envelope == Envelope(minX: 480_000, minY: 2_530_000, maxX: 481_990, maxY: 2_530_050))
        #expect(try await registry.layers() == [record])
        #expect(try await registry.features(FeatureQuery(layer: "base.building", fields: .all)) == features)
        let reopened = try GeoPackageRegistry(directory: directory.path)
        #expect(try await reopened.layer("base.building") == record)
    }

    @Test func sensitiveFieldsStayInside() async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        _ = try await store("house", [Self.feature(1, nil)], in: registry)
        let features = try await registry.features(FeatureQuery(layer: "house"))
        #expect(features[0].values[6] == .null && features[0].values[0] == .text("道滘1'\""))
        let byOwner = FeatureQuery(layer: "house", filters: [PropertyFilter(field: "owner", value: .text("secret"))])
        let filterError = await #expect(throws: RegistryError.self) { try await registry.count(byOwner) }
        #expect(filterError?.code == .fieldSensitive)
        let chosen = FeatureQuery(layer: "house", fields: .some([6]))
        let fieldError = await #expect(throws: RegistryError.self) { try await registry.features(chosen) }
        #expect(fieldError?.code == .fieldSensitive)
    }

    @Test(arguments: 1...20) func boxesFindWhatAScanFinds(seed: UInt64) async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        var random = SeededGenerator(seed: seed)
        let features = (1...2_000).map { id in
            Self.feature(
                Int64(id),
                Self.square(
                    .random(in: 448_000...528_000, using: &random), .random(in: 2_504_000...2_562_000, using: &random),
                    side: .random(in: 1...3_000, using: &random)))
        }
        _ = try await store("b", features.shuffled(using: &random), in: registry)
        for _ in 0..<10 {
            let x = Double.random(in: 448_000...528_000, using: &random)
            let y = Double.random(in: 2_504_000...2_562_000, using: &random)
            let side = Double.random(in: 0...20_000, using: &random)
            let box = Envelope(minX: x, minY: y, maxX: x + side, maxY: y + side)
            let expected = features.filter { $0.geometry?.envelope.intersects(box) == true }.map(\.id)
            let query = FeatureQuery(layer: "b", envelope: box)
            #expect(try await registry.features(query).map(\.id) == expected, "seed \(seed)")
            #expect(try await registry.count(query) == expected.count, "seed \(seed)")
        }
    }

    @Test func boxesLookAtTheGeometryAndNotItsEnvelope() async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        let diagonal = Geometry.lineString([Coordinate(x: 0, y: 0), Coordinate(x: 100, y: 100)])
        let ring = Geometry.polygon(Polygon(rings: [
            [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)].map { Coordinate(x: $0.0, y: $0.1) },
            [(10, 10), (90, 10), (90, 90), (10, 90), (10, 10)].map { Coordinate(x: $0.0, y: $0.1) },
        ]))
        _ = try await store("g", [Self.feature(1, diagonal), Self.feature(2, ring)], in: registry)
        func ids(_ box: Envelope) async throws -> [Int64] {
            try await registry.features(FeatureQuery(layer: "g", envelope: box)).map(\.id)
        }
        #expect(try await ids(Envelope(minX: 60, minY: 20, maxX: 80, maxY: 40)) == [])
        #expect(try await ids(Envelope(minX: 45, minY: 40, maxX: 55, maxY: 60)) == [1])
        #expect(try await ids(Envelope(minX: 92, minY: 5, maxX: 95, maxY: 8)) == [2])
        #expect(try await ids(Envelope(minX: -1, minY: -1, maxX: 101, maxY: 101)) == [1, 2])
        #expect(try await ids(Envelope(minX: 100, minY: 100, maxX: 101, maxY: 101)) == [1, 2])
        #expect(try await ids(Envelope(minX: 101, minY: 101, maxX: 102, maxY: 102)) == [])
    }

    @Test func pagesFollowOneAnother() async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        let record = try await store("b", Self.lattice(500), in: registry)
        for envelope in [nil, Envelope(minX: 480_000, minY: 2_530_000, maxX: 480_500, maxY: 2_530_100)] {
            var query = FeatureQuery(layer: "b", envelope: envelope, filters: [PropertyFilter(field: "rented", value: .boolean(true))])
            query.version = record.version
            let all = try await registry.features(query).map(\.id)
            #expect(try await registry.count(query) == all.count)
            query.limit = 7
            var paged: [Int64] = []
            while true {
                let page = try await registry.features(query).map(\.id)
                #expect(page.count <= 7)
                guard let last = page.last else { break }
                paged += page
                query.after = last
            }
            #expect(paged == all && !all.isEmpty && all.allSatisfy { $0 % 2 == 0 })
        }
    }

    @Test func filtersMatchValuesAndNulls() async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        var blank = Self.feature(4, nil)
        blank.values = Array(repeating: .null, count: 7)
        _ = try await store("t", [Self.feature(1, nil), Self.feature(2, nil), blank], crs: nil, in: registry)
        func ids(_ field: String, _ value: PropertyValue) async throws -> [Int64] {
            try await registry.features(FeatureQuery(layer: "t", filters: [PropertyFilter(field: field, value: value)])).map(\.id)
        }
        #expect(try await ids("name", .text("道滘2'\"")) == [2])
        #expect(try await ids("Name", .integer(2)) == [1])
        #expect(try await ids("seen", .text("2018-05-09T08:00:00Z")) == [1, 2])
        #expect(try await ids("name", .null) == [4])
        let query = FeatureQuery(layer: "t", ids: [4, 2, 99, 2])
        #expect(try await registry.features(query).map(\.id) == [2, 4])
        let error = await #expect(throws: RegistryError.self) { _ = try await ids("nom", .null) }
        #expect(error?.code == .fieldUnknown && error?.message.zh.contains("name") == true && error?.message.en.contains("name") == true)
    }

    @Test func exclusionsKeepTheirFeaturesOutOfRowsAndCounts() async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        var blank = Self.feature(4, Self.square(480_000, 2_530_000))
        blank.values = Array(repeating: .null, count: 7)
        let features = (1...3).map { Self.feature($0, Self.square(480_000, 2_530_000)) } + [blank]
        _ = try await store("t", features, in: registry)
        for envelope in [nil, Envelope(minX: 480_001, minY: 2_530_001, maxX: 480_002, maxY: 2_530_002)] {
            var query = FeatureQuery(layer: "t", envelope: envelope)
            query.exclusions = [PropertyExclusion(field: "Name", values: [.integer(2), .integer(6)])]
            #expect(try await registry.features(query).map(\.id) == [2, 4], "a feature without a value stays")
            #expect(try await registry.count(query) == 2)
            query.exclusions = [PropertyExclusion(field: "owner", values: [.text("secret")])]
            #expect(try await registry.features(query).map(\.id) == [4], "a rule may look at a sensitive field")
            query.exclusions = [PropertyExclusion(field: "unknown", values: [.text("x")])]
            #expect(try await registry.count(query) == 4, "a rule about a field that is not there excludes nothing")
        }
    }

    @Test func aReplacementIsSeenAtItsCommitAndNotBefore() async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        let first = try await store("b", Self.lattice(100), in: registry)
        let before = try await registry.changeCount()
        let writer = try await registry.beginReplacement(of: Self.definition("b"))
        try await writer.append(Self.lattice(50))
        #expect(try await registry.layer("b") == first)
        #expect(try await registry.changeCount() == before)
        // A reader inside its snapshot keeps the former version through the commit.
        let old = try Connection(path: registry.path, access: .readOnly)
        try old.execute("BEGIN")
        let seenBefore = try old.integer("SELECT count(*) FROM b")
        let second = try await writer.commit(reportJSON: nil)
        let seenAfter = try old.integer("SELECT count(*) FROM b")
        try old.execute("COMMIT")
        let seenLater = try old.integer("SELECT count(*) FROM b")
        #expect(seenBefore == 100 && seenAfter == 100 && seenLater == 50)
        #expect(second.version > first.version && second.contentHash != first.contentHash)
        #expect(try await registry.changeCount() != before)
        var query = FeatureQuery(layer: "b")
        query.version = first.version
        let error = await #expect(throws: RegistryError.self) { try await registry.features(query) }
        #expect(error?.code == .versionChanged)
        let third = try await store("b", Self.lattice(50), in: registry)
        #expect(third.contentHash == second.contentHash && third.version > second.version)
    }

    @Test func whatAKilledImportLeavesIsClearedByTheNext() async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        let first = try await store("b", Self.lattice(100), in: registry)
        do {
            // Dropped without commit or abort, as a killed process would leave it.
            let writer = try await registry.beginReplacement(of: Self.definition("b"))
            try await writer.append(Self.lattice(80))
        }
        #expect(try tables(registry).contains { $0.hasPrefix("b__v") })
        #expect(try await registry.layer("b") == first)
        _ = try await store("c", Self.lattice(10), in: registry)
        #expect(try !tables(registry).contains { $0.contains("b__v") })
        let writer = try await registry.beginReplacement(of: Self.definition("b"))
        try await writer.append(Self.lattice(80))
        try await writer.abort()
        #expect(try !tables(registry).contains { $0.contains("__v") })
        #expect(try await registry.features(FeatureQuery(layer: "b")).count == 100)
        let error = await #expect(throws: RegistryError.self) { try await writer.append([]) }
        #expect(error?.code == .writerFinished)
    }

    @Test func oneImportAtATime() async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        let writer = try await registry.beginReplacement(of: Self.definition("b"))
        let error = await #expect(throws: RegistryError.self) { _ = try await registry.beginReplacement(of: Self.definition("c")) }
        #expect(error?.code == .busy)
        try await writer.abort()
    }

    @Test func repeatedIdentifiersAreRefused() async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        let writer = try await registry.beginReplacement(of: Self.definition("b"))
        let error = await #expect(throws: RegistryError.self) { try await writer.append([Self.feature(1, nil), Self.feature(1, nil)]) }
        #expect(error?.code == .identifierInvalid)
        try await writer.abort()
    }

    @Test(arguments: ["", "gpkg_x", "rtree_x", "1a", "a b", "a\"b", "workmap_layers", "a;b", "/etc"])
    func idsThatCannotBeTablesAreRefused(id: String) async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        let error = await #expect(throws: RegistryError.self) { _ = try await registry.beginReplacement(of: Self.definition(id)) }
        #expect(error?.code == .layerInvalid)
    }

    @Test func removedLayersAreGone() async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        _ = try await store("b", Self.lattice(60), in: registry)
        try await registry.removeLayer("b")
        #expect(try await registry.layers().isEmpty)
        #expect(try !tables(registry).contains { $0.contains("rtree_b") || $0 == "b" })
        let error = await #expect(throws: RegistryError.self) { try await registry.count(FeatureQuery(layer: "b")) }
        #expect(error?.code == .layerUnknown)
    }

    @Test func anotherProgramsFileIsLeftAlone() async throws {
        let path = directory.path + "/registry.gpkg"
        let other = try Connection(path: path, access: .readWriteOrCreate)
        try other.execute("CREATE TABLE t (a)")
        let error = #expect(throws: RegistryError.self) { _ = try GeoPackageRegistry(directory: directory.path) }
        #expect(error?.code == .notARegistry)
    }

    @Test(arguments: [1, 51, 52, 51 * 51, 51 * 51 + 1, 20_000])
    func packedTreesPassTheModulesOwnCheck(count: Int) async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        _ = try await store("b", Self.lattice(count), in: registry)
        let connection = try Connection(path: registry.path, access: .readWrite)
        let verdict = try connection.text("SELECT rtreecheck('rtree_b_geom')")
        #expect(verdict == "ok")
        let findings = try connection.quickCheck()
        #expect(findings.isEmpty)
        // The module itself goes on from what was packed.
        try connection.execute("INSERT INTO rtree_b_geom VALUES (1000000, 0, 1, 0, 1); DELETE FROM rtree_b_geom WHERE id <= 40")
        let after = try connection.text("SELECT rtreecheck('rtree_b_geom')")
        #expect(after == "ok")
    }

    @Test(.enabled(if: installed("ogrinfo") != nil, "skipped: ogrinfo (gdal-bin) not installed"))
    func gdalReadsTheRegistryAsItStands() async throws {
        let registry = try GeoPackageRegistry(directory: directory.path)
        _ = try await store("base.building", Self.lattice(60), in: registry)
        _ = try await store("person", [Self.feature(7, nil)], crs: nil, in: registry)
        let pending = try await registry.beginReplacement(of: Self.definition("base.building"))
        try await pending.append(Self.lattice(30))
        let ogrinfo = try #require(installed("ogrinfo"))
        let list = try output(of: ogrinfo, ["-ro", "-q", registry.path])
        #expect(list == "1: base.building (Polygon)\n2: person (None)\n3: workmap_layers (None)\n" || list.contains("base.building (Polygon)"))
        #expect(!list.contains("__v") && !list.contains("ERROR") && !list.contains("Warning"), "\(list)")
        let summary = try output(of: ogrinfo, ["-ro", "-so", registry.path, "base.building"])
        for line in [
            "Geometry: Polygon", "Feature Count: 60", "Extent: (480000.000000, 2530000.000000) - (481190.000000, 2530010.000000)",
            "ID[\"EPSG\",4547]", "FID Column = fid", "Geometry Column = geom", "name: String (0.0)", "rented: Integer(Boolean)",
            "built: Date", "seen: DateTime",
        ] { #expect(summary.contains(line), "\(line) in \(summary)") }
        let rows = try output(of: ogrinfo, ["-ro", "-q", registry.path, "base.building", "-spat", "480000", "2530000", "480005", "2530005"])
        #expect(rows.contains("seen (DateTime) = 2018/05/09 08:00:00+00") && !rows.contains("Warning"))
        try await pending.abort()
    }
}

private func tables(_ registry: GeoPackageRegistry) throws -> [String] {
    let connection = try Connection(path: registry.path, access: .readOnly)
    var names: [String] = []
    try connection.withStatement("SELECT name FROM sqlite_schema") { row in
        while try row.step() { names.append(row.text(at: 0)) }
    }
    return names
}
