/// Circles and round joins as chords close enough that no pixel shows them.
enum Arc {
    /// How far a chord of a join or cap may lie inside its arc, in 1/256 pixel.
    private static let joinTolerance = 28.0
    /// The same for circles, which stand alone and are looked at.
    private static let circleTolerance = 8.0

    /// In 1/256 pixel; a larger circle is drawn as one of this radius.
    private static let radiusLimit = 16_777_216.0

    /// How far a circle of `radius` pixels may reach from its centre, in 1/256 pixel.
    static func reach(_ radius: Float) -> Int {
        guard radius > 0 else { return 0 }
        return Int(min(Double(radius) * 256, radiusLimit)) + 257
    }

    /// Adds a circle of `radius` in 1/256 pixel as a polygon of the circle's own area.
    static func addCircle(
        _ centreX: Int, _ centreY: Int, _ radius: Double, reversed: Bool, into accumulator: inout CoverageAccumulator
    ) {
        let r = min(radius, radiusLimit)
        let reach = Int(r) + 257
        if accumulator.misses(
            left: centreX - reach, top: centreY - reach, right: centreX + reach, bottom: centreY + reach)
        {
            return
        }
        let sides = 4 * max(2, Int((Double.pi / (8 * circleTolerance / r).squareRoot() / 2).rounded(.up)))
        let turn = FixedTrigonometry.cosineAndSine(degrees: (reversed ? -360 : 360) / Double(sides))
        let step = 2 * Double.pi / Double(sides)
        var x = r * (step / abs(turn.sine)).squareRoot()
        var y = 0.0
        let firstX = centreX + FixedTrigonometry.round(x)
        var penX = firstX
        var penY = centreY
        for _ in 1..<sides {
            (x, y) = (x * turn.cosine - y * turn.sine, x * turn.sine + y * turn.cosine)
            let nextX = centreX + FixedTrigonometry.round(x)
            let nextY = centreY + FixedTrigonometry.round(y)
            accumulator.addEdge(penX, penY, nextX, nextY)
            penX = nextX
            penY = nextY
        }
        accumulator.addEdge(penX, penY, firstX, centreY)
    }

    /// The rotation that goes from one offset to another in `count` equal steps, clockwise on the screen.
    ///
    /// `cosine` is the angle's, 0 ... 180 degrees; `radius` in 1/256 pixel.
    @inline(__always)
    static func steps(cosine: Double, radius: Double) -> (count: Int, cosine: Double, sine: Double) {
        var c = max(-1, min(1, cosine))
        var count = 1
        var half = ((1 + c) / 2).squareRoot()
        while radius * (1 - half) > joinTolerance && count < 1024 {
            c = half
            count &*= 2
            half = ((1 + c) / 2).squareRoot()
        }
        return (count, c, (1 - c * c).squareRoot())
    }
}
