import Foundation
import Testing

@testable import SQLite

struct ConnectionTests {
    struct Stopped: Error {}

    static func path() -> String {
        FileManager.default.temporaryDirectory.appendingPathComponent("sqlite-\(UUID().uuidString) #?%.db").path
    }

    @Test func valuesComeBackAsTheyWereBound() throws {
        let db = try Connection(path: ":memory:", access: .readWriteOrCreate)
        try db.execute("CREATE TABLE t (a, b, c, d, e)")
        let blob: [UInt8] = [0, 1, 255]
        try db.withStatement("INSERT INTO t VALUES (?,?,?,?,?)") { statement in
            try statement.bind(Int64.min, at: 1)
            try statement.bind(0.1, at: 2)
            try statement.bind("道滘'\"", at: 3)
            try unsafe blob.withUnsafeBytes { try unsafe statement.bind(blob: $0, at: 4) }
            try statement.bindNull(at: 5)
            let hasRow = try statement.step()
            #expect(!hasRow)
        }
        try db.withStatement("SELECT * FROM t") { statement in
            let hasRow = try statement.step()
            let numbers = (statement.integer(at: 0), statement.real(at: 1))
            let text = statement.text(at: 2)
            let bytes = unsafe statement.withBlob(at: 3) { unsafe Array($0) }
            var classes: [StorageClass] = []
            for index in 0..<statement.columnCount { classes.append(statement.storageClass(at: index)) }
            let name = statement.columnName(at: 3)
            #expect(hasRow && numbers == (.min, 0.1) && text == "道滘'\"" && bytes == blob && name == "d")
            #expect(classes == [.integer, .real, .text, .blob, .null])
        }
    }

    @Test func emptyTextAndBlobAreNotNull() throws {
        let db = try Connection(path: ":memory:", access: .readWriteOrCreate)
        try db.withStatement("SELECT ?, ?") { statement in
            try statement.bind("", at: 1)
            try unsafe statement.bind(blob: UnsafeRawBufferPointer(start: nil, count: 0), at: 2)
            let hasRow = try statement.step()
            let classes = [statement.storageClass(at: 0), statement.storageClass(at: 1)]
            #expect(hasRow && classes == [.text, .blob])
        }
    }

    @Test func nestedUseOfOneTextIsIndependent() throws {
        let db = try Connection(path: ":memory:", access: .readWriteOrCreate)
        try db.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1),(2),(3)")
        var pairs: [Int64] = []
        let sql = "SELECT a FROM t ORDER BY a"
        try db.withStatement(sql) { outer in
            while try outer.step() {
                try db.withStatement(sql) { inner in
                    while try inner.step() { pairs.append(outer.integer(at: 0) * 10 + inner.integer(at: 0)) }
                }
            }
        }
        #expect(pairs == [11, 12, 13, 21, 22, 23, 31, 32, 33])
    }

    @Test func aThrownErrorRollsBack() throws {
        let path = Self.path()
        let db = try Connection(path: path, access: .readWriteOrCreate)
        try db.execute("CREATE TABLE t (a)")
        #expect(throws: Stopped.self) {
            try db.transaction { db in
                try db.run("INSERT INTO t VALUES (?)", [1])
                throw Stopped()
            }
        }
        let count = try db.integer("SELECT count(*) FROM t")
        #expect(count == 0)
        try db.transaction { db in try db.run("INSERT INTO t VALUES (?)", [.text("x")]) }
        let changes = db.changes
        let other = try Connection(path: path, access: .readOnly)
        let text = try other.text("SELECT a FROM t")
        let findings = try other.quickCheck()
        #expect(changes == 1 && text == "x" && findings.isEmpty)
    }

    @Test func errorsCarryTheStatementAndNotTheValues() throws {
        let db = try Connection(path: ":memory:", access: .readWriteOrCreate)
        try db.execute("CREATE TABLE t (a TEXT UNIQUE)")
        try db.run("INSERT INTO t VALUES (?)", ["441900199001011234"])
        let error = #expect(throws: SQLiteError.self) { try db.run("INSERT INTO t VALUES (?)", ["441900199001011234"]) }
        #expect(error?.code == .constraint && error?.extendedCode == 2067)
        #expect(error?.sql == "INSERT INTO t VALUES (?)")
        #expect(error?.description.contains("4419") == false)
    }

    @Test func foreignFilesAreNamed() throws {
        let absent = #expect(throws: SQLiteError.self) { _ = try Connection(path: "/nowhere/x.db", access: .readOnly) }
        #expect(absent?.code == .cannotOpen && absent?.message.contains("/nowhere/x.db") == true)
        let path = Self.path()
        try Data("this is a text file and it is long enough to be looked at".utf8).write(to: URL(fileURLWithPath: path))
        let db = try Connection(path: path, access: .immutable)
        let error = #expect(throws: SQLiteError.self) { try db.integer("SELECT count(*) FROM sqlite_schema") }
        #expect(error?.code == .notADatabase)
    }

    @Test func aLockedDatabaseIsBusyAfterItsTimeout() throws {
        let path = Self.path()
        let first = try Connection(path: path, access: .readWriteOrCreate)
        try first.execute("CREATE TABLE t (a); BEGIN IMMEDIATE")
        let second = try Connection(path: path, access: .readWrite, busyTimeoutInMilliseconds: 10)
        let error = #expect(throws: SQLiteError.self) { try second.execute("BEGIN IMMEDIATE") }
        #expect(error?.code == .busy)
        try first.execute("ROLLBACK")
    }

    @Test(arguments: [("a", "\"a\""), ("a\"b", "\"a\"\"b\""), ("", "\"\""), ("\"", "\"\"\"\""), ("base.road", "\"base.road\"")])
    func identifiersAreQuoted(name: String, quoted: String) {
        #expect(quotedIdentifier(name) == quoted)
    }
}
