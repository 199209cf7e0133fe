import Foundation
import Raster
import Tiling

/// Draws polygons as bodies that rise above the ground, looked at from the south under a fixed slant.
///
/// A point at a height is drawn half its height, at the scale of its place, to the north of its foot, but no further than
/// `riseLimitInPixels`: a building beyond a window's margin then never reaches into the window.
struct ExtrusionSymboliser {
    let layer: ZoomedLayer
    let frame: RenderFrame

    /// Pixels to the north for a pixel of height.
    private static let slant = 0.5
    /// Logical pixels; a little less than the gutter of raster windows.
    private static let riseLimitInPixels = 60.0
    private static let metresAroundEquator = 40_075_016.686
    private static let tileSideInPixels = 512.0

    private struct Body: Equatable {
        var colour: Colour
        /// Metres.
        var base: Float
        var height: Float
    }

    /// - Parameter tiles: all of the source's; what two of them hold alike is seen once.
    func draw(_ tiles: [PlacedTile], light: [String: PropertyExpression], _ scratch: inout RenderScratch) {
        let opacity = layer.number("fill-extrusion-opacity", frame.context)
        guard opacity > 0 else { return }
        let light = ReliefLight(light, frame.context)
        var surface = ReliefSurface(width: frame.width, height: frame.height)
        for tile in tiles where tile.feeds(layer) {
            for data in tile.layers where layer.reads(data) {
                scratch.statistics.featuresDrawn += add(data, light, to: &surface)
            }
        }
        if !surface.roofs.isEmpty { scratch.canvas.draw(surface.pixmap(), left: 0, top: 0, opacity: opacity) }
    }

    private func add(_ data: TileLayer, _ light: ReliefLight, to surface: inout ReliefSurface) -> Int {
        let selection = FeatureSelection<Body>(layer, data, frame, sortKey: nil, where: { $0 == .polygon }) { context in
            let base = max(0, layer.number("fill-extrusion-base", context))
            return Body(
                colour: layer.colour("fill-extrusion-color", context), base: base,
                height: max(base, layer.number("fill-extrusion-height", context)))
        }
        let move = layer.translation("fill-extrusion-translate", frame)
        let hasGradient = layer.isTrue("fill-extrusion-vertical-gradient", frame.context)
        for item in selection.items {
            let body = selection.paint(of: item)
            var rings: [[Int32]] = []
            for part in data.features[item.feature].parts {
                let ring = Array(data.coordinates[data.coordinateRange(part: part)])
                addWalls(ring, body, light, move, hasGradient, to: &surface)
                rings.append(lifted(ring, body.height, move))
            }
            let y = rings.flatMap { ring in stride(from: 1, to: ring.count, by: 2).map { ring[$0] } }
            surface.add(
                ReliefSurface.Roof(
                    rings: rings, height: body.height, colour: ReliefSurface.word(light.roof(body.colour)), top: y.min() ?? 0,
                    bottom: y.max() ?? 0))
        }
        return selection.items.count
    }

    /// The walls that look south; those that look north are behind the roof.
    private func addWalls(
        _ ring: [Int32], _ body: Body, _ light: ReliefLight, _ move: (x: Int32, y: Int32), _ hasGradient: Bool,
        to surface: inout ReliefSurface
    ) {
        guard body.height > body.base else { return }
        var i = ring.count - 2
        for j in stride(from: 0, to: ring.count, by: 2) {
            let (from, to) = ((x: ring[i], y: ring[i + 1]), (x: ring[j], y: ring[j + 1]))
            i = j
            // Exteriors run clockwise and holes the other way round: with the body on the right, a way to the west has it in
            // the north.
            guard to.x < from.x else { continue }
            let (dx, dy) = (Float(to.x - from.x), Float(to.y - from.y))
            let length = (dx * dx + dy * dy).squareRoot()
            surface.add(
                ReliefSurface.Wall(
                    west: (to.x &+ move.x, to.y &+ move.y), east: (from.x &+ move.x, from.y &+ move.y),
                    lowerRise: rise(body.base, at: to.x, to.y), upperRise: rise(body.height, at: to.x, to.y),
                    lowerHeight: body.base, upperHeight: body.height,
                    colour: light.wall(body.colour, normal: SIMD2(dy / length, -dx / length)), hasGradient: hasGradient))
        }
    }

    private func lifted(_ ring: [Int32], _ height: Float, _ move: (x: Int32, y: Int32)) -> [Int32] {
        var out = ring
        for i in stride(from: 0, to: ring.count, by: 2) {
            out[i] = ring[i] &+ move.x
            out[i + 1] = ring[i + 1] &+ move.y &- rise(height, at: ring[i], ring[i + 1])
        }
        return out
    }

    /// 24.8 pixels that a height in metres lifts a position by: a function of the place alone, not of the window.
    private func rise(_ metres: Float, at x: Int32, _ y: Int32) -> Int32 {
        let unit = Double(PixelGeometry.unitsPerPixel)
        let perMetre: Double
        if let grid = frame.picture.grid {
            perMetre = grid.unitsPerMetre(at: GridPosition(x: Int64(x), y: Int64(y)))
        } else {
            perMetre = Self.tileSideInPixels * exp2(frame.picture.styleZoom) * Double(frame.ratio) * unit / Self.metresAroundEquator
        }
        let limit = Self.riseLimitInPixels * Double(frame.ratio) * unit
        return Int32(min(Double(metres) * perMetre * Self.slant, limit).rounded())
    }
}
