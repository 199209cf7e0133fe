import TestSupport
import Testing
import Tiling

@testable import TileCache

@Suite struct DirtyJournalTests {
    /// Against all marks kept in a list and looked through one by one.
    @Test func agreesWithAListOfMarks() {
        var random = SeededGenerator(seed: 5)
        let journal = DirtyJournal(markLimit: 50)
        var marks: [[DirtyTiles]] = []
        for step in 0..<400 {
            if step.isMultiple(of: 2) {
                let start = Int.random(in: 0..<30, using: &random)
                let dirty = Sample.dirty(start..<(start + 3), map: Bool.random(using: &random) ? "m" : "n")
                marks.append(dirty)
                #expect(journal.add(StaleMark(dirty)).number == UInt64(marks.count))
            }
            let since = Int.random(in: 0...marks.count, using: &random)
            let key = Sample.key(Int.random(in: 0..<33, using: &random))
            let isKnown = marks.count - since <= 50
            let expected = !isKnown || marks[since...].contains { $0.contains { $0.contains(key) } }
            #expect(journal.isOutdated(key, since: CacheGeneration(UInt64(since))) == expected, "step \(step)")
        }
        #expect(journal.generation.number == UInt64(marks.count))
    }

    @Test func forgetsTheOldestWhereRectanglesAreTooMany() {
        let journal = DirtyJournal(markLimit: 100, blockLimit: 3)
        for row in 0..<5 { _ = journal.add(StaleMark(Sample.dirty(row..<(row + 1)))) }
        let far = Sample.key(1000)
        #expect(journal.isOutdated(far, since: CacheGeneration(1)), "too far back to tell")
        #expect(!journal.isOutdated(far, since: CacheGeneration(2)))
    }
}

@Suite struct FrequencySketchTests {
    @Test func countsAreNeverTooLowAndSeldomTooHigh() {
        var sketch = FrequencySketch(entries: 1024)
        var random = SeededGenerator(seed: 11)
        let things = (0..<500).map { _ in random.next() }
        for (n, thing) in things.enumerated() { for _ in 0..<(n % 8) { sketch.record(thing) } }
        var tooHigh = 0
        for (n, thing) in things.enumerated() {
            #expect(sketch.count(of: thing) >= n % 8)
            if sketch.count(of: thing) > n % 8 { tooHigh += 1 }
        }
        #expect(tooHigh < 25, "\(tooHigh) of 500")
    }

    @Test func forgetsByHalves() {
        var sketch = FrequencySketch(entries: 64)
        for _ in 0..<20 { sketch.record(1) }
        #expect(sketch.count(of: 1) == FrequencySketch.most)
        var random = SeededGenerator(seed: 3)
        for _ in 0..<1400 { sketch.record(random.next()) }
        #expect(sketch.count(of: 1) < FrequencySketch.most)
    }
}
