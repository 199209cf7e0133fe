/// Some layers of a vector tile, each as it stands in the tile.
public enum VectorTileSelection {
    /// A tile of the named layers, in the order of their names; those that the tile has not are passed over.
    ///
    /// Records are taken or left whole, so that the same tile always gives the same bytes.
    /// - Parameter bytes: a tile, not packed.
    /// - Throws: when the tile's layers cannot be told apart.
    public static func layers(_ names: [String], of bytes: [UInt8]) throws(VectorTileError) -> [UInt8] {
        var records: [String: Range<Int>] = [:]
        var reader = WireReader(bytes)
        while !reader.isAtEnd {
            let start = reader.position
            let (field, type) = try reader.key()
            guard field == WireFormat.Tile.layer, type == WireFormat.bytes else {
                try reader.skip(type)
                continue
            }
            let name = try name(of: try reader.message())
            guard records.updateValue(start..<reader.position, forKey: name) == nil else {
                throw VectorTileError(.invalidLayer, "Two layers are called '\(name)'.")
            }
        }
        var chosen: [UInt8] = []
        for name in names { if let record = records.removeValue(forKey: name) { chosen += bytes[record] } }
        return chosen
    }

    private static func name(of layer: WireReader) throws(VectorTileError) -> String {
        var reader = layer
        while !reader.isAtEnd {
            let (field, type) = try reader.key()
            if field == WireFormat.Layer.name, type == WireFormat.bytes { return try reader.text() }
            try reader.skip(type)
        }
        throw VectorTileError(.invalidLayer, "A layer has no name.")
    }
}
