import Raster

/// Icons of distances in their colours, so that equal icons are painted once.
///
/// They are painted about a centre of their own, in quarters of a pixel, and copied by whole pixels: an icon that lies
/// across a tile's edge is the same in both tiles.
struct ShadedIcons {
    /// A picture and the canvas pixel of its left top one, from the pixel that holds the icon's centre.
    struct Picture {
        var pixmap: Pixmap
        var left: Int
        var top: Int
    }

    private struct Key: Hashable {
        var name: String
        var stretch: PlacedSymbol.Stretch?
        var shade: IconShade
        var scale: Float
        var degrees: Float
        var opacity: Float
        var ratio: Float
        /// 0...3.
        var across: Int32
        var down: Int32
    }

    private var pictures: [Key: Picture] = [:]

    private static let limit = 2_000
    /// Device pixels from the centre beyond which an icon is cut off.
    private static let farthestReach: Float = 1_024

    mutating func removeAll() { pictures.removeAll() }

    /// - Parameters:
    ///   - image: the icon's distances, stretched where it is.
    ///   - ratio: that of the sheets which `image` was looked up for.
    mutating func picture(of icon: PlacedSymbol.Icon, _ shade: IconShade, _ image: Pixmap, ratio: Float) -> Picture {
        let (across, down) = ((icon.x & 255) >> 6, (icon.y & 255) >> 6)
        let key = Key(
            name: icon.name, stretch: icon.stretch, shade: shade, scale: icon.scale, degrees: icon.degrees,
            opacity: icon.opacity, ratio: ratio, across: across, down: down)
        if let known = pictures[key] { return known }
        let picture = Self.paint(icon, shade, image, x: Float(across) / 4, y: Float(down) / 4)
        if pictures.count >= Self.limit { pictures.removeAll(keepingCapacity: true) }
        pictures[key] = picture
        return picture
    }

    /// - Parameter x, y: the centre inside its pixel.
    private static func paint(_ icon: PlacedSymbol.Icon, _ shade: IconShade, _ image: Pixmap, x: Float, y: Float) -> Picture {
        let (width, height) = (Float(image.width), Float(image.height))
        let diagonal = (width * width + height * height).squareRoot() * icon.scale
        guard diagonal.isFinite, diagonal > 0 else { return Picture(pixmap: Pixmap(width: 1, height: 1), left: 0, top: 0) }
        let reach = Int(min(diagonal / 2, farthestReach).rounded(.up)) + 2
        let turn = Rotation(degrees: icon.degrees)
        let corner = turn.applied(-width / 2 * icon.scale, -height / 2 * icon.scale)
        let placement = ImagePlacement(
            x: Float(reach) + x + corner.x, y: Float(reach) + y + corner.y, across: turn.applied(icon.scale, 0),
            down: turn.applied(0, icon.scale), left: -1, top: -1, right: width + 1, bottom: height + 1)
        let distances = DistancePicture(alphasOf: image)
        var canvas = Canvas(width: 2 * reach + 1, height: 2 * reach + 1)
        if let halo = shade.halo(opacity: icon.opacity) { canvas.draw(distances, at: placement, shade: halo) }
        canvas.draw(distances, at: placement, shade: shade.fill(opacity: icon.opacity))
        return Picture(pixmap: canvas.pixmap(), left: -reach, top: -reach)
    }
}
