import Foundation
import Synchronization
import Testing

@testable import TileProduction

private final class Tally: Sendable {
    private let count = Mutex(0)

    func next() -> Int {
        count.withLock {
            $0 += 1
            return $0
        }
    }
}

@Suite struct ProductionQueueTests {
    @Test func makesAThingOnceForAHundredWhoAsk() async throws {
        let queue = ProductionQueue<Int, Int>(workers: [TileWorker(number: 0), TileWorker(number: 1)], limit: 200)
        let made = Tally()
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<100 {
                group.addTask {
                    try await queue.produce(7) { _ in
                        Thread.sleep(forTimeInterval: 0.3)
                        return made.next()
                    }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == [Int](repeating: 1, count: 100))
        #expect(await queue.statistics.joined == 99)
    }

    @Test func runsOnWorkersOnly() async throws {
        let queue = ProductionQueue<Int, String>(workers: [TileWorker(number: 3)], limit: 10)
        let name = try await queue.produce(1) { _ in
            try String(contentsOfFile: "/proc/thread-self/comm", encoding: .utf8)
        }
        #expect(name == "tile-3\n")
    }

    @Test func refusesWhenTooManyWait() async throws {
        let queue = ProductionQueue<Int, Int>(workers: [TileWorker(number: 0)], limit: 1)
        let refused = await withTaskGroup(of: Bool.self) { group in
            for n in 0..<20 {
                group.addTask {
                    do {
                        _ = try await queue.produce(n) { _ in
                            Thread.sleep(forTimeInterval: 0.2)
                            return n
                        }
                        return false
                    } catch let error as ProductionError {
                        return error.code == .overloaded
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(refused >= 15)
        #expect(try await queue.produce(99) { _ in 5 } == 5)
    }

    @Test func aFailureReachesEveryoneAndIsNotKept() async throws {
        struct Broken: Error {}
        let queue = ProductionQueue<Int, Int>(workers: [TileWorker(number: 0)], limit: 10)
        await #expect(throws: Broken.self) { try await queue.produce(1) { _ in throw Broken() } }
        #expect(try await queue.produce(1) { _ in 3 } == 3)
    }
}

private final class OrderBoard: Sendable {
    private let numbers = Mutex<[Int]>([])

    func add(_ number: Int) { numbers.withLock { $0.append(number) } }

    var all: [Int] { numbers.withLock { $0 } }
}

@Suite struct ProductionBehindTests {
    /// What nobody waits for begins when nothing else waits; somebody who comes to wait for it hastens it.
    @Test func jobsBehindComeLastUnlessSomebodyWaits() async throws {
        let queue = ProductionQueue<Int, Int>(workers: [TileWorker(number: 0)], limit: 10)
        let order = OrderBoard()
        let gate = DispatchSemaphore(value: 0)
        let make: @Sendable (Int, Bool) async throws -> Int = { n, isBehind in
            try await queue.produce(n, isBehind: isBehind) { _ in
                if n == 0 { gate.wait() }
                order.add(n)
                return n
            }
        }
        try await withThrowingTaskGroup(of: Int.self) { group in
            for (n, isBehind) in [(0, false), (1, true), (2, true), (3, false)] {
                group.addTask { try await make(n, isBehind) }
                while await queue.statistics.started <= n { await Task.yield() }
            }
            group.addTask { try await make(2, false) }
            while await queue.statistics.joined == 0 { await Task.yield() }
            gate.signal()
            try await group.waitForAll()
        }
        #expect(order.all == [0, 3, 2, 1])
    }

    @Test func jobsBehindAreBoundedToo() async throws {
        let queue = ProductionQueue<Int, Int>(workers: [TileWorker(number: 0)], limit: 2)
        let gate = DispatchSemaphore(value: 0)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for n in 0..<6 {
                group.addTask {
                    do {
                        _ = try await queue.produce(n, isBehind: true) { _ in
                            gate.wait()
                            gate.signal()
                            return n
                        }
                        return true
                    } catch let error as ProductionError where error.code == .overloaded {
                        return false
                    }
                }
            }
            while await queue.statistics.refused < 4 { await Task.yield() }
            gate.signal()
            let done = try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            #expect(done == 2)
        }
    }
}
