import Testing

@testable import OGCAPI

/// Conditions of requests (RFC 9110 section 13) and preferences (RFC 7240).
@Suite struct EntityConditionsTests {
    private func failing(
        match: String? = nil, none: String? = nil, since: String? = nil, tag: String = "a", lastChange: Int64? = 784_111_777
    ) throws -> String? {
        try EntityConditions(ifMatch: match, ifNoneMatch: none, ifUnmodifiedSince: since).failing(lastChange: lastChange) { $0 == tag }
    }

    @Test func ifMatchComparesStrongly() throws {
        #expect(try failing() == nil)
        #expect(try failing(match: "*") == nil)
        #expect(try failing(match: "\"a\"") == nil)
        #expect(try failing(match: " \"x\" , \"a\"") == nil)
        #expect(try failing(match: "\"x\",W/\"a\"") == "If-Match")
        #expect(try failing(match: "\"\"") == "If-Match")
        #expect(try failing(match: "") == "If-Match", "no tag is no tag of this")
    }

    @Test func ifNoneMatchComparesWeakly() throws {
        #expect(try failing(none: "*") == "If-None-Match")
        #expect(try failing(none: "W/\"a\"") == "If-None-Match")
        #expect(try failing(none: "\"b\"") == nil)
        #expect(try failing(match: "\"a\"", none: "\"a\"") == "If-None-Match")
    }

    @Test func datesCountWhereNoTagDoes() throws {
        #expect(try failing(since: "Sun, 06 Nov 1994 08:49:37 GMT") == nil)
        #expect(try failing(since: "Sun, 06 Nov 1994 08:49:36 GMT") == "If-Unmodified-Since")
        #expect(try failing(match: "\"a\"", since: "Sun, 06 Nov 1994 08:49:36 GMT") == nil)
        #expect(try failing(since: "yesterday") == nil, "what is no date is passed over")
        #expect(try failing(since: "Sun, 31 Feb 1994 08:49:36 GMT") == nil)
    }

    @Test(arguments: ["a", "\"a", "\"a\" b", "W/a", "W/", "**", "\"a\";", String(repeating: "\"a\",", count: 101)])
    func whatIsNoListOfTagsIsRefused(text: String) {
        #expect(throws: ParameterError.self) { try failing(match: text) }
        #expect(throws: ParameterError.self) { try failing(none: text) }
    }

    @Test func preferencesAreRead() {
        #expect(EditPreferences(nil) == EditPreferences(""))
        let both = EditPreferences("return=representation; x=1, Handling=\"Lenient\"")
        #expect(both.wanted == .representation && both.handling == .lenient)
        let first = EditPreferences("respond-async, handling=strict, handling=lenient, return=all")
        #expect(first.handling == .strict && first.wanted == nil)
    }
}
