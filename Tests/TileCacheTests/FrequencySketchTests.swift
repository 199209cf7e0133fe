import TestSupport
import Testing

@testable import TileCache

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
