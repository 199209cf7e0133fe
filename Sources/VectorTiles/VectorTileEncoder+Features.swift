internal import Tiling

extension VectorTileEncoder {
    static func appendFeatures(of layer: TileLayer, to out: inout TileBytes) {
        unsafe layer.coordinates.withUnsafeBufferPointer { coordinates in
            unsafe layer.partEnds.withUnsafeBufferPointer { partEnds in
                unsafe layer.tags.withUnsafeBufferPointer { tags in
                    let geometry = unsafe GeometrySource(coordinates: coordinates, partEnds: partEnds)
                    for feature in layer.features {
                        let run = unsafe tags[feature.tags]
                        let positions = unsafe geometry.positionCount(feature.parts)
                        out.appendMessage(
                            field: WireFormat.Layer.features, expectedLength: positions &* 3 &+ feature.tags.count &+ 16
                        ) { out in
                            if feature.id != 0 {
                                out.append(WireFormat.key(WireFormat.Feature.id, WireFormat.varint))
                                out.append(varint: feature.id)
                            }
                            if !feature.tags.isEmpty {
                                out.appendMessage(field: WireFormat.Feature.tags, expectedLength: feature.tags.count) { out in
                                    for unsafe tag in unsafe run { out.append(varint: tag) }
                                }
                            }
                            out.append(WireFormat.key(WireFormat.Feature.type, WireFormat.varint))
                            out.append(feature.kind.rawValue)
                            out.appendMessage(field: WireFormat.Feature.geometry, expectedLength: positions &* 3) { out in
                                unsafe geometry.append(feature.parts, as: feature.kind, to: &out)
                            }
                        }
                    }
                }
            }
        }
    }
}

/// The flat geometry of a layer, borrowed for one pass over its features.
@unsafe
struct GeometrySource {
    let coordinates: UnsafeBufferPointer<Int32>
    let partEnds: UnsafeBufferPointer<Int>

    @inline(__always)
    func positionCount(_ parts: Range<Int>) -> Int {
        if parts.isEmpty { return 0 }
        return unsafe partEnds[parts.upperBound &- 1] &- start(of: parts.lowerBound)
    }

    @inline(__always)
    private func start(of part: Int) -> Int { part == 0 ? 0 : unsafe partEnds[part &- 1] }

    /// Commands and steps of MVT 2.1 clause 4.3; the cursor runs on from part to part and wraps at 32 bits.
    @inline(__always)
    func append(_ parts: Range<Int>, as kind: TileGeometryKind, to out: inout TileBytes) {
        var x: Int32 = 0
        var y: Int32 = 0
        for part in parts {
            let first = unsafe start(of: part)
            let end = unsafe partEnds[part]
            if first == end { continue }
            // All positions of a point feature are one command; of the others only the first is moved to.
            let moved = kind == .point ? end &- first : 1
            out.append(varint: UInt32(truncatingIfNeeded: moved) &<< 3 | WireFormat.Command.moveTo)
            for position in first..<(first &+ moved) {
                unsafe append(position, &x, &y, &out)
            }
            if kind == .point { continue }
            let drawn = end &- first &- 1
            if drawn > 0 {
                out.append(varint: UInt32(truncatingIfNeeded: drawn) &<< 3 | WireFormat.Command.lineTo)
                for position in (first &+ 1)..<end { unsafe append(position, &x, &y, &out) }
            }
            if kind == .polygon { out.append(varint: 1 &<< 3 | WireFormat.Command.closePath) }
        }
    }

    @inline(__always)
    private func append(_ position: Int, _ x: inout Int32, _ y: inout Int32, _ out: inout TileBytes) {
        let newX = unsafe coordinates[position &* 2]
        let newY = unsafe coordinates[position &* 2 &+ 1]
        out.append(zigzag: newX &- x)
        out.append(zigzag: newY &- y)
        x = newX
        y = newY
    }
}
