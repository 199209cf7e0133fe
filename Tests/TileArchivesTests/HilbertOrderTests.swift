import TestSupport
import Testing
import Tiling

@testable import TileArchives

@Suite struct HilbertOrderTests {
    /// Level, column, row and number, from the specification's table (PMTiles 3, chapter 4.1).
    @Test(arguments: [
        (0, 0, 0, 0), (1, 0, 0, 1), (1, 0, 1, 2), (1, 1, 1, 3), (1, 1, 0, 4), (2, 0, 0, 5), (12, 3423, 1763, 19_078_479),
    ] as [(Int, Int, Int, UInt64)])
    func numbersAreTheSpecifications(level: Int, column: Int, row: Int, number: UInt64) {
        let address = TileAddress(level: level, row: row, column: column)
        #expect(HilbertOrder.number(of: address) == number)
        #expect(HilbertOrder.address(of: number) == address)
    }

    @Test func everyTileHasANumberOfItsOwn() {
        var seen: Set<UInt64> = []
        for level in 0...6 {
            for row in 0..<(1 << level) {
                for column in 0..<(1 << level) {
                    let address = TileAddress(level: level, row: row, column: column)
                    let number = HilbertOrder.number(of: address)
                    #expect(number.flatMap(HilbertOrder.address) == address)
                    if let number { seen.insert(number) }
                }
            }
        }
        #expect(seen == Set(0..<HilbertOrder.first(ofLevel: 7)))
    }

    @Test func numbersHoldToTheDeepestLevel() {
        var numbers = SeededGenerator(seed: 31)
        for level in 20...31 {
            for _ in 0..<200 {
                let side = 1 << level
                let address = TileAddress(
                    level: level, row: .random(in: 0..<side, using: &numbers), column: .random(in: 0..<side, using: &numbers))
                #expect(HilbertOrder.number(of: address).flatMap(HilbertOrder.address) == address)
            }
        }
        #expect(HilbertOrder.address(of: .max) == nil)
        #expect(HilbertOrder.number(of: TileAddress(level: 32, row: 0, column: 0)) == nil)
        #expect(HilbertOrder.number(of: TileAddress(level: 3, row: 8, column: 0)) == nil)
        #expect(HilbertOrder.number(of: TileAddress(level: 3, row: 0, column: -1)) == nil)
    }
}
