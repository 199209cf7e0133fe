import TestSupport
import Testing
import Tiling
import Wording

@testable import CQL2

/// What holds for every expression, tried on many by chance.
struct PropertyTests {
    @Test(arguments: 0..<40) func writtenIsReadAsItWas(_ seed: UInt64) throws {
        var random = RandomExpressions(seed: seed)
        for _ in 0..<50 {
            let expression = random.filter()
            let text = expression.text
            #expect(try CQL2Expression(text: text) == expression, "seed \(seed): \(text)")
            let json = expression.json.bytes()
            #expect(try CQL2Expression(json: json) == expression, "seed \(seed): \(String(decoding: json, as: UTF8.self))")
        }
    }

    /// Whatever is broken is answered: read as something that can be written again, or refused.
    @Test(arguments: 0..<20) func brokenIsAnswered(_ seed: UInt64) throws {
        var random = RandomExpressions(seed: 1000 + seed)
        for _ in 0..<50 {
            let expression = random.filter(3)
            var text = Array(expression.text.utf8)
            var json = expression.json.bytes()
            for _ in 0..<3 {
                Self.breakUp(&text, &random.random)
                Self.breakUp(&json, &random.random)
            }
            let spelt = String(decoding: text, as: UTF8.self)
            do {
                let read = try CQL2Expression(text: spelt)
                #expect(try CQL2Expression(json: read.json.bytes()) == read, "seed \(seed): \(spelt)")
            } catch {
                #expect(!error.message.zh.isEmpty)
            }
            do {
                let read = try CQL2Expression(json: json)
                #expect(try CQL2Expression(json: read.json.bytes()) == read, "seed \(seed)")
            } catch {
                #expect(!error.message.en.isEmpty)
            }
        }
    }

    private static func breakUp(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int(random.next() % UInt64(bytes.count))
        switch random.next() % 4 {
        case 0: bytes.remove(at: place)
        case 1: bytes[place] = UInt8(truncatingIfNeeded: random.next())
        case 2: bytes.insert(Array("()'\"\\,.[]{}-%".utf8)[Int(random.next() % 13)], at: place)
        default: bytes.swapAt(place, Int(random.next() % UInt64(bytes.count)))
        }
    }
}
