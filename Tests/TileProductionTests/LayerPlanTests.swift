import Compression
import FeatureStore
import SimpleFeatures
import TileCache
import Tiling
import Testing
import VectorTiles

@testable import TileProduction

/// Which layers appear at which level, what they carry, what is left out and said to be.
@Suite struct LayerPlanTests {
    private func layers(_ level: Int, _ data: TestData) async throws -> [TileLayer] {
        let set = try data.set("w")
        var found: [TileLayer] = []
        for address in try data.block(set, level: level) {
            found += try VectorTileTests.layers(try await VectorTileTests.tile(data, "w", address))
        }
        return found
    }

    @Test func layersAppearFromTheirLevelOn() async throws {
        let data = try await DemoHamlet.shared.value
        for level in [7, 9, 11, 12, 13, 14, 15, 16, 17] {
            for layer in try await layers(level, data) {
                if let definition = data.library.state.layers[layer.name]?.definition {
                    #expect(definition.tiles.levels.contains(level), "\(layer.name) at \(level)")
                    let carried = Set(definition.tiles.rule(level: level)?.fields ?? definition.tiles.fields)
                    #expect(carried.isSuperset(of: layer.keys), "\(layer.name) at \(level) carries \(layer.keys)")
                } else if layer.name.hasSuffix(".label") {
                    let owner = try #require(data.library.state.layers[String(layer.name.dropLast(".label".count))])
                    #expect(owner.definition.tiles.levels.contains(level), "\(layer.name) at \(level)")
                    let carried = Set(owner.definition.tiles.fields + ["area"])
                    #expect(carried.isSuperset(of: layer.keys), "\(layer.name) at \(level) carries \(layer.keys)")
                } else {
                    let owner = try #require(data.library.state.layers[String(layer.name.dropLast(".count".count))])
                    #expect(owner.definition.tiles.aggregate?.levels.contains(level) == true, "\(layer.name) at \(level)")
                }
            }
        }
    }

    @Test func peopleAreCountsAndNeverFew() async throws {
        let data = try await DemoHamlet.shared.value
        let minimum = 5
        var counted: Int64 = 0
        for level in 9...17 {
            for layer in try await layers(level, data) {
                #expect(layer.name != "population", "a person is in a tile of level \(level)")
                guard layer.name == "population.count" else { continue }
                let counts = VectorTileTests.values(of: "count", in: layer)
                #expect(!counts.isEmpty)
                for case .integer(let count) in counts {
                    #expect(count >= minimum, "level \(level)")
                    if level == 13 { counted += count }
                }
            }
        }
        #expect(counted > 100, "\(counted) people at level 13")
    }

    @Test func housesAreCountsUntilTheyAreShown() async throws {
        let data = try await DemoHamlet.shared.value
        for (level, shown, hidden) in [(13, "house.count", "house"), (15, "house.count", "house"), (16, "house", "house.count")] {
            let names = Set(try await layers(level, data).map(\.name))
            #expect(names.contains(shown) && !names.contains(hidden), "level \(level): \(names.sorted())")
        }
    }

    /// Neither the names of sensitive fields nor what the registry holds in them.
    @Test func sensitiveFieldsAreInNoTile() async throws {
        let data = try await DemoHamlet.shared.value
        let definitions = data.library.state.layers.values.map(\.definition)
        let names = Set(definitions.flatMap(\.fields).filter(\.sensitive).map(\.name))
        #expect(names.isSuperset(of: ["citizenId", "phone", "ownerName", "legalPerson"]))
        var secrets: Set<String> = []
        for layer in ["population", "house", "unit"] {
            var query = FeatureQuery(layer: layer, fields: .all)
            query.limit = 500
            let record = try #require(data.library.state.layers[layer]?.record)
            for feature in try await data.library.registry.features(query) {
                for (field, value) in zip(record.schema.fields, feature.values) where field.isSensitive {
                    if case .text(let text) = value, text.utf8.count >= 11 { secrets.insert(text) }
                }
            }
        }
        #expect(secrets.count > 500)
        for level in [9, 13, 16, 17, 18] {
            for layer in try await layers(level, data) {
                // A sensitive name may be an open one of another layer, such as the name of a place.
                let own = Set(data.library.state.layers[layer.name]?.definition.fields.filter(\.sensitive).map(\.name) ?? [])
                #expect(own.isDisjoint(with: layer.keys), "\(layer.name)")
                for case .text(let text) in layer.values { #expect(!secrets.contains(text), "\(layer.name): \(text)") }
            }
        }
    }

    @Test func withheldFacilitiesAreInNoTile() async throws {
        let data = try await DemoHamlet.shared.value
        let withheld: Set<PropertyValue> = Set(["SS0101", "SS0105", "SS0106", "SS0310", "SS0607"].map { .text($0) })
        var seen = 0
        for level in [14, 17, 18] {
            for layer in try await layers(level, data) where layer.name == "facility" {
                let types = VectorTileTests.values(of: "typeCode", in: layer)
                seen += types.count
                #expect(withheld.isDisjoint(with: types), "level \(level)")
            }
        }
        #expect(seen > 100)
    }

    /// A tile's own count is the sum of what its layers say, and every feature that came in is kept or counted.
    @Test(arguments: [12, 14, 15, 16, 17, 18]) func whatIsLeftOutIsCounted(_ level: Int) async throws {
        let data = try await DemoHamlet.shared.value
        let set = try data.set("w")
        let address = try #require(try data.middle(of: "base.building", set: set, level: level))
        let request = TileService.Request(map: "standard", matrixSet: "w", address: address, format: .mvt)
        let (tile, record) = try await data.service().explain(request)
        let onlyInAccounts: Set = [
            ProductionRecorder.Reason.outsideLevel, ProductionRecorder.Reason.notStyled,
            ProductionRecorder.Reason.outsideWindow,
        ]
        var sum: [String: Int] = [:]
        for layer in record.layers {
            var gone = 0
            for (reason, count) in layer.leftOut {
                if reason != "repaired" { gone += count }
                if !onlyInAccounts.contains(reason) { sum[reason, default: 0] += count }
            }
            #expect(layer.considered == layer.kept + gone, "\(layer.name)")
        }
        #expect(sum == tile.leftOut)
        if level == 17 { #expect((tile.leftOut["density"] ?? 0) > 0, "door plates are thinned out at level 17") }
        if level == 15 { #expect((tile.leftOut["filtered"] ?? 0) > 0, "small facilities wait for their level") }
    }

    /// The city's border has fewer vertices in the tile that shows all of it than in the registry.
    @Test func bordersAreGeneralisedAtCoarseLevels() async throws {
        let data = try await DemoHamlet.shared.value
        let city = try #require(data.library.state.layers["admin.city"]?.prepared)
        let kept = try await layers(7, data).filter { $0.name == "admin.city" }.map { $0.coordinates.count / 2 }.max()
        #expect(try #require(kept) * 2 < city.vertexCount)
    }
}
