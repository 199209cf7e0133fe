import Compression
import FeatureStore
import SimpleFeatures
import TileCache
import Tiling
import Topology
import Testing
import VectorTiles

@testable import TileProduction

/// What MVT 2.1 and the layers' plans promise, held over the demo's hamlet.
@Suite struct VectorTileTests {
    static let sets = ["w", "c", "WorldCRS84Quad", "CGCS2000GK114"]

    static func layers(_ tile: EncodedTile) throws -> [TileLayer] {
        guard !tile.body.isEmpty else { return [] }
        return try VectorTileDecoder.decode(try Decompressor().decompress(tile.body, format: .gzip, limit: 1 << 28))
    }

    static func tile(_ data: TestData, _ set: String, _ address: TileAddress) async throws -> EncodedTile {
        try await data.service().tile(.init(map: "standard", matrixSet: set, address: address, format: .mvt))
    }

    /// Valid for GEOS on the tile's own integer grid: rings wound, closed by the format, without crossings.
    static func faults(of layer: TileLayer, _ topology: borrowing TopologyContext) -> [String] {
        var faults: [String] = []
        for feature in layer.features where feature.kind == .polygon {
            var polygons: [Polygon] = []
            for part in feature.parts {
                let range = layer.coordinateRange(part: part)
                let ring = Array(layer.coordinates[range])
                let area = doubledArea(ring)
                if ring.count < 6 || area == 0 { faults.append("\(layer.name)/\(feature.id): degenerate ring") }
                if area < 0 && polygons.isEmpty { faults.append("\(layer.name)/\(feature.id): a hole comes first") }
                var positions = stride(from: 0, to: ring.count, by: 2).map {
                    Coordinate(x: Double(ring[$0]), y: Double(ring[$0 + 1]))
                }
                positions.append(positions[0])
                if area > 0 || polygons.isEmpty {
                    polygons.append(Polygon(rings: [positions]))
                } else {
                    polygons[polygons.count - 1].rings.append(positions)
                }
            }
            if let reason = topology.validity(of: .multiPolygon(polygons)) {
                faults.append("\(layer.name)/\(feature.id): \(reason)")
            }
        }
        return faults
    }

    /// Twice the signed area; positive for an exterior ring (MVT 2.1, 4.3.3.3).
    static func doubledArea(_ ring: [Int32]) -> Int {
        var sum = 0
        var j = ring.count - 2
        for i in stride(from: 0, to: ring.count, by: 2) {
            sum += Int(ring[j]) * Int(ring[i + 1]) - Int(ring[i]) * Int(ring[j + 1])
            j = i
        }
        return sum
    }

    @Test(arguments: sets) func everyPolygonIsValidOnTheGrid(_ id: String) async throws {
        let data = try await DemoHamlet.shared.value
        let set = try data.set(id)
        let topology = try TopologyContext()
        var polygons = 0
        for matrix in set.matrices where (8...18).contains(matrix.level) {
            for address in try data.block(set, level: matrix.level) {
                for layer in try Self.layers(try await Self.tile(data, id, address)) {
                    polygons += layer.features.count { $0.kind == .polygon }
                    let faults = Self.faults(of: layer, topology)
                    #expect(faults.isEmpty, "\(id) \(address)")
                }
            }
        }
        #expect(polygons > 3000, "\(polygons) polygons were looked at")
    }

    @Test(arguments: sets) func positionsStayInTheBuffer(_ id: String) async throws {
        let data = try await DemoHamlet.shared.value
        let set = try data.set(id)
        var outside = 0
        for level in [12, 15, 17] {
            for address in try data.block(set, level: level) {
                for layer in try Self.layers(try await Self.tile(data, id, address)) {
                    #expect(layer.extent == 4096)
                    #expect(layer.coordinates.allSatisfy { (-64...4160).contains($0) }, "\(layer.name) \(address)")
                    outside += layer.coordinates.count { !(0...4096).contains($0) }
                }
            }
        }
        #expect(outside > 100, "the buffer holds something")
    }

