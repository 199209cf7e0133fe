import FeatureStore
import HTTPTypes
import Markup
import SimpleFeatures
import Testing
import TileProduction
import Tiling
import VectorTiles

@testable import MapService

/// Nothing that a schema marks as sensitive leaves the service, by whichever door.
@Suite struct SensitiveDataTests {
    /// Every text that is stored in a sensitive field and in no open one: names, telephone numbers, identity numbers.
    /// (Where somebody lives is secret; that the address exists is not.)
    private static func secrets(_ service: ServiceContext) async throws -> Set<String> {
        var secrets: Set<String> = []
        var open: Set<String> = []
        for layer in service.library.state.layersInOrder {
            guard let record = layer.record else { continue }
            for feature in try await service.installation.registry.features(FeatureQuery(layer: record.id, fields: .all)) {
                for (column, field) in record.schema.fields.enumerated() {
                    guard case .text(let text) = feature.values[column], text.utf8.count >= 8 else { continue }
                    if field.isSensitive { secrets.insert(text) } else if layer.definition.isServedByFeature { open.insert(text) }
                }
            }
        }
        return secrets.subtracting(open)
    }

    private static func texts(in value: Any) -> [String] {
        switch value {
        case let text as String: [text]
        case let list as [Any]: list.flatMap { texts(in: $0) }
        case let object as [String: Any]: object.flatMap { [$0.key] + texts(in: $0.value) }
        default: []
        }
    }

    @Test func noResponseCarriesOne() async throws {
        let client = try await Hamlet.client()
        let secrets = try await Self.secrets(client.service)
        #expect(secrets.count > 10_000, "the demo city has persons, owners and telephone numbers")
        for layer in client.service.library.state.layersInOrder where layer.record != nil {
            let id = layer.definition.id
            for target in ["", "/schema", "/queryables", "/report", "/items?limit=10000", "/items/1"] {
                let answer = try await client.ask("/collections/\(id)\(target)")
                guard answer.status == 200 else { continue }
                let leaked = Self.texts(in: try answer.json()).filter(secrets.contains)
                #expect(leaked.isEmpty, "\(id)\(target) shows \(leaked.prefix(3))")
            }
        }
    }

    @Test func noFeatureOfWFSCarriesOne() async throws {
        let client = try await Hamlet.client()
        let secrets = try await Self.secrets(client.service)
        var seen = 0
        for layer in client.service.library.state.layersInOrder where layer.record != nil {
            let answer = try await client.ask("/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=\(layer.definition.id)&OUTPUTFORMAT=application/json")
            guard answer.status == 200 else { continue }
            seen += 1
            let leaked = Self.texts(in: try answer.json()).filter(secrets.contains)
            #expect(leaked.isEmpty, "\(layer.definition.id) shows \(leaked.prefix(3))")
            let gml = try await client.ask("/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&TYPENAMES=\(layer.definition.id)&COUNT=100")
            let document = try MarkupReader.read(try gml.unpacked())
            let texts = document.children.flatMap { $0.children.flatMap { $0.children.map(\.text) } }
            #expect(texts.allSatisfy { !secrets.contains($0) }, "\(layer.definition.id)")
        }
        #expect(seen > 15)
    }

    @Test func noTileCarriesOne() async throws {
        let client = try await Hamlet.client()
        let secrets = try await Self.secrets(client.service)
        let names: Set = ["ownerName", "ownerPhone", "legalPerson", "phone", "citizenId", "personId", "birthDate"]
        var seen = 0
        for target in try Self.tiles(around: Hamlet.centre) {
            let answer = try await client.ask(target)
            guard answer.status == 200 else { continue }
            for layer in try VectorTileDecoder.decode(try answer.unpacked()) {
                seen += layer.features.count
                #expect(names.isDisjoint(with: layer.keys), "\(target) \(layer.name)")
                let leaked = layer.values.filter { if case .text(let text) = $0 { secrets.contains(text) } else { false } }
                #expect(leaked.isEmpty, "\(target) \(layer.name)")
                #expect(layer.name != "population", "persons are counted, never shown")
            }
        }
        #expect(seen > 1000)
    }

