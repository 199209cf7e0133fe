import Portrayal
import Raster
import Tiling

/// Carries a tile's features from the tile's units to the picture's.
struct TilePlacing {
    let viewport: Viewport
    let tile: WorldTile

    /// Device pixels from the picture's corner past which positions are not kept apart: the rasteriser's range.
    private static let reachInPixels = 4_000_000.0
    private static let unitsPerPixel = 256.0

    func area(_ placement: TilePlacement) -> ClipArea {
        ClipArea(outline: placement.outline, width: viewport.deviceWidth, height: viewport.deviceHeight)
    }

    /// The layer in 24.8 device pixels. Points beyond the tile are left out: the neighbour has them too.
    func placed(_ layer: TileLayer) -> TileLayer {
        let placement = tile.placement(in: viewport, extent: layer.extent)
        var out = TileLayer(name: layer.name, extent: layer.extent)
        out.keys = layer.keys
        out.values = layer.values
        out.tags = layer.tags
        out.coordinates.reserveCapacity(layer.coordinates.count)
        for feature in layer.features {
            let first = out.partEnds.count
            for part in feature.parts {
                let start = out.coordinates.count
                let range = layer.coordinateRange(part: part)
                for i in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
                    let (u, v) = (layer.coordinates[i], layer.coordinates[i + 1])
                    if feature.kind == .point, !Self.isInside(u, v, layer.extent) { continue }
                    let p = placement.pixels(Double(u), Double(v))
                    out.coordinates.append(Self.units(p.x))
                    out.coordinates.append(Self.units(p.y))
                }
                if out.coordinates.count > start { out.partEnds.append(out.coordinates.count / 2) }
            }
            guard out.partEnds.count > first else { continue }
            var feature = feature
            feature.parts = first..<out.partEnds.count
            out.features.append(feature)
        }
        return out
    }

    private static func isInside(_ u: Int32, _ v: Int32, _ extent: Int32) -> Bool {
        u >= 0 && v >= 0 && u < extent && v < extent
    }

    private static func units(_ pixels: Double) -> Int32 {
        Int32((min(max(pixels, -reachInPixels), reachInPixels) * unitsPerPixel).rounded())
    }
}
