import Testing

@testable import Portrayal

/// The way that a text with an offset follows beside its line.
@Suite struct ParallelWayTests {
    /// East for 100 pixels, then south: a bend to the right.
    private static let bend = LabelLine(x: [0, 100, 100], y: [0, 0, 100])

    private func check(_ p: (x: Float, y: Float, turn: Rotation)?, _ x: Float, _ y: Float, degrees: Float) throws {
        let p = try #require(p)
        #expect(abs(p.x - x) < 0.01 && abs(p.y - y) < 0.01, "\(p)")
        #expect(abs(p.turn.degrees - degrees) < 0.01)
    }

    @Test func insideABendStretchesMeetAtTheirCrossing() throws {
        let way = ParallelWay(Self.bend, anchor: 50, offset: 10)
        try check(way.point(at: 0), 50, 10, degrees: 0)
        try check(way.point(at: 40), 90, 10, degrees: 0)
        try check(way.point(at: 50), 90, 20, degrees: 90)
        try check(way.point(at: -50), 0, 10, degrees: 0)
        #expect(way.point(at: -51) == nil && way.point(at: 131) == nil)
    }

    @Test func roundASharpBendTheTextLeaps() throws {
        let hairpin = LabelLine(x: [0, 100, 0], y: [0, 0, 20])
        let way = ParallelWay(hairpin, anchor: 50, offset: -10)
        try check(way.point(at: 49), 99, -10, degrees: 0)
        let after = try #require(way.point(at: 51))
        #expect(after.y > 9 && after.turn.cosine < 0)
    }

    @Test func aMildBendIsRoundedOutside() throws {
        let mild = LabelLine(x: [0, 100, 200], y: [0, 0, 50])
        let way = ParallelWay(mild, anchor: 50, offset: -10)
        // The crossing lies past the corner, so the first stretch is longer than the line's.
        let p = try #require(way.point(at: 52))
        #expect(abs(p.turn.degrees) < 0.01 && abs(p.y + 10) < 0.01)
    }

    @Test func aSingleStretchIsMovedAsAWhole() throws {
        let way = ParallelWay(LabelLine(x: [0, 0], y: [0, 60]), anchor: 30, offset: 5)
        try check(way.point(at: 30), -5, 60, degrees: 90)
    }
}
