import SQLite
import TestSupport
import Testing

@Suite struct StatementLimitsTests {
    private static let endless = "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"

    private static func open(steps: Int) throws -> Connection {
        try Connection(
            path: ScratchDirectory.make() + "/a.sqlite", access: .readWriteOrCreate,
            limits: StatementLimits(steps: steps, valueBytes: 1_000_000))
    }

    @Test func whatHasNoEndIsInterruptedAndTheNextStatementIsNot() throws {
        let connection = try Self.open(steps: 100_000)
        for _ in 0..<3 {
            let error = #expect(throws: SQLiteError.self) { try connection.integer(Self.endless) }
            #expect(error?.code == .interrupted)
            #expect(try connection.integer("SELECT 7") == 7)
        }
    }

    @Test func aStatementMayHaveMoreThanTheOthers() throws {
        let connection = try Self.open(steps: 10_000)
        let long = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 20000) SELECT max(i) FROM n"
        #expect(throws: SQLiteError.self) { try connection.integer(long) }
        let found = try connection.withStatement(long, steps: 10_000_000) { statement in
            try statement.step() ? statement.integer(at: 0) : nil
        }
        #expect(found == 20_000)
    }

    @Test func aValueHasItsLimitToo() throws {
        let connection = try Self.open(steps: 10_000)
        #expect(try connection.integer("SELECT length(zeroblob(999000))") == 999_000)
        let error = #expect(throws: SQLiteError.self) { try connection.integer("SELECT length(zeroblob(2000000))") }
        #expect(error?.code == .tooBig)
    }

    @Test func withoutLimitsThereAreNone() throws {
        let connection = try Connection(path: ScratchDirectory.make() + "/a.sqlite", access: .readWriteOrCreate)
        let long = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 200000) SELECT max(i) FROM n"
        #expect(try connection.integer(long) == 200_000)
    }
}
