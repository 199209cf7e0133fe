import Foundation
import Reprojection
import SimpleFeatures
import Wording

/// The plane that sheets are drawn in, CGCS2000 in three degree Gauss-Krüger zones about 114° E, and the ways to and from it.
///
/// A sheet is true to scale in the plane, as the national series are; lengths on the ground differ from those of the plane by
/// the point scale factor, which the scale bar allows for.
final class SheetPlane {
    private let policy: DatumPolicy
    private var toPlane: [String: Way] = [:]
    private let toDegrees: Way

    static let crs = CRS.gk114
    static let centralMeridian = 114.0
    private static let falseEasting = 500_000.0
    /// Metres, the mean of Gauss: good for a factor to the eighth decimal.
    private static let earthRadius = 6_371_000.0

    /// Holds an operation, which cannot be copied.
    private final class Way {
        let operation: CoordinateOperation
        init(_ operation: consuming CoordinateOperation) { self.operation = operation }
    }

    init(policy: DatumPolicy) throws {
        self.policy = policy
        toDegrees = Way(try CoordinateOperation(from: Self.crs, to: .cgcs2000, policy: policy))
    }

    /// The geometry in the plane; `nil` where it cannot be carried.
    func plane(_ geometry: Geometry, from crs: CRS) throws -> Geometry? {
        if crs == Self.crs { return geometry }
        let way: Way
        if let known = toPlane[crs.id] {
            way = known
        } else {
            way = Way(try CoordinateOperation(from: crs, to: Self.crs, policy: policy))
            toPlane[crs.id] = way
        }
        return way.operation.transform(geometry)
    }

    /// CGCS2000 longitude and latitude; `nil` off the plane's area.
    func degrees(_ position: Coordinate) -> Coordinate? { toDegrees.operation.transform(position) }

    /// Metres of the plane to one on the ground.
    static func scaleFactor(easting: Double) -> Double {
        let y = easting - falseEasting
        return 1 + y * y / (2 * earthRadius * earthRadius)
    }

    /// The angle from true north to the plane's, in degrees, eastwards.
    static func convergence(_ degrees: Coordinate) -> Double { (degrees.x - centralMeridian) * sin(degrees.y * .pi / 180) }
}

/// The part of the plane that a sheet shows, and how large.
struct SheetView {
    let denominator: Int
    let envelope: Envelope
    let layout: SheetLayout

    /// Metres of the plane to a device pixel.
    var cell: Double { Self.cell(denominator, layout) }

    private static func cell(_ denominator: Int, _ layout: SheetLayout) -> Double {
        Double(denominator) / (layout.pixelsPerMillimetre * 1000)
    }

    init(centre: Coordinate, denominator: Int, layout: SheetLayout) {
        self.denominator = denominator
        self.layout = layout
        let cell = Self.cell(denominator, layout)
        let (x, y) = (Double(layout.mapPixels.width) * cell / 2, Double(layout.mapPixels.height) * cell / 2)
        envelope = Envelope(minX: centre.x - x, minY: centre.y - y, maxX: centre.x + x, maxY: centre.y + y)
    }

    /// Millimetres on paper of a position of the plane.
    func paper(_ c: Coordinate) -> (x: Double, y: Double) {
        let map = layout.map
        let scale = 1000 / Double(denominator)
        return (map.left + (c.x - envelope.minX) * scale, map.top + (envelope.maxY - c.y) * scale)
    }

    /// Whether a box fits with some room around.
    static func fits(_ box: Envelope, _ denominator: Int, _ layout: SheetLayout) -> Bool {
        let cell = Self.cell(denominator, layout)
        return box.width <= Double(layout.mapPixels.width) * cell * share && box.height <= Double(layout.mapPixels.height) * cell * share
    }

    /// Of the map's sides, what a feature may take.
    private static let share = 0.96
}
