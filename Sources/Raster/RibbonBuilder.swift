/// Lays the two edges of a ribbon along a line, corner by corner.
struct RibbonBuilder {
    private let form: RibbonForm
    private(set) var ribbon = Ribbon()

    private static let radiansPerTriangle: Float = 20 * .pi / 180
    /// Past this a corner counts as turning back.
    private static let longestMiter: Float = 100
    /// A mitre up to this long may still be rounded by slices, or bevelled outright.
    private static let moderateMiter: Float = 2

    init(form: RibbonForm) { self.form = form }

    private struct Corner {
        var place: SIMD2<Float>
        var along: Float
        /// Unit normals of the edges before and after; on screen they point to the right of the direction.
        var before: SIMD2<Float>
        var after: SIMD2<Float>
        var isFirst: Bool
        var isLast: Bool
    }

    /// - Parameter closed: whether the last position is joined to the first.
    mutating func add(_ points: [SIMD2<Float>], closed: Bool) {
        var line: [SIMD2<Float>] = []
        for p in points where line.last != p { line.append(p) }
        if closed, line.count > 2, let first = line.first {
            if line.last != first { line.append(first) }
        }
        guard line.count > 1 else { return }
        ribbon.breakStrip()
        let normals = (1..<line.count).map { i in Self.normal(line[i - 1], line[i]) }
        // A ring is entered by its last edge.
        var along: Float = closed ? Self.length(line[line.count - 1] - line[line.count - 2]) : 0
        for i in line.indices {
            if i > 0 { along += Self.length(line[i] - line[i - 1]) }
            let isFirst = i == 0 && !closed
            let isLast = i == line.count - 1 && !closed
            let before = i > 0 ? normals[i - 1] : closed ? normals[normals.count - 1] : normals[0]
            let after = i < normals.count ? normals[i] : closed ? normals[0] : before
            let corner = Corner(place: line[i], along: along, before: before, after: after, isFirst: isFirst, isLast: isLast)
            if isFirst || isLast {
                addEnd(corner)
                continue
            }
            let isSharp = (before * after).sum() < Self.sharpCosine
            if isSharp, i > 0 { addAside(corner, before, towards: line[i - 1], sign: -1) }
            addJoin(corner, opens: i < line.count - 1, closes: i > 0)
            if isSharp, i < line.count - 1 { addAside(corner, after, towards: line[i + 1], sign: 1) }
        }
    }

    private static func length(_ v: SIMD2<Float>) -> Float { (v * v).sum().squareRoot() }

    private static func normal(_ a: SIMD2<Float>, _ b: SIMD2<Float>) -> SIMD2<Float> {
        let d = b - a
        return SIMD2(-d.y, d.x) / length(d)
    }

    /// Past this turn a corner is sharp: 75 degrees.
    private static let sharpCosine: Float = 0.2588

    /// Ends what a sharp corner bends a little way off it, where the edge is long enough.
    private mutating func addAside(_ corner: Corner, _ normal: SIMD2<Float>, towards other: SIMD2<Float>, sign: Float) {
        let edge = other - corner.place
        let length = Self.length(edge)
        guard length > 2 * form.cornerReach else { return }
        var aside = corner
        aside.place += edge * (form.cornerReach / length)
        aside.along += sign * form.cornerReach
        add(aside, normal)
    }

    /// Both edges at a place. `left` and `right` move them along the line, in half widths.
    private mutating func add(
        _ corner: Corner, _ normal: SIMD2<Float>, left: Float = 0, right: Float = 0, base: SIMD2<Float>? = nil, round: Bool = false
    ) {
        let along = SIMD2(normal.y, -normal.x)
        let shift = (base ?? normal) * form.offset
        addHalf(corner, normal + along * left, shift, isRight: false, round)
        addHalf(corner, -normal + along * right, shift, isRight: true, round)
    }

    private mutating func addHalf(
        _ corner: Corner, _ extrude: SIMD2<Float>, _ shift: SIMD2<Float>, isRight: Bool, _ round: Bool
    ) {
        let p = corner.place + extrude * form.reach + shift
        ribbon.add(
            Ribbon.Vertex(x: p.x, y: p.y, end: round ? 1 : 0, side: isRight ? 1 : -1, along: corner.along))
    }

