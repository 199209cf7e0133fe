import Foundation
import Portrayal
public import SimpleFeatures

/// Where a map is looked at from, straight above: what a style document and a viewport request say.
public struct Camera: Hashable, Sendable {
    /// Longitude and latitude in degrees.
    public var centre: Coordinate
    /// Style zoom: the world is 512 · 2^zoom logical pixels wide.
    public var zoom: Double
    /// The direction that points up, in degrees clockwise from north.
    public var bearingInDegrees: Double

    public init(centre: Coordinate = Coordinate(x: 0, y: 0), zoom: Double = 0, bearingInDegrees: Double = 0) {
        self.centre = centre
        self.zoom = zoom
        self.bearingInDegrees = bearingInDegrees
    }
}

/// The spherical Mercator plane as map clients count it: 0...1 from 180° west and from about 85.05° north, y down.
enum WorldPlane {
    static func position(of c: Coordinate) -> Coordinate {
        let sine = sin(c.y * .pi / 180)
        let y = 0.5 - log((1 + sine) / (1 - sine)) / (4 * .pi)
        return Coordinate(x: c.x / 360 + 0.5, y: min(max(y, -1), 2))
    }

    /// The way back; longitudes run on past 180 degrees in the copies of the world.
    static func degrees(of p: Coordinate) -> Coordinate {
        Coordinate(x: (p.x - 0.5) * 360, y: atan(sinh((0.5 - p.y) * 2 * .pi)) * 180 / .pi)
    }
}

/// A camera with the picture it makes.
public struct Viewport: Hashable, Sendable {
    public private(set) var camera: Camera
    /// Logical pixels.
    public let width: Int
    public let height: Int
    /// Device pixels a logical pixel.
    public let pixelRatio: Double
    /// The centre on the world plane.
    private(set) var centre: Coordinate

    static let tileSideInPixels = 512.0

    /// The camera gives way where the picture would show more than the world's height: it comes closer, and its centre
    /// keeps half a picture away from the poles' edge.
    public init(camera: Camera, width: Int, height: Int, pixelRatio: Double = 1) {
        self.camera = camera
        self.width = width
        self.height = height
        self.pixelRatio = pixelRatio
        let least = log2(Double(height) / Self.tileSideInPixels)
        self.camera.zoom = max(camera.zoom, least)
        var centre = WorldPlane.position(of: camera.centre)
        let half = Double(height) / 2 / (Self.tileSideInPixels * exp2(self.camera.zoom))
        centre = Coordinate(x: centre.x, y: min(max(centre.y, half), 1 - half))
        self.centre = centre
    }

    /// Device pixels across the world.
    var worldSide: Double { Self.tileSideInPixels * exp2(camera.zoom) * pixelRatio }
    var deviceWidth: Int { Int((Double(width) * pixelRatio).rounded()) }
    var deviceHeight: Int { Int((Double(height) * pixelRatio).rounded()) }

    /// The same with the centre on a whole device pixel, so that pictures of tiles come pixel on pixel.
    var aligned: Viewport {
        var other = self
        let side = worldSide
        other.centre = Coordinate(x: (centre.x * side).rounded() / side, y: (centre.y * side).rounded() / side)
        return other
    }

    /// The picture's left top corner on the whole map's plane of device pixels.
    var worldPixel: (x: Int, y: Int) {
        (
            Int((centre.x * worldSide - Double(deviceWidth) / 2).rounded()),
            Int((centre.y * worldSide - Double(deviceHeight) / 2).rounded())
        )
    }

    /// The map's turn on the screen, clockwise.
    var turn: (cosine: Double, sine: Double) {
        if camera.bearingInDegrees == 0 { return (1, 0) }
        let radians = -camera.bearingInDegrees * .pi / 180
        return (cos(radians), sin(radians))
    }

    /// Device pixels of a position on the world plane.
    func pixels(of p: Coordinate) -> Coordinate {
        let (dx, dy) = ((p.x - centre.x) * worldSide, (p.y - centre.y) * worldSide)
        let (cosine, sine) = turn
        return Coordinate(
            x: dx * cosine - dy * sine + Double(deviceWidth) / 2, y: dx * sine + dy * cosine + Double(deviceHeight) / 2)
    }

    /// Where the picture's 24.8 device pixels lie on the Earth.
    var grid: FeatureGrid {
        let unitsPerPixel = 256.0
        // The finest extent of the tiles that are placed: those that GeoJSON is cut into.
        let stepsAcrossTile = 8192.0
        let (cosine, sine) = turn
        let corner = pixels(of: Coordinate(x: 0, y: 0))
        return FeatureGrid(
            unitsAcrossWorld: worldSide * unitsPerPixel, turnCosine: cosine, turnSine: sine, x: corner.x * unitsPerPixel,
            y: corner.y * unitsPerPixel, stepsAcrossWorld: stepsAcrossTile * exp2(camera.zoom.rounded(.down)))
    }

    /// The position on the world plane under a device pixel.
    func position(ofPixel p: Coordinate) -> Coordinate {
        let (dx, dy) = (p.x - Double(deviceWidth) / 2, p.y - Double(deviceHeight) / 2)
        let (cosine, sine) = turn
        return Coordinate(
            x: centre.x + (dx * cosine + dy * sine) / worldSide, y: centre.y + (dy * cosine - dx * sine) / worldSide)
    }

    /// What the picture shows of the world plane, as an upright box.
    var envelope: Envelope {
        var box = Envelope.empty
        for x in [0, deviceWidth] {
            for y in [0, deviceHeight] { box.formUnion(position(ofPixel: Coordinate(x: Double(x), y: Double(y)))) }
        }
        return box
    }
}
