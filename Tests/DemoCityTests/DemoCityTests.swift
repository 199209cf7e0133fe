import FeatureStore
import Foundation
import Reprojection
import SimpleFeatures
import Testing
import Topology

@testable import DemoCity

struct DemoCityTests {
    /// The tables that ship with the program.
    private static let tables: String = {
        var project = URL(filePath: #filePath)
        for _ in 0..<3 { project.deleteLastPathComponent() }
        return project.appending(path: "Tiles/demo").path
    }()

    private final class Made {
        let path: String
        let manifest: DemoManifest

        init(seed: UInt64) throws {
            path = FileManager.default.temporaryDirectory.appending(path: "workmap-demo-\(UUID().uuidString)").path
            manifest = try DemoCity.generate(scale: .hamlet, seed: seed, tables: DemoCityTests.tables, into: path)
        }

        deinit {
            do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
        }

        func files() throws -> [String: Data] {
            var files: [String: Data] = [:]
            for name in try FileManager.default.contentsOfDirectory(atPath: path) {
                files[name] = try Data(contentsOf: URL(filePath: path + "/" + name))
            }
            return files
        }

        /// All records of a layer of the manifest, its fields and CRS.
        func read(_ layer: String) throws -> (features: [Feature], schema: FeatureSchema, crs: CRS?) {
            let source = try #require(manifest.sources.first { $0.layer == layer })
            let readers = try FeatureFile.open(path: path + "/" + source.file, options: ReaderOptions(layer: source.sourceLayer))
            let reader = try #require(readers.first)
            var features: [Feature] = []
            while let record = try reader.next() { features.append(try #require(record.feature)) }
            #expect(features.count == source.featureCount, "\(layer)")
            let crs: CRS? =
                switch reader.declaredCRS {
                case .none: try source.crs.map { try CRS($0) }
                case .identifier(let name): try CRS(name)
                case .wkt(let text): try CRS.identify(wkt: text)
                }
            return (features, reader.schema, crs)
        }

        /// Areas in EPSG:4547.
        func areas(_ layer: String) throws -> [(feature: Feature, schema: FeatureSchema)] {
            let (features, schema, crs) = try read(layer)
            let toPlane = try CoordinateOperation(from: try #require(crs), to: .gk114, policy: DatumPolicy())
            return try features.map { feature in
                var moved = feature
                let geometry = try #require(feature.geometry)
                moved.geometry = toPlane.transform(geometry)
                return (moved, schema)
            }
        }
    }

    @Test func theSameSeedGivesTheSameBytesAndAnotherOneOthers() throws {
        let (first, second, other) = (try Made(seed: 7).files(), try Made(seed: 7).files(), try Made(seed: 8).files())
        #expect(first.keys.sorted() == second.keys.sorted() && first.keys.sorted() == other.keys.sorted())
        for (name, bytes) in first {
            #expect(second[name] == bytes, "\(name)")
            // Encoding and projection are the same whatever the city.
            if name.hasSuffix(".cpg") || name.hasSuffix(".prj") { continue }
            #expect(other[name] != bytes, "\(name)")
        }
    }

    @Test func everyKindOfFileAndLayerIsThere() throws {
        let made = try Made(seed: 441_900)
        let endings = Set(made.manifest.sources.map { $0.file.split(separator: ".").last.map(String.init) ?? "" })
        #expect(endings == ["gpkg", "shp", "csv", "ndjson", "geojson", "tif"])
        for source in made.manifest.sources where !source.file.hasSuffix(".tif") { #expect(try made.read(source.layer).features.count > 0, "\(source.layer)") }
        let towns = try made.read("admin.town")
        let name = try #require(towns.schema.index(of: "name"))
        #expect(towns.features.count == 36)
        #expect(Set(towns.features.map { $0.values[name] }).isSuperset(of: [.text("道滘镇"), .text("高埗镇")]))
        let kinds = Set(try made.read("facility").features.compactMap(\.geometry?.kind))
        #expect(kinds == [.point, .lineString, .polygon])
    }

    @Test(arguments: ["admin.town", "admin.village", "grid.basic", "grid.unit"])
    func districtsCoverWithoutGapsAndOverlaps(layer: String) throws {
        let polygons = try Made(seed: 441_900).areas(layer).compactMap(\.feature.geometry)
        let topology = try TopologyContext()
        // Degrees are written to nine decimals, a tenth of a millimetre.
        let problems = try topology.coverageProblems(of: polygons, minimumArea: layer.hasPrefix("admin") ? 0.5 : 0)
        #expect(problems.isEmpty, "\(problems.map { "\($0.kind) \($0.area) m2" })")
    }

    @Test func gridsNestInCommunitiesAndThoseInTowns() throws {
        let made = try Made(seed: 441_900)
        let topology = try TopologyContext()
        func sums(_ layer: String, digits: Int, field: String = "code") throws -> [String: Double] {
            var sums: [String: Double] = [:]
            for (feature, schema) in try made.areas(layer) {
                guard case .text(let code) = feature.values[try #require(schema.index(of: field))] else { continue }
                sums[String(code.prefix(digits)), default: 0] += try topology.area(of: try #require(feature.geometry))
            }
            return sums
        }
        let (grids, communities) = (try sums("grid.basic", digits: 12), try sums("admin.village", digits: 12))
        #expect(Set(grids.keys) == Set(communities.keys))
        for (code, area) in communities { #expect(abs((grids[code] ?? 0) - area) < 1, "community \(code)") }
        let (parts, towns) = (try sums("admin.village", digits: 9), try sums("admin.town", digits: 9))
        #expect(Set(parts.keys) == Set(towns.keys))
        for (code, area) in towns { #expect(abs((parts[code] ?? 0) - area) < 5, "town \(code)") }
        let city = try made.areas("admin.city").reduce(0) { try $0 + topology.area(of: try #require($1.feature.geometry)) }
        #expect(abs(towns.values.reduce(0, +) - city) < 50)
    }

    @Test func identitiesBelongToNobody() throws {
        let (persons, schema, _) = try Made(seed: 441_900).read("population")
        let (number, birth, phone) = (
            try #require(schema.index(of: "citizenId")), try #require(schema.index(of: "birthDate")), try #require(schema.index(of: "phone"))
        )
        #expect(persons.count > 500)
        for person in persons {
            guard case .text(let id) = person.values[number], case .text(let born) = person.values[birth] else {
                Issue.record("person \(person.id) has no number")
                continue
            }
            // Area 999999 is no area, and nobody is born in 2099.
            #expect(id.hasPrefix("9999992099") && id.count == 18 && born.hasPrefix("2099-"))
            #expect(Self.isChecked(id), "\(id)")
            switch person.values[phone] {
            case .text(let digits): #expect(digits.hasPrefix("1990000"))
            case .integer(let digits): #expect("\(digits)".hasPrefix("1990000"))
            default: Issue.record("person \(person.id) has no telephone number")
            }
        }
    }

    /// ISO 7064 MOD 11-2 by its recursive form: the whole number is 1 modulo 11.
    private static func isChecked(_ id: String) -> Bool {
        var sum = 0
        for character in id { sum = (sum * 2 + (character == "X" ? 10 : character.wholeNumberValue ?? 11)) % 11 }
        return sum == 1
    }

    @Test func theSeaLiesOutsideTheCityAndReachesBeyondTheView() throws {
        let made = try Made(seed: 441_900)
        let topology = try TopologyContext()
        let (water, schema, _) = try made.read("base.water")
        let kind = try #require(schema.index(of: "kind"))
        let sea = water.filter { $0.values[kind] == .text("海域") }.compactMap(\.geometry)
        let city = try #require(try made.areas("admin.city").first?.feature.geometry)
        #expect(!sea.isEmpty)
        for area in sea {
            let fault = topology.validity(of: area)
            #expect(fault == nil)
            let flooded = try topology.area(of: topology.intersection(area, city))
            #expect(flooded == 0)
        }
        let box = sea.reduce(into: Envelope.empty) { $0.formUnion($1.envelope) }
        // A screen of 1,920 by 1,080 pixels at level 8 spans about 1,080 by 610 kilometres.
        #expect(box.minX < -50_000 && box.maxX > 1_050_000 && box.minY < 2_240_000)
        let around = try made.areas("base.land").compactMap(\.feature.geometry)
        #expect(around.count == 2)
        for area in sea {
            let shared = try topology.area(of: topology.intersection(area, around[1]))
            #expect(shared < 100, "sea and land share \(shared) m2")
        }
    }

    @Test func anUnknownTownIsNamed() throws {
        let directory = FileManager.default.temporaryDirectory.path
        let error = #expect(throws: DemoError.self) {
            _ = try DemoCity.generate(scale: .hamlet, seed: 1, town: "123", tables: Self.tables, into: directory)
        }
        #expect(error?.message.contains("123") == true)
    }
}