    private mutating func addEnd(_ corner: Corner) {
        let normal = corner.isFirst ? corner.after : corner.before
        let outwards: Float = corner.isFirst ? -1 : 1
        switch form.cap {
        case .butt: add(corner, normal)
        case .square: add(corner, normal, left: outwards, right: outwards)
        case .round:
            if corner.isFirst { add(corner, normal, left: -1, right: -1, round: true) }
            add(corner, normal)
            if corner.isLast { add(corner, normal, left: 1, right: 1, round: true) }
        }
    }

    /// - Parameters:
    ///   - opens: whether an edge follows that starts here.
    ///   - closes: whether an edge ends here.
    private mutating func addJoin(_ corner: Corner, opens: Bool, closes: Bool) {
        let sum = corner.before + corner.after
        let length = Self.length(sum)
        let middle = length > 0 ? sum / length : SIMD2(0, 0)
        let cosine = (middle * corner.after).sum()
        let miter = cosine != 0 ? 1 / cosine : Float.infinity
        let turnsLeft = corner.before.x * corner.after.y - corner.before.y * corner.after.x > 0
        switch form.join {
        case .round where miter >= form.roundLimit && miter > Self.moderateMiter: addRound(corner, opens: opens, closes: closes)
        case .round where miter >= form.roundLimit:
            addBevel(corner, miter, turnsLeft, sliced: true, cosine, opens: opens, closes: closes)
        case .bevel where miter >= Self.bevelLimit, .miter where miter > form.miterLimit:
            if miter > Self.moderateMiter {
                addFlipped(corner, middle, miter, turnsLeft)
            } else {
                addBevel(corner, miter, turnsLeft, sliced: false, cosine, opens: opens, closes: closes)
            }
        default: add(corner, middle * miter, base: middle * miter)
        }
    }

    /// Flatter corners than this need no bevel.
    private static let bevelLimit: Float = 1.0001

    private mutating func addRound(_ corner: Corner, opens: Bool, closes: Bool) {
        if closes {
            add(corner, corner.before)
            add(corner, corner.before, left: 1, right: 1, base: corner.before, round: true)
        }
        if opens {
            add(corner, corner.after, left: -1, right: -1, base: corner.after, round: true)
            add(corner, corner.after)
        }
    }

    private mutating func addBevel(
        _ corner: Corner, _ miter: Float, _ turnsLeft: Bool, sliced: Bool, _ cosine: Float, opens: Bool, closes: Bool
    ) {
        let inwards = -max(miter * miter - 1, 0).squareRoot()
        let (left, right) = turnsLeft ? (inwards, 0) : (0, inwards)
        if closes { add(corner, corner.before, left: left, right: right, base: corner.before) }
        if sliced, opens, closes {
            let angle = 2 * max(2 - 2 * cosine, 0).squareRoot()
            let slices = Int((angle / Self.radiansPerTriangle).rounded())
            for m in 1..<max(slices, 1) {
                let t = Float(m) / Float(slices)
                let blend = corner.before + (corner.after - corner.before) * t
                let edge = blend / Self.length(blend) * (turnsLeft ? -1 : 1)
                let shift = (turnsLeft ? -edge : edge) * form.offset
                addHalf(corner, edge, shift, isRight: turnsLeft, false)
            }
        }
        if opens { add(corner, corner.after, left: -left, right: -right, base: corner.after) }
    }

    /// A sharp corner's edges change sides, which cuts its tip off.
    private mutating func addFlipped(_ corner: Corner, _ middle: SIMD2<Float>, _ miter: Float, _ turnsLeft: Bool) {
        var across = -corner.after
        if miter <= Self.longestMiter {
            let bevel = miter * Self.length(corner.before + corner.after) / Self.length(corner.before - corner.after)
            across = SIMD2(-middle.y, middle.x) * (bevel * (turnsLeft ? -1 : 1))
        }
        add(corner, across)
        add(corner, -across)
    }
}