    /// The tile of each level that holds the place, and its neighbours at 16 and 18.
    private static func tiles(around place: (longitude: Double, latitude: Double)) throws -> [String] {
        let set = try #require(try TileMatrixSetRegistry(directory: Hamlet.repository + "/Tiles/matrix-sets")["c"])
        var targets: [String] = []
        for level in 8...18 {
            guard let matrix = set.matrix(level: level),
                let address = matrix.address(containing: Coordinate(x: place.longitude, y: place.latitude))
            else { continue }
            let reach = level == 16 || level == 18 ? 1 : 0
            for row in (address.row - reach)...(address.row + reach) {
                for column in (address.column - reach)...(address.column + reach) {
                    targets.append("/wmts/1.0.0/standard/default/c/\(level)/\(row)/\(column).mvt")
                }
            }
        }
        return targets
    }

    @Test(arguments: [("house", "ownerName"), ("house", "ownerPhone"), ("unit", "legalPerson"), ("unit", "phone")])
    func aFilterOnOneIsRefused(layer: String, field: String) async throws {
        let answer = try await Hamlet.client().ask("/collections/\(layer)/items?\(field)=x")
        #expect(answer.status == 400)
        try expectProblem(answer)
        let expected = try #require(try answer.json()["expected"] as? String)
        #expect(!expected.split(separator: ", ").contains(Substring(field)), "nor is it offered")
    }

    @Test(arguments: ["", "/1", "?bbox=113,22,115,24", "?gender=%E7%94%B7"]) func personsAreNotServedOneByOne(rest: String) async throws {
        let answer = try await Hamlet.client().ask("/collections/population/items\(rest)")
        #expect(answer.status == 403)
        try expectProblem(answer)
    }

    @Test func theSearchDoesNotKnowPersonsOrOwners() async throws {
        let client = try await Hamlet.client()
        for (layer, field) in [("population", "name"), ("house", "ownerName"), ("unit", "legalPerson")] {
            let record = try #require(try await client.service.installation.registry.layer(layer))
            let column = try #require(record.schema.index(of: field))
            var query = FeatureQuery(layer: layer, fields: .all)
            query.limit = 5
            for feature in try await client.service.installation.registry.features(query) {
                guard case .text(let name) = feature.values[column] else { continue }
                let found = try await client.ask("/search?q=\(PercentEncoded.text(name))").features()
                #expect(!found.contains { ($0["properties"] as? [String: Any])?["layer"] as? String == layer && $0["id"] as? Int64 == feature.id })
            }
        }
    }

    @Test func withheldFeaturesAreNowhere() async throws {
        let client = try await Hamlet.client()
        let withheld: Set = ["SS0101", "SS0105", "SS0106", "SS0310", "SS0607"]
        let record = try #require(try await client.service.installation.registry.layer("facility"))
        let column = try #require(record.schema.index(of: "typeCode"))
        let all = try await client.service.installation.registry.features(FeatureQuery(layer: "facility"))
        let hidden = all.filter { if case .text(let code) = $0.values[column] { withheld.contains(code) } else { false } }
        #expect(!hidden.isEmpty, "the demo city has some")
        let page = try await client.ask("/collections/facility/items?limit=1").json()
        #expect(page["numberMatched"] as? Int == all.count - hidden.count)
        for code in withheld.sorted() {
            let filtered = try await client.ask("/collections/facility/items?typeCode=\(code)").json()
            #expect(filtered["numberMatched"] as? Int == 0)
        }
        let one = try #require(hidden.first)
        #expect(try await client.ask("/collections/facility/items/\(one.id)").status == 404)
        let near = try await client.ask("/collections/facility/items?center=\(Hamlet.centre.longitude),\(Hamlet.centre.latitude)&radius=3000&limit=10000")
        #expect(Set(try near.features().compactMap { $0["id"] as? Int }).isDisjoint(with: hidden.map { Int($0.id) }))
    }
}
