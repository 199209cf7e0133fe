public import SimpleFeatures

/// The public formulas of GCJ-02 and BD-09 and their iterated inverses, on longitude and latitude in degrees.
///
/// The inverses are for cleansing on import. The forward formulas exist to iterate the inverses and to test them.
public enum ChinaOffset {
    private static let iterationLimit = 30
    /// The inverse stops when its forward image is this near, in degrees: a ten-thousandth of a millimetre.
    private static let convergenceInDegrees = 1e-12

    /// Whether the GCJ-02 formula moves a position; outside this box it is the identity by definition.
    static func isShifted(_ c: Coordinate) -> Bool {
        c.x >= 72.004 && c.x <= 137.8347 && c.y >= 0.8293 && c.y <= 55.8271
    }

    /// GCJ-02 of a WGS 84 or CGCS2000 position.
    public static func gcj02(of c: Coordinate) -> Coordinate {
        guard isShifted(c) else { return c }
        let (x, y) = (c.x - 105, c.y - 35)
        let common = 20 * sin6pi(x) + 20 * sin2pi(x)
        var dLatitude = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * abs(x).squareRoot()
        dLatitude += common * 2 / 3 + (20 * sine(y) + 40 * sine(y / 3)) * 2 / 3
        dLatitude += (160 * sine(y / 12) + 320 * sine(y / 30)) * 2 / 3
        var dLongitude = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * abs(x).squareRoot()
        dLongitude += common * 2 / 3 + (20 * sine(x) + 40 * sine(x / 3)) * 2 / 3
        dLongitude += (150 * sine(x / 12) + 300 * sine(x / 30)) * 2 / 3

        let latitude = c.y / 180 * Double.pi
        let sinLatitude = sineOfRadians(latitude)
        let magic = 1 - Ellipsoid.krassovskyEccentricitySquared * sinLatitude * sinLatitude
        let root = magic.squareRoot()
        let a = Ellipsoid.krassovskySemiMajorAxisInMetres
        let meridianRadius = a * (1 - Ellipsoid.krassovskyEccentricitySquared) / (magic * root)
        let parallelRadius = a / root * cosineOfRadians(latitude)
        return Coordinate(
            x: c.x + dLongitude * 180 / (parallelRadius * Double.pi),
            y: c.y + dLatitude * 180 / (meridianRadius * Double.pi))
    }

    /// The position whose GCJ-02 image `c` is, to better than 1e-9 degree; `nil` when the iteration does not settle
    /// (only at the rim of the box, where the formula is not continuous).
    public static func removingGCJ02(from c: Coordinate) -> Coordinate? {
        guard isShifted(c) else { return c }
        return inverse(of: c, startingAt: c, through: gcj02)
    }

    /// BD-09 of a GCJ-02 position.
    public static func bd09(ofGCJ02 c: Coordinate) -> Coordinate {
        let radius = (c.x * c.x + c.y * c.y).squareRoot() + 0.00002 * sineOfRadians(c.y * bdFactor)
        let angle = arctangent(c.y, c.x) + 0.000003 * cosineOfRadians(c.x * bdFactor)
        return Coordinate(x: radius * cosineOfRadians(angle) + 0.0065, y: radius * sineOfRadians(angle) + 0.006)
    }

    /// BD-09 of a WGS 84 or CGCS2000 position.
    public static func bd09(of c: Coordinate) -> Coordinate { bd09(ofGCJ02: gcj02(of: c)) }

    /// Baidu's published closed inverse of BD-09, good to about 0.1 m: the start of the iterated one.
    public static func approximateGCJ02(ofBD09 c: Coordinate) -> Coordinate {
        let (x, y) = (c.x - 0.0065, c.y - 0.006)
        let radius = (x * x + y * y).squareRoot() - 0.00002 * sineOfRadians(y * bdFactor)
        let angle = arctangent(y, x) - 0.000003 * cosineOfRadians(x * bdFactor)
        return Coordinate(x: radius * cosineOfRadians(angle), y: radius * sineOfRadians(angle))
    }

    /// The position whose BD-09 image `c` is, to better than 1e-9 degree; `nil` as for GCJ-02.
    public static func removingBD09(from c: Coordinate) -> Coordinate? {
        guard let gcj = inverse(of: c, startingAt: approximateGCJ02(ofBD09: c), through: bd09(ofGCJ02:)) else {
            return nil
        }
        return removingGCJ02(from: gcj)
    }

    private static let bdFactor = Double.pi * 3000 / 180

    private static func inverse(
        of target: Coordinate, startingAt start: Coordinate, through forward: (Coordinate) -> Coordinate
    ) -> Coordinate? {
        var guess = start
        for _ in 0..<iterationLimit {
            let image = forward(guess)
            let (dx, dy) = (target.x - image.x, target.y - image.y)
            guess.x += dx
            guess.y += dy
            if abs(dx) < convergenceInDegrees && abs(dy) < convergenceInDegrees { return guess }
            guard guess.isFinite else { return nil }
        }
        return nil
    }

    private static func sine(_ turnsOfHalf: Double) -> Double { sineOfRadians(turnsOfHalf * .pi) }
    private static func sin6pi(_ x: Double) -> Double { sineOfRadians(6 * x * .pi) }
    private static func sin2pi(_ x: Double) -> Double { sineOfRadians(2 * x * .pi) }
}
