import Foundation
import SimpleFeatures
public import Tiling

/// A position in the whole units that features are drawn in.
struct GridPosition: Hashable, Sendable {
    var x: Int64
    var y: Int64
}

/// How the units of features lie on the Earth, for expressions that ask about places.
///
/// Positions are carried to whole units of the whole map first and to the window then, so that the same place gets the
/// same answer in every window.
public struct FeatureGrid: Hashable, Sendable {
    /// The plane between degrees and units.
    enum Plane: Hashable, Sendable {
        /// Web Mercator, 0...1 from 180° west and from about 85.05° north, y down.
        case mercator
        /// Longitude and latitude in degrees.
        case degrees
    }

    let plane: Plane
    /// Units of x and of y for one of the plane's x, and for one of its y.
    private let eastward: (x: Double, y: Double)
    private let upward: (x: Double, y: Double)
    /// Units of the plane's origin.
    private let shift: (x: Double, y: Double)
    /// Whole units of the window's corner, taken off at the end.
    private let corner: GridPosition
    /// Steps across the world that positions in the data are whole multiples of; `nil` where units are those steps.
    private let steps: Double?

    private static let mercatorSide = 2 * 6_378_137 * Double.pi
    private static let metresPerCell = 0.00028
    private static let originSlack = 0.01

    /// The grid of a tile of the Web Mercator ladder, counted from the whole map's corner.
    ///
    /// - Parameter unitsAcrossWorld: units from 180° west to 180° east.
    init(unitsAcrossWorld: Double) {
        self.init(.mercator, (unitsAcrossWorld, 0), (0, unitsAcrossWorld), (0, 0), GridPosition(x: 0, y: 0))
    }

    /// The grid of a picture under a camera.
    ///
    /// - Parameters:
    ///   - unitsAcrossWorld: 24.8 device pixels from 180° west to 180° east.
    ///   - turnCosine, turnSine: of the map on the screen, clockwise.
    ///   - x, y: 24.8 device pixels of the map's north-west corner.
    ///   - stepsAcrossWorld: units of the tiles that the features come from.
    public init(
        unitsAcrossWorld side: Double, turnCosine: Double, turnSine: Double, x: Double, y: Double, stepsAcrossWorld: Double
    ) {
        self.init(
            .mercator, (side * turnCosine, side * turnSine), (-side * turnSine, side * turnCosine), (x, y),
            GridPosition(x: 0, y: 0), steps: stepsAcrossWorld)
    }

    /// The grid of a window; `nil` where its matrix is neither of degrees nor of Web Mercator, as the window alone does
    /// not say then where it lies.
    public init?(_ window: TileWindow) {
        let matrix = window.matrix
        let units = window.unitsPerCRSUnit
        let corner = GridPosition(
            x: Int64(window.origin.column) * Int64(window.extent), y: Int64(window.origin.row) * Int64(window.extent))
        let origin = matrix.pointOfOrigin
        let metresPerUnit = matrix.scaleDenominator * Self.metresPerCell / matrix.cellSize
        if metresPerUnit > 2 {
            self.init(.degrees, (units, 0), (0, -units), (-origin.x * units, origin.y * units), corner)
            return
        }
        let half = Self.mercatorSide / 2
        guard abs(metresPerUnit - 1) < 0.001, abs(origin.x + half) < Self.originSlack, abs(origin.y - half) < Self.originSlack
        else { return nil }
        let side = Self.mercatorSide * units
        self.init(.mercator, (side, 0), (0, side), (0, 0), corner)
    }

    private init(
        _ plane: Plane, _ eastward: (x: Double, y: Double), _ upward: (x: Double, y: Double), _ shift: (x: Double, y: Double),
        _ corner: GridPosition, steps: Double? = nil
    ) {
        self.steps = steps
        self.plane = plane
        self.eastward = eastward
        self.upward = upward
        self.shift = shift
        self.corner = corner
    }

    /// The unit nearest to a position on the plane.
    func position(of p: Coordinate) -> GridPosition {
        GridPosition(
            x: Self.whole(p.x * eastward.x + p.y * upward.x + shift.x) - corner.x,
            y: Self.whole(p.x * eastward.y + p.y * upward.y + shift.y) - corner.y)
    }

    /// Longitude and latitude of a unit, in degrees.
    func degrees(_ p: GridPosition) -> Coordinate {
        var onPlane = plane(x: Double(p.x), y: Double(p.y))
        if let steps { onPlane = Coordinate(x: (onPlane.x * steps).rounded() / steps, y: (onPlane.y * steps).rounded() / steps) }
        return plane == .degrees ? onPlane : Self.degrees(mercator: onPlane)
    }

    /// The position on the plane of units that need not be whole.
    func plane(x: Double, y: Double) -> Coordinate {
        let (x, y) = (x + Double(corner.x) - shift.x, y + Double(corner.y) - shift.y)
        let area = eastward.x * upward.y - eastward.y * upward.x
        return Coordinate(x: (x * upward.y - y * upward.x) / area, y: (y * eastward.x - x * eastward.y) / area)
    }

    /// Units across the whole world, where the map is not turned.
    var worldSide: Int64? {
        guard eastward.y == 0 else { return nil }
        return Self.whole(eastward.x * (plane == .degrees ? 360 : 1))
    }

    /// Units for a metre on the ground at a position.
    func unitsPerMetre(at p: GridPosition) -> Double {
        let units = (eastward.x * eastward.x + eastward.y * eastward.y).squareRoot()
        if plane == .degrees { return units * 360 / Self.mercatorSide }
        // The sphere's plane is stretched by one over the cosine of the latitude.
        return units / Self.mercatorSide * cosh((0.5 - plane(x: Double(p.x), y: Double(p.y)).y) * 2 * .pi)
    }

    private static func whole(_ value: Double) -> Int64 {
        // Far past every map, and exact in a double.
        let limit = 4e15
        return Int64(min(max(value, -limit), limit).rounded())
    }

    static func mercator(degrees p: Coordinate) -> Coordinate {
        let latitude = min(max(p.y, -89.999), 89.999) * .pi / 180
        return Coordinate(x: p.x / 360 + 0.5, y: 0.5 - log(tan(.pi / 4 + latitude / 2)) / (2 * .pi))
    }

    private static func degrees(mercator p: Coordinate) -> Coordinate {
        Coordinate(x: (p.x - 0.5) * 360, y: atan(exp((0.5 - p.y) * 2 * .pi)) * 360 / .pi - 90)
    }

    public static func == (a: FeatureGrid, b: FeatureGrid) -> Bool {
        a.plane == b.plane && a.eastward == b.eastward && a.upward == b.upward && a.shift == b.shift && a.corner == b.corner
            && a.steps == b.steps
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(plane)
        for v in [eastward.x, eastward.y, upward.x, upward.y, shift.x, shift.y] { hasher.combine(v) }
        hasher.combine(corner)
        hasher.combine(steps)
    }
}

/// A feature's geometry in grid units.
struct GridShape {
    var kind: TileGeometryKind
    /// As `TileLayer` has them: points one by one in a single part, lines, rings without the repeated closing position.
    var parts: [[GridPosition]]
}
