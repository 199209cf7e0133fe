import Foundation
import SimpleFeatures
import Testing

@Suite struct CivilDateTests {
    /// Day by day over eight hundred years, beside Foundation's calendar at every fiftieth day since it is the Gregorian one
    /// (15 October 1582; before that its days are Julian).
    @Test func daysFollowOneAnother() throws {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        let firstGregorian = try #require(CivilDate(year: 1582, month: 10, day: 15)).daysSince1970
        #expect(firstGregorian == -141_427)
        var former = CivilDate(daysSince1970: -150_001)
        for days in Int64(-150_000)...150_000 {
            let date = CivilDate(daysSince1970: days)
            let returns = date.daysSince1970 == days && CivilDate(year: date.year, month: date.month, day: date.day) == date
            let goesOn = date.day == former.day + 1 && date.month == former.month && date.year == former.year
            guard returns, goesOn || date.day == 1 else {
                Issue.record("day \(days): \(date) after \(former)")
                return
            }
            former = date
            guard days >= firstGregorian, days.isMultiple(of: 50) else { continue }
            let parts = calendar.dateComponents([.year, .month, .day], from: Date(timeIntervalSince1970: Double(days) * 86_400))
            guard parts.year == Int(date.year), parts.month == Int(date.month), parts.day == Int(date.day) else {
                Issue.record("day \(days): \(date), Foundation has \(parts)")
                return
            }
        }
    }

    @Test(arguments: [(2023, 2, 29), (1900, 2, 29), (2026, 13, 1), (2026, 0, 1), (2026, 4, 31), (2026, 1, 0)] as [(Int64, Int64, Int64)])
    func thereIsNoSuchDay(_ year: Int64, _ month: Int64, _ day: Int64) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test func leapDaysAreThere() throws {
        #expect(try #require(CivilDate(year: 2000, month: 2, day: 29)).daysSince1970 == 11_016)
        #expect(try #require(CivilDate(year: 0, month: 1, day: 1)).daysSince1970 == -719_528)
    }
}
