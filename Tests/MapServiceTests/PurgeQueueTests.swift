import TestSupport
import Testing
import TileCache

@testable import MapService

@Suite struct PurgeQueueTests {
    private static func whole(_ map: String, _ version: UInt64, kind: DirtyTiles.Kind? = nil) -> PurgeNotice {
        PurgeNotice(map: map, subject: .everything(kind), reason: .start, dataVersion: version)
    }

    @Test func noticesLeaveInTheirOrder() {
        var queue = PurgeQueue(limit: 4)
        for number in 1...4 { queue.append(PurgeDeliveryTests.tile(number)) }
        #expect((1...4).map { _ in queue.popFirst()?.dataVersion } == [1, 2, 3, 4])
        #expect(queue.popFirst() == nil)
        #expect(queue.absorbed == 0)
    }

    @Test func everythingTakesInWhatWaitsAndWhatComes() {
        var queue = PurgeQueue(limit: 4)
        queue.append(PurgeDeliveryTests.tile(1))
        queue.append(PurgeDeliveryTests.tile(2, map: "grey"))
        queue.append(Self.whole("standard", 3))
        queue.append(PurgeDeliveryTests.tile(4))
        #expect(queue.waiting == [PurgeDeliveryTests.tile(2, map: "grey"), Self.whole("standard", 4)])
        #expect(queue.absorbed == 2)
        #expect(queue.overflows == 0)
    }

    /// A style leaves vector tiles alone, so what is known of them stays.
    @Test func everythingOfOneKindTakesInNothing() {
        var queue = PurgeQueue(limit: 4)
        queue.append(PurgeDeliveryTests.tile(1))
        queue.append(Self.whole("standard", 1, kind: .picture))
        queue.append(PurgeDeliveryTests.tile(2))
        #expect(queue.waiting.count == 3)
    }

    /// Whatever comes, every map that something was said of is among what waits, with the latest version that was said.
    @Test func nothingIsLostHoweverFullItIs() {
        var numbers = SeededGenerator(seed: 7)
        for _ in 0..<200 {
            var queue = PurgeQueue(limit: Int.random(in: 1...8, using: &numbers))
            var latest: [String: UInt64] = [:]
            var count = 0
            for number in 1...Int.random(in: 1...60, using: &numbers) {
                let map = ["standard", "grey", "image"][Int.random(in: 0..<3, using: &numbers)]
                let isWhole = Int.random(in: 0..<10, using: &numbers) == 0
                queue.append(isWhole ? Self.whole(map, UInt64(number)) : PurgeDeliveryTests.tile(number, map: map))
                latest[map] = UInt64(number)
                count += 1
                #expect(queue.waiting.count <= max(queue.limit, 3))
            }
            for (map, version) in latest { #expect(queue.waiting.last { $0.map == map }?.dataVersion == version) }
            #expect(queue.waiting.count + queue.absorbed == count)
        }
    }
}
