import Synchronization
import Testing

@testable import TileProduction

/// Hours of the day, by a clock that may jump.
@Suite struct SeedHoursTests {
    @Test(arguments: [
        ("22-6", [22 * 60, 23 * 60 + 59, 0, 359], [360, 12 * 60, 21 * 60 + 59]), ("8-18", [480, 1079], [479, 1080, 0]),
        ("22:30-6:15", [1350, 374], [1349, 375]), ("0-24", [], []), ("18-24", [1080, 1439], [0, 1079]),
    ]) func whatIsInThem(text: String, inside: [Int], outside: [Int]) throws {
        guard let hours = SeedHours(text) else {
            #expect(text == "0-24", "a whole day is no window")
            return
        }
        #expect(inside.allSatisfy { hours.contains(minute: $0) } && outside.allSatisfy { !hours.contains(minute: $0) })
    }

    @Test(arguments: ["", "22", "22-", "-6", "25-6", "22-6-7", "6-6", "22:60-6", "a-b", "24:30-6", "222-6"])
    func whatIsNoWindowIsNone(text: String) { #expect(SeedHours(text) == nil) }

    /// The clock stands outside, is put back, and comes into the window: the wait ends then, and the clock is asked every time.
    @Test func aClockThatGoesBackwardsDoesNoHarm() async throws {
        let hours = try #require(SeedHours("22-6"))
        let readings = Mutex([1200, 1310, 700, 1319, 1320])
        try await hours.wait(minute: { readings.withLock { $0.count > 1 ? $0.removeFirst() : $0[0] } }, interval: .milliseconds(1))
        #expect(readings.withLock { $0 } == [1320])
    }

    @Test func aWaitCanBeEnded() async throws {
        let hours = try #require(SeedHours("22-6"))
        let waiting = Task { try await hours.wait(minute: { 720 }, interval: .milliseconds(1)) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}
