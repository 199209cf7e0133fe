import Testing

@testable import MapService

@Suite struct PageMarksTests {
    /// Layers of rows with gaps between their ids, passed over in any order: a mark is always where the row is.
    @Test(arguments: 0..<20 as Range<UInt64>) func marksAreWhereTheRowsAre(_ seed: UInt64) {
        var random = seed &* 6_364_136_223_846_793_005 &+ 1
        func below(_ count: Int) -> Int {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int((random >> 33) % UInt64(count))
        }
        var ids: [Int64] = []
        for _ in 0..<5000 { ids.append((ids.last ?? 0) + Int64(1 + below(3))) }
        var marks = PageMarks()
        for _ in 0..<50 {
            let skip = below(ids.count)
            let mark = marks.nearest(to: skip, layer: "a", version: 1)
            let passed = mark?.passed ?? 0
            #expect(passed <= skip)
            if let mark { #expect(ids[passed - 1] == mark.after) }
            let found = (passed..<skip).filter { ($0 + 1 - passed).isMultiple(of: PageMarks.distance) }.map { ids[$0] }
            marks.learn(found, after: passed, layer: "a", version: 1)
            let next = marks.nearest(to: skip, layer: "a", version: 1)?.passed ?? 0
            #expect(skip - next < PageMarks.distance, "what was passed over once is known")
        }
        #expect(marks.nearest(to: 4000, layer: "a", version: 2) == nil)
        #expect(marks.nearest(to: 4000, layer: "b", version: 1) == nil)
        marks.learn([], after: 0, layer: "a", version: 2)
        #expect(marks.nearest(to: 4000, layer: "a", version: 2) == nil, "a new version begins anew")
    }
}
