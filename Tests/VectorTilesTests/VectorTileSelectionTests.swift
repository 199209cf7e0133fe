import SimpleFeatures
import TestSupport
import Testing
import Tiling

@testable import VectorTiles

@Suite struct VectorTileSelectionTests {
    private static func tile(_ names: [String]) -> [UInt8] {
        VectorTileEncoder.encode(names.enumerated().map { place, name in
            var layer = TileLayer(name: name, extent: 4096)
            layer.coordinates = [Int32(place), 7]
            layer.partEnds = [1]
            layer.features = [TileFeature(id: UInt64(place + 1), kind: .point, tags: 0..<0, parts: 0..<1)]
            return layer
        })
    }

    @Test func recordsAreTakenWholeInTheOrderOfTheNames() throws {
        let whole = Self.tile(["a", "b", "c"])
        #expect(try VectorTileSelection.layers(["a", "b", "c"], of: whole) == whole)
        #expect(try VectorTileDecoder.decode(VectorTileSelection.layers(["c", "x", "a", "c"], of: whole)).map(\.name) == ["c", "a"])
        #expect(try VectorTileSelection.layers([], of: whole).isEmpty && VectorTileSelection.layers(["a"], of: []).isEmpty)
        let all = try VectorTileDecoder.decode(whole)
        #expect(try VectorTileDecoder.decode(VectorTileSelection.layers(["b"], of: whole)) == [all[1]])
    }

    /// Any bytes are a tile or an error, never the end of the program.
    @Test func brokenTilesAreRefused() throws {
        let whole = Self.tile(["a", "b"])
        for length in 1..<whole.count {
            do { _ = try VectorTileSelection.layers(["a"], of: Array(whole.prefix(length))) } catch { continue }
        }
        #expect(throws: VectorTileError.self) { try VectorTileSelection.layers(["a"], of: whole + whole) }
        #expect(throws: VectorTileError.self) { try VectorTileSelection.layers(["a"], of: [0x1A, 0x02, 0x78, 0x02]) }
        #expect(throws: VectorTileError.self) { try VectorTileSelection.layers(["a"], of: [0x1A, 0x7F]) }
    }
}