    /// A feature that two neighbours both show has the same vertices in both wherever neither window cut it.
    @Test(arguments: sets) func neighboursAgreeOnTheirSharedEdge(_ id: String) async throws {
        let data = try await DemoHamlet.shared.value
        let set = try data.set(id)
        var compared = 0
        for level in [12, 14, 16, 17] {
            guard let west = try data.middle(of: "base.building", set: set, level: level) else { continue }
            let east = TileAddress(level: level, row: west.row, column: west.column + 1)
            let (a, b) = (try await Self.tile(data, id, west), try await Self.tile(data, id, east))
            let right = Dictionary(uniqueKeysWithValues: try Self.layers(b).map { ($0.name, $0) })
            var differing = 0
            for layer in try Self.layers(a) {
                guard let other = right[layer.name] else { continue }
                let theirs = Self.strip(of: other, shift: 0)
                for (feature, positions) in Self.strip(of: layer, shift: 4096) where feature != 0 {
                    guard let same = theirs[feature] else { continue }
                    compared += 1
                    if positions != same { differing += 1 }
                }
            }
            // Only a repair, which is counted, may give two windows different vertices.
            let repaired = (a.leftOut["repaired"] ?? 0) + (b.leftOut["repaired"] ?? 0)
            #expect(differing <= repaired, "\(id) level \(level): \(differing) differ, \(repaired) repaired")
        }
        #expect(compared > 20, "\(compared) features were compared")
    }

    /// By feature: its vertices less than 60 units from the shared edge and well inside rows, x from that edge.
    private static func strip(of layer: TileLayer, shift: Int32) -> [UInt64: Set<[Int32]>] {
        var found: [UInt64: Set<[Int32]>] = [:]
        for feature in layer.features {
            for part in feature.parts {
                let range = layer.coordinateRange(part: part)
                for i in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
                    let (x, y) = (layer.coordinates[i] - shift, layer.coordinates[i + 1])
                    guard (-60...60).contains(x), (0...4096).contains(y) else { continue }
                    found[feature.id, default: []].insert([x, y])
                }
            }
        }
        return found
    }

    @Test func identifiersAndTypedAttributesArrive() async throws {
        let data = try await DemoHamlet.shared.value
        let set = try data.set("w")
        let address = try #require(try data.middle(of: "base.building", set: set, level: 17))
        let layers = try Self.layers(try await Self.tile(data, "w", address))
        let buildings = try #require(layers.first { $0.name == "base.building" })
        #expect(Set(buildings.features.map(\.id)).count == buildings.features.count)
        #expect(buildings.features.allSatisfy { $0.id > 0 })
        for (key, wanted) in [("floors", "integer"), ("height", "real"), ("kind", "text")] {
            let kinds = Set(Self.values(of: key, in: buildings).map(Self.kind))
            #expect(kinds == [wanted], "\(key)")
        }
    }

    static func values(of key: String, in layer: TileLayer) -> [PropertyValue] {
        guard let index = layer.keys.firstIndex(of: key) else { return [] }
        return layer.features.flatMap { feature in
            stride(from: feature.tags.lowerBound, to: feature.tags.upperBound, by: 2)
                .filter { layer.tags[$0] == UInt32(index) }.map { layer.values[Int(layer.tags[$0 + 1])] }
        }
    }

    private static func kind(_ value: PropertyValue) -> String {
        switch value {
        case .null: "null"
        case .boolean: "boolean"
        case .integer: "integer"
        case .real: "real"
        case .text: "text"
        }
    }

    @Test func bytesDependOnNothingButTheTile() async throws {
        let data = try await DemoHamlet.shared.value
        let set = try data.set("w")
        let addresses = try [11, 14, 16, 17].flatMap { try data.block(set, level: $0) }
        var bodies: [TileAddress: [UInt8]] = [:]
        for address in addresses { bodies[address] = try await Self.tile(data, "w", address).body }
        for (workers, metatile) in [(1, 1), (2, 4), (4, 8)] {
            let service = data.service(workers: workers, metatile: metatile)
            try await withThrowingTaskGroup(of: (TileAddress, [UInt8]).self) { group in
                for address in addresses.reversed() {
                    group.addTask {
                        let request = TileService.Request(
                            map: "standard", matrixSet: "w", address: address, format: .mvt)
                        return (address, try await service.tile(request).body)
                    }
                }
                for try await (address, body) in group { #expect(body == bodies[address], "\(address)") }
            }
        }
    }
}
