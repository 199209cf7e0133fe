/// The places along a line at which symbols repeat, all lengths in device pixels.
struct LineAnchors {
    var spacing: Float
    /// Degrees.
    var maximumAngle: Float
    /// Of the symbol along the line.
    var length: Float
    /// Over which the line may not turn by more than the maximum; 0 for no such limit.
    var angleWindow: Float
    /// What a line that begins in the tile leaves free before the first symbol.
    var lead: Float
    /// How much farther the first symbol stands in a tile that is drawn larger than it is.
    var overscale: Float
    /// Whether a line goes on in the neighbouring tile.
    var isContinued: Bool

    /// Distances from the line's start.
    func places(on line: LabelLine, isInside: (Float, Float) -> Bool) -> [Float] {
        // A long label asks for more room.
        let apart = spacing - length < spacing / 4 ? length + spacing / 4 : spacing
        let first = (isContinued ? apart / 2 : length / 2 + lead) * overscale
        let found = places(on: line, from: first.truncatingRemainder(dividingBy: apart), apart, isInside)
        return found.isEmpty && !isContinued ? places(on: line, from: line.length / 2, .infinity, isInside) : found
    }

    /// No line bears more symbols, however much it runs to and fro.
    private static let mostPlaces = 10_000

    private func places(
        on line: LabelLine, from first: Float, _ apart: Float, _ isInside: (Float, Float) -> Bool
    ) -> [Float] {
        var out: [Float] = []
        var at = first
        while at < line.length {
            let p = line.point(at: at)
            if at - length / 2 >= 0, at + length / 2 <= line.length, isInside(p.x, p.y), isGentle(line, at) { out.append(at) }
            let next = at + apart
            // Far along a line that runs to and fro, numbers have no room for a small step.
            guard apart.isFinite, next > at, out.count < Self.mostPlaces else { break }
            at = next
        }
        return out
    }

    /// Whether the line bends little enough for a symbol there.
    func isGentle(_ line: LabelLine, _ at: Float) -> Bool {
        angleWindow <= 0
            || line.isGentle(from: at - length / 2, to: at + length / 2, maximumAngle: maximumAngle, within: angleWindow)
    }
}
