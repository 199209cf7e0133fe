public import Tiling

/// A tile as it was read.
public struct DecodedVectorTile: Hashable, Sendable {
    /// In the tile's order; a layer without features is kept.
    public var layers: [TileLayer] = []
    /// The specification's major version that each layer states, 1 or 2.
    public var versions: [Int] = []
    public var warnings: [VectorTileWarning] = []
}

/// Reads Mapbox Vector Tiles, versions 1 and 2.
///
/// Nothing is allocated on the strength of a count or length that the bytes do not cover, and no input stops the process.
public enum VectorTileDecoder {
    /// - Throws: when a layer cannot be read without guessing.
    public static func decode(_ bytes: [UInt8]) throws(VectorTileError) -> [TileLayer] {
        try inspect(bytes).layers
    }

    /// The layers, with what a strict encoder would not have written.
    public static func inspect(_ bytes: [UInt8]) throws(VectorTileError) -> DecodedVectorTile {
        guard bytes.count <= Int(Int32.max) else { throw VectorTileError(.tooLarge, "A tile of \(bytes.count) bytes is not read.") }
        var tile = DecodedVectorTile()
        var names: Set<String> = []
        var reader = WireReader(bytes)
        while !reader.isAtEnd {
            let (field, type) = try reader.key()
            guard field == WireFormat.Tile.layer else {
                try reader.skip(type)
                tile.warnings.append(VectorTileWarning(code: .unknownField, layer: ""))
                continue
            }
            guard type == WireFormat.bytes else { throw VectorTileError(.malformed, "A layer has wire type \(type).") }
            var layer = LayerReading()
            try layer.read(try reader.message())
            guard names.insert(layer.layer.name).inserted else {
                throw VectorTileError(.invalidLayer, "Two layers are called '\(layer.layer.name)'.")
            }
            tile.layers.append(layer.layer)
            tile.versions.append(layer.version)
            tile.warnings.append(contentsOf: layer.warnings)
        }
        return tile
    }
}
