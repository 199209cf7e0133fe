import Testing
import Wording

@testable import CQL2

/// Bad filters: where they are bad, and what is said of it.
struct RefusalTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var filter: String
        var code: CQL2Error.Code
        /// Of the character, or the pointer.
        var place: CQL2Error.Place
        var testDescription: String { filter }
    }

    static let texts: [Case] = [
        Case(filter: "", code: .syntax, place: .character(0)),
        Case(filter: "name", code: .operand, place: .character(0)),
        Case(filter: "name = ", code: .syntax, place: .character(7)),
        Case(filter: "名称 = '道滘", code: .syntax, place: .character(5)),
        Case(filter: "名称 = '道滘' AND", code: .syntax, place: .character(13)),
        Case(filter: "a = 1 b = 2", code: .syntax, place: .character(6)),
        Case(filter: "(a = 1", code: .syntax, place: .character(0)),
        Case(filter: "a = 1)", code: .syntax, place: .character(5)),
        Case(filter: "a = 1 AND b", code: .operand, place: .character(10)),
        Case(filter: "a LIKE 5", code: .operand, place: .character(7)),
        Case(filter: "a LIKE b", code: .operand, place: .character(7)),
        Case(filter: "a BETWEEN 1 OR 2", code: .syntax, place: .character(12)),
        Case(filter: "a BETWEEN 'x' AND 'y'", code: .operand, place: .character(10)),
        Case(filter: "a IN ()", code: .syntax, place: .character(6)),
        Case(filter: "a IS 5", code: .syntax, place: .character(5)),
        Case(filter: "a NOT = 5", code: .syntax, place: .character(6)),
        Case(filter: "a = 1e999", code: .syntax, place: .character(4)),
        Case(filter: "a = 5x", code: .syntax, place: .character(4)),
        Case(filter: "a = 1;DROP TABLE b", code: .syntax, place: .character(5)),
        Case(filter: "S_INTERSECTS(geom)", code: .syntax, place: .character(17)),
        Case(filter: "S_INTERSECTS(geom, 'x')", code: .operand, place: .character(19)),
        Case(filter: "S_INTERSECTS(geom, POINT(1))", code: .syntax, place: .character(26)),
        Case(filter: "S_INTERSECTS(geom, POLYGON((0 0, 1 0, 1 1, 2 2)))", code: .operand, place: .character(27)),
        Case(filter: "S_INTERSECTS(geom, BBOX(1,2,3))", code: .syntax, place: .character(29)),
        Case(filter: "S_INTERSECTS(geom, GEOMETRYCOLLECTION(GEOMETRYCOLLECTION(POINT(0 0))))", code: .syntax, place: .character(38)),
        Case(filter: "d = DATE('2023-02-29')", code: .syntax, place: .character(9)),
        Case(filter: "d = TIMESTAMP('2023-02-28T08:00:00+08:00')", code: .syntax, place: .character(14)),
        Case(filter: "T_DURING(d, INTERVAL('2023-01-01', 'soon'))", code: .syntax, place: .character(35)),
        Case(filter: "A_EQUALS(a, 5)", code: .operand, place: .character(12)),
        Case(filter: "a = (b = 1)", code: .operand, place: .character(4)),
        Case(filter: "a = 'x' + 1", code: .operand, place: .character(4)),
    ]

    @Test(arguments: texts) func textIsRefusedWhereItIsBad(_ bad: Case) throws {
        let error = try #require(throws: CQL2Error.self) { try CQL2Expression(text: bad.filter) }
        #expect(error.code == bad.code)
        #expect(error.place == bad.place)
        #expect(!error.found.zh.isEmpty && !error.expected.en.isEmpty)
    }

    static let documents: [Case] = [
        Case(filter: "", code: .syntax, place: .character(0)),
        Case(filter: "{", code: .syntax, place: .character(1)),
        Case(filter: "{\"op\":\"=\",\"args\":[{\"property\":\"名\"},1]}x", code: .syntax, place: .character(38)),
        Case(filter: "5", code: .operand, place: .pointer("")),
        Case(filter: "{}", code: .syntax, place: .pointer("")),
        Case(filter: #"{"op":"="}"#, code: .syntax, place: .pointer("/args")),
        Case(filter: #"{"op":5,"args":[]}"#, code: .syntax, place: .pointer("/op")),
        Case(filter: #"{"op":"=","args":[1]}"#, code: .operand, place: .pointer("/args")),
        Case(filter: #"{"op":"and","args":[true]}"#, code: .operand, place: .pointer("/args")),
        Case(filter: #"{"op":"and","args":[true,{"op":"=","args":[{"property":5},1]}]}"#, code: .syntax, place: .pointer("/args/1/args/0/property")),
        Case(filter: #"{"op":"=","args":[null,1]}"#, code: .syntax, place: .pointer("/args/0")),
        Case(filter: #"{"op":"in","args":[{"property":"a"},[]]}"#, code: .syntax, place: .pointer("/args/1")),
        Case(filter: #"{"op":"s_within","args":[{"property":"g"},{"type":"Point","coordinates":[1,"2"]}]}"#, code: .syntax, place: .pointer("/args/1/coordinates/1")),
        Case(filter: #"{"op":"s_within","args":[{"property":"g"},{"type":"Curve","coordinates":[]}]}"#, code: .syntax, place: .pointer("/args/1/type")),
        Case(filter: #"{"op":"s_within","args":[{"property":"g"},{"bbox":[1,2,3]}]}"#, code: .syntax, place: .pointer("/args/1/bbox")),
        Case(filter: #"{"op":"t_after","args":[{"property":"d"},{"date":"2023-02-29"}]}"#, code: .syntax, place: .pointer("/args/1/date")),
        Case(filter: #"{"op":"t_during","args":[{"property":"d"},{"interval":["..",7]}]}"#, code: .operand, place: .pointer("/args/1/interval/1")),
        Case(filter: "{\"op\":\"=\",\"args\":[\"\u{0}\",tru]}", code: .syntax, place: .character(22)),
    ]

    @Test(arguments: documents) func jsonIsRefusedWhereItIsBad(_ bad: Case) throws {
        let error = try #require(throws: CQL2Error.self) { try CQL2Expression(json: Array(bad.filter.utf8)) }
        #expect(error.code == bad.code)
        #expect(error.place == bad.place)
    }

    @Test func bytesThatAreNoTextAreRefused() throws {
        let error = try #require(throws: CQL2Error.self) { try CQL2Expression(json: [0x22, 0xFF, 0xFE, 0x22]) }
        #expect(error.code == .syntax)
    }

    // MARK: Hostile filters

    static let deep: [(String, String)] = [
        ("parentheses", String(repeating: "(", count: 400_000) + "a=1" + String(repeating: ")", count: 400_000)),
        ("unclosed", String(repeating: "(", count: 1_000_000)),
        ("functions", String(repeating: "f(", count: 300_000) + String(repeating: ")", count: 300_000)),
        ("case", "a = " + String(repeating: "CASEI(", count: 100_000) + "'x'" + String(repeating: ")", count: 100_000)),
        ("sum", "a = 1" + String(repeating: "+1", count: 400_000)),
        ("minus", "a = " + String(repeating: "-", count: 1_000_000) + "1"),
        ("power", "a = 2" + String(repeating: "^2", count: 400_000)),
        ("not", String(repeating: "NOT ", count: 200_000) + "a=1"),
    ]

    @Test(arguments: deep) func deepTextIsRefused(_ name: String, _ filter: String) throws {
        let error = try #require(throws: CQL2Error.self) { try CQL2Expression(text: filter) }
        #expect([.tooDeep, .syntax].contains(error.code))
    }

    @Test(arguments: ["[", "{\"op\":\"not\",\"args\":[", "{\"a\":"]) func deepJSONIsRefused(_ opening: String) throws {
        let many = 1_000_000 / opening.utf8.count
        let error = try #require(throws: CQL2Error.self) { try CQL2Expression(json: Array(String(repeating: opening, count: many).utf8)) }
        #expect(error.code == .tooDeep)
    }

    @Test func wideFiltersAreCounted() throws {
        let terms = Array(repeating: "a=1", count: 9_000).joined(separator: " OR ")
        #expect(throws: CQL2Error.self) { try CQL2Expression(text: terms) }
        let fewer = Array(repeating: "a=1", count: 6_000).joined(separator: " OR ")
        _ = try CQL2Expression(text: fewer)
        let points = Array(repeating: "0 0", count: 100_001).joined(separator: ",")
        let error = try #require(throws: CQL2Error.self) { try CQL2Expression(text: "S_WITHIN(g, LINESTRING(\(points)))") }
        #expect(error.code == .tooManyVertices)
        let long = try #require(throws: CQL2Error.self) { try CQL2Expression(text: String(repeating: " ", count: 10 << 20)) }
        #expect(long.code == .tooLong)
    }

    @Test func anErrorRepeatsLittle() throws {
        let error = try #require(throws: CQL2Error.self) { try CQL2Expression(text: String(repeating: "x", count: 100_000)) }
        #expect(error.message.zh.utf8.count < 500)
    }
}
