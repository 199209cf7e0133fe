import Foundation
import Raster
import SimpleFeatures

/// The pictures that one layer repeats over surfaces.
///
/// On tiles a pattern is laid pixel on pixel from the whole map's corner. In the clients' manner it lies on the map at the
/// whole zoom below, and grows and turns with it until the next.
struct PatternBook {
    let frame: RenderFrame
    /// Names that no sheet holds.
    private(set) var missing: Set<String> = []
    private var laid: [String: Paint] = [:]

    private static let tileSideInPixels = 512.0

    init(_ frame: RenderFrame) { self.frame = frame }

    /// - Returns: `nil` for a name that no sheet holds.
    mutating func paint(_ name: String) -> Paint? {
        if let known = laid[name] { return known }
        guard let image = frame.sprites.pixmap(name, ratio: frame.ratio), !image.pixels.isEmpty else {
            missing.insert(name)
            return nil
        }
        let paint: Paint
        if let grid = frame.picture.grid, frame.followsClients, isOffGrid {
            paint = .pattern(laid(image, on: grid), originX: 0, originY: 0)
        } else {
            let origin = frame.patternOrigin(image)
            paint = .pattern(image, originX: origin.x, originY: origin.y)
        }
        laid[name] = paint
        return paint
    }

    /// Whether a pixel of the pattern is not one of the picture.
    private var isOffGrid: Bool {
        frame.picture.bearingInDegrees != 0 || frame.picture.styleZoom != frame.picture.styleZoom.rounded(.down)
    }

    /// The whole picture full of the pattern.
    private func laid(_ image: Pixmap, on grid: FeatureGrid) -> Pixmap {
        let side = Self.tileSideInPixels * exp2(frame.picture.styleZoom.rounded(.down)) * Double(frame.ratio)
        var sheet = Pixmap(width: frame.width, height: frame.height)
        let unit = Double(PixelGeometry.unitsPerPixel)
        for y in 0..<frame.height {
            for x in 0..<frame.width {
                let p = grid.plane(x: (Double(x) + 0.5) * unit, y: (Double(y) + 0.5) * unit)
                sheet[x, y] = image.repeated(p.x * side - 0.5, p.y * side - 0.5)
            }
        }
        return sheet
    }
}
