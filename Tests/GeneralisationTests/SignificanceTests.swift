import Testing

@testable import Generalisation

struct SignificanceTests {
    @Test func stepsAreEighthsOfAnOctave() {
        #expect(Significance.step(metres: 0) == 0)
        #expect(Significance.step(metres: .nan) == 0)
        #expect(Significance.step(metres: 0x1p-7) == 1)
        #expect(Significance.step(metres: 0x1p-6) == 9)
        #expect(Significance.step(metres: 1) == 57)
        #expect(Significance.step(metres: 1.0905077326652577) == 58)
        #expect(Significance.step(metres: 1.09) == 57)
        #expect(Significance.step(metres: .infinity) == 254)
    }

    @Test func growsWithTheDistance() {
        var previous: UInt8 = 0
        var d = 0.001
        while d < 1e9 {
            let step = Significance.step(metres: d)
            #expect(step >= previous && step < Significance.always)
            previous = step
            d *= 1.01
        }
    }
}
