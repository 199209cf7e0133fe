import FeatureStore
import Foundation
import SimpleFeatures
import TestSupport
import Testing

extension WholeProgram {
    /// Another city than the one the program ships with.
    struct OtherCityTests {
        let data: DataDirectory

        init() throws { data = try DataDirectory() }

        private static let sources: [(file: String, source: String, layer: String, count: Int)] = [
            ("shenzhen-nanshan-osm-2021.gpkg", "roads", "base.road.main", 1245),
            ("shenzhen-nanshan-osm-2021.gpkg", "buildings", "base.building", 433),
            ("shenzhen-nanshan-osm-2021.gpkg", "water", "base.water", 17),
            ("shenzhen-nanshan-osm-2021.gpkg", "pois", "pois", 235),
            ("macau.gpkg", "streets", "macau.streets", 1297),
            ("macau.gpkg", "parishes", "macau.parishes", 8),
        ]

        @Test(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
        func nanshanAndMacauMakeADataDirectoryOfTheirOwn() async throws {
            let stated = try data.run(
                "city", ["--name", "深圳市", "--name-en", "Shenzhen", "--code", "440300", "--envelope", "113.5,22.1,114.65,22.9"])
            #expect(stated.status == 0 && stated.output.contains("深圳市 Shenzhen 440300"), "\(stated.text)")
            for source in Self.sources {
                let outcome = try data.importing(Corpora.path("geo-prd/" + source.file), source.layer, ["--source-layer", source.source])
                #expect(outcome.status == 0 && outcome.output.contains("stored \(source.count) + 拒绝 rejected 0"), "\(outcome.text)")
            }
            let roads = try await data.features("base.road.main")
            let record = try #require(try await data.record("base.road.main"))
            let name = try #require(record.schema.index(of: "name"))
            #expect(roads.contains { if case .text(let text) = $0.values[name] { text.contains("大道") } else { false } })
            // Where 113.95 east and 22.55 north lie.
            let tile = try data.tile("14/13377/7138")
            #expect(tile.count > 200)
        }

        @Test func anotherCityExpectsItsDataElsewhere() throws {
            let beijing = try data.write("beijing.csv", Sample.table([(116.39, 39.9), (116.4, 39.95)], header: "name,lon,lat"))
            let stray = try data.importing(beijing, "places", ["--crs", "EPSG:4490"])
            #expect(stray.status == 1)
            for part in ["beijing.csv", "km from the city", "--remote", "workmap city"] { #expect(stray.errors.contains(part), "\(part)") }
            let forced = try data.importing(beijing, "places", ["--crs", "EPSG:4490", "--remote"])
            #expect(forced.status == 0, "\(forced.text)")
            let stated = try data.run("city", ["--name", "北京市", "--code", "110000", "--envelope", "115.4,39.4,117.6,41.1"])
            #expect(stated.status == 0, "\(stated.text)")
            // Without a word about the CRS: only degrees bring it to Beijing.
            let known = try data.importing(beijing, "places")
            #expect(known.status == 0 && known.output.contains("crs-concluded"), "\(known.text)")
            let dongguan = try data.write("dongguan.csv", Sample.table([(113.75, 23.0)], header: "name,lon,lat"))
            let far = try data.importing(dongguan, "places", ["--crs", "EPSG:4490"])
            #expect(far.status == 1 && far.errors.contains("km from the city"))
        }

        @Test(arguments: [
            ["--envelope", "1,2,3"], ["--envelope", "114,22,113,23"], ["--envelope", "a,b,c,d"], ["--name", "北京市"],
            ["--envelope", "1,2,3,4", "--code", "12"], ["--envelope", "1,2,3,4"],
        ])
        func aCityThatCannotBeIsMisuse(arguments: [String]) throws {
            let outcome = try data.run("city", arguments)
            #expect(outcome.status == 2 && outcome.errors.contains("such as") || outcome.errors.contains("besides"), "\(outcome.text)")
        }
    }
}
