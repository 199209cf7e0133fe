internal import SimpleFeatures
public import Tiling

/// Writes Mapbox Vector Tiles, version 2.1.
///
/// The same layers always give the same bytes. Geometry is written as it comes: closing positions, winding and repeated
/// positions are the business of whoever made the layer.
public enum VectorTileEncoder {
    public static let mediaType = "application/vnd.mapbox-vector-tile"

    /// A whole tile: the layers in the order given, those without a feature left out.
    public static func encode(_ layers: [TileLayer]) -> [UInt8] {
        var tile: [UInt8] = []
        for layer in layers { tile.append(contentsOf: encodeLayer(layer)) }
        return tile
    }

    /// One layer as it stands in a tile, key and length included; tiles are concatenated layers. Empty for a layer
    /// without features.
    ///
    /// - Complexity: linear in positions and tags.
    /// - Precondition: the ranges of `layer.features` lie within its arrays, and no value is `.null`.
    public static func encodeLayer(_ layer: TileLayer) -> [UInt8] {
        if layer.features.isEmpty { return [] }
        let bound = sizeBound(of: layer)
        var used = 0
        let scratch = unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            var bytes = unsafe TileBytes(buffer)
            bytes.appendMessage(field: WireFormat.Tile.layer, expectedLength: bound / 3) { out in
                append(layer, to: &out)
            }
            count = bytes.count
            used = count
        }
        // A copy of the right size, because the worst case is several times what most layers need.
        return Array(scratch[..<used])
    }

    /// Every varint at its widest.
    private static func sizeBound(of layer: TileLayer) -> Int {
        var bound = 64 + layer.name.utf8.count
        bound += layer.features.count * 48
        bound += layer.tags.count * 5 + layer.coordinates.count * 5 + layer.partEnds.count * 11
        for key in layer.keys { bound += 6 + key.utf8.count }
        for value in layer.values {
            if case .text(let text) = value { bound += 12 + text.utf8.count } else { bound += 13 }
        }
        return bound
    }

    private static func append(_ layer: TileLayer, to out: inout TileBytes) {
        out.append(WireFormat.key(WireFormat.Layer.version, WireFormat.varint))
        out.append(varint: WireFormat.version)
        out.append(string: layer.name, field: WireFormat.Layer.name)
        appendFeatures(of: layer, to: &out)
        for key in layer.keys { out.append(string: key, field: WireFormat.Layer.keys) }
        for value in layer.values { append(value, to: &out) }
        out.append(WireFormat.key(WireFormat.Layer.extent, WireFormat.varint))
        out.append(varint: UInt64(UInt32(bitPattern: layer.extent)))
    }

    private static func append(_ value: PropertyValue, to out: inout TileBytes) {
        out.appendMessage(field: WireFormat.Layer.values, expectedLength: 9) { out in
            switch value {
            case .null: preconditionFailure("a null property has no tag")
            case .boolean(let flag):
                out.append(WireFormat.key(WireFormat.Value.bool, WireFormat.varint))
                out.append(flag ? 1 : 0)
            case .integer(let number) where number >= 0:
                out.append(WireFormat.key(WireFormat.Value.uint, WireFormat.varint))
                out.append(varint: UInt64(number))
            case .integer(let number):
                out.append(WireFormat.key(WireFormat.Value.sint, WireFormat.varint))
                out.append(varint: UInt64(bitPattern: (number &<< 1) ^ (number &>> 63)))
            case .real(let number):
                out.append(WireFormat.key(WireFormat.Value.double, WireFormat.fixed64))
                out.append(fixed64: number.bitPattern)
            case .text(let text):
                out.append(string: text, field: WireFormat.Value.string)
            }
        }
    }
}
