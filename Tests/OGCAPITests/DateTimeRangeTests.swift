import Testing

@testable import OGCAPI

/// Instants and intervals of RFC 3339, and days of Beijing.
struct DateTimeRangeTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", DateTimeRange.instant(0)), ("2018-05-09T08:00:00Z", .instant(1_525_852_800)),
        ("2018-05-09T08:00:00.75+08:00", .instant(1_525_824_000)), ("2018-05-09t08:00:00z", .instant(1_525_852_800)),
        ("2018-05-09T08:00:00 08:00", .instant(1_525_824_000)), ("2018-05-08T23:30:00-00:30", .instant(1_525_824_000)),
        ("2000-02-29T00:00:00Z", .instant(951_782_400)), ("1969-12-31T23:59:59Z", .instant(-1)),
        // The end of that day in Beijing.
        ("2018-05-09", .instant(1_525_881_599)),
        ("2018-05-09/2018-05-09", .interval(from: 1_525_795_200, to: 1_525_881_599)),
        ("2018-05-09T00:00:00Z/..", .interval(from: 1_525_824_000, to: nil)), ("../2018-05-09", .interval(from: nil, to: 1_525_881_599)),
        ("/2018-05-09T00:00:00Z", .interval(from: nil, to: 1_525_824_000)), ("2018-05-09T00:00:00Z/", .interval(from: 1_525_824_000, to: nil)),
    ])
    func timesAreRead(_ text: String, _ range: DateTimeRange) throws {
        #expect(try DateTimeRange(text) == range)
    }

    @Test(arguments: [
        "", "..", "/", "../..", "yesterday", "2018", "2018-13-01", "2018-02-29", "2018-5-9", "2018-05-09T08:00", "2018-05-09T24:00:00Z",
        "2018-05-09T08:00:00", "2018-05-09T08:00:00.Z", "2018-05-09T08:00:00Zx", "2018-05-09T08:00:00+8", "2018-05-09/2018-05-08",
        "2018-05-09/x", "a/b/c", "２０１８-05-09", "2018-05-09T08:61:00Z", "-2018-05-09",
    ])
    func othersAreRefused(_ text: String) {
        let error = #expect(throws: ParameterError.self) { try DateTimeRange(text) }
        #expect(error?.name == "datetime" && error?.code == .invalid)
    }
}
