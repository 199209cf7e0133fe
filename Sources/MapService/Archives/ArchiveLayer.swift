import Foundation
import OGCAPI
import SimpleFeatures
import TileArchives
import TileCache
import Tiling

/// An archive as a layer of WMTS, in Web Mercator alone.
extension ServedArchive {
    var wmtsFormat: WMTSTileFormat {
        switch format {
        case .mvt: .vectorTile
        case .png, .mixed: .png
        case .jpeg: .jpeg
        case .webp: .webp
        }
    }

    var wmtsLayer: WMTSCapabilities.Layer {
        let bounds = description.bounds
        let title = description.metadata["name"] ?? name
        var layer = WMTSCapabilities.Layer(
            id: name, title: title, bounds: Envelope(minX: bounds[0], minY: bounds[1], maxX: bounds[2], maxY: bounds[3]),
            styles: [.init(id: "default", title: title)], formats: [wmtsFormat],
            sets: [WMTSCapabilities.SetLink(id: TileRoutes.webMercator, limits: limits)])
        layer.abstract = description.metadata["description"]
        return layer
    }

    /// The block of each of its levels that its bounds cover.
    var limits: [TileMatrixLimits] {
        let bounds = description.bounds
        return description.levels.map { level in
            let side = Double(1 << level)
            func column(_ longitude: Double) -> Int { Self.place((longitude + 180) / 360, side) }
            func row(_ latitude: Double) -> Int {
                let sine = sin(min(max(latitude, -85.051_128_78), 85.051_128_78) * .pi / 180)
                return Self.place(0.5 - log((1 + sine) / (1 - sine)) / (4 * .pi), side)
            }
            let (west, east) = (column(bounds[0]), column(bounds[2]))
            let (north, south) = (row(bounds[3]), row(bounds[1]))
            return TileMatrixLimits(level: level, rows: north...max(north, south), columns: west...max(west, east))
        }
    }

    private static func place(_ share: Double, _ side: Double) -> Int { Int(min(max((share * side).rounded(.down), 0), side - 1)) }
}
