internal import CSQLite

/// One open database, closed when the value ends; its owner is its lock.
@safe
public struct Connection: ~Copyable {
    public enum Access: Sendable {
        case readOnly
        /// For a file that nobody writes, on a medium where no lock or side file can be made.
        case immutable
        case readWrite
        case readWriteOrCreate
    }

    public let path: String
    let handle: OpaquePointer
    let statements: StatementCache
    private let budget: StepBudget?

    /// Opens the database file at `path`; nothing of it is read before the first statement.
    ///
    /// - Parameters:
    ///   - busyTimeoutInMilliseconds: how long a statement waits for another connection's lock.
    ///   - limits: what a statement may cost; one that costs more ends with `interrupted` or `tooBig`. `nil` for anything.
    /// - Throws: `SQLiteError` when the file is absent or cannot be opened.
    public init(
        path: String, access: Access, busyTimeoutInMilliseconds: Int32 = 5_000, limits: StatementLimits? = nil
    ) throws(SQLiteError) {
        var pointer: OpaquePointer?
        let flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX | Connection.flags(access)
        let result = unsafe sqlite3_open_v2(Connection.uri(path: path, access: access), &pointer, flags, nil)
        guard let handle = unsafe pointer else {
            throw SQLiteError(extendedCode: result, message: "out of memory opening \(path)")
        }
        guard result == SQLITE_OK else {
            let error = unsafe SQLiteError.last(of: handle, result: result)
            unsafe sqlite3_close_v2(handle)
            throw SQLiteError(extendedCode: error.extendedCode, message: "\(error.message): \(path)")
        }
        unsafe sqlite3_extended_result_codes(handle, 1)
        unsafe sqlite3_busy_timeout(handle, busyTimeoutInMilliseconds)
        self.path = path
        unsafe self.handle = handle
        unsafe self.statements = StatementCache(handle: handle)
        budget = limits.map { unsafe StepBudget($0, of: handle) }
    }

    deinit {
        statements.finalizeAll()
        unsafe sqlite3_close_v2(handle)
    }

    private static func flags(_ access: Access) -> Int32 {
        switch access {
        case .readOnly, .immutable: SQLITE_OPEN_READONLY
        case .readWrite: SQLITE_OPEN_READWRITE
        case .readWriteOrCreate: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        }
    }

    /// The `file:` URI of a path, in which `?`, `#` and `%` of the path keep their meaning.
    private static func uri(path: String, access: Access) -> String {
        var uri = path.hasPrefix("/") ? "file://" : "file:"
        for character in path.unicodeScalars {
            switch character {
            case "?": uri += "%3f"
            case "#": uri += "%23"
            case "%": uri += "%25"
            default: uri.unicodeScalars.append(character)
            }
        }
        return access == .immutable ? uri + "?immutable=1" : uri
    }
}

extension Connection {
    /// Runs one or more statements that give no rows and take no values.
    public func execute(_ sql: String) throws(SQLiteError) {
        let result = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard result == SQLITE_OK else { throw unsafe SQLiteError.last(of: handle, result: result, sql: sql) }
    }

    /// Lends `sql` prepared, from the cache when it was used before; bindings are cleared afterwards.
    ///
    /// - Parameter steps: what it may cost on a connection with limits, where that is not the connection's own.
    /// - Complexity: one dictionary look-up when cached.
    public func withStatement<Result>(
        _ sql: String, steps: Int? = nil, _ body: (borrowing Statement) throws -> Result
    ) throws -> Result {
        budget?.renew(steps: steps)
        let entry = try statements.take(sql)
        defer { statements.giveBack(entry) }
        return try body(unsafe Statement(pointer: entry.pointer, handle: handle))
    }

    /// The first column of the first row as a whole number; `nil` when there is no row or the value is NULL.
    public func integer(_ sql: String, _ arguments: [SQLiteValue] = []) throws -> Int64? {
        try withStatement(sql) { statement in
            try statement.bind(arguments)
            guard try statement.step(), !statement.isNull(at: 0) else { return nil }
            return statement.integer(at: 0)
        }
    }

    /// The first column of the first row as text; `nil` when there is no row or the value is NULL.
    public func text(_ sql: String, _ arguments: [SQLiteValue] = []) throws -> String? {
        try withStatement(sql) { statement in
            try statement.bind(arguments)
            guard try statement.step(), !statement.isNull(at: 0) else { return nil }
            return statement.text(at: 0)
        }
    }

    /// Runs a statement with values, to its end.
    public func run(_ sql: String, _ arguments: [SQLiteValue] = []) throws {
        try withStatement(sql) { statement in
            try statement.bind(arguments)
            while try statement.step() {}
        }
    }

    /// How many rows the last INSERT, UPDATE or DELETE touched.
    public var changes: Int { Int(unsafe sqlite3_changes64(handle)) }

    /// Leaves triggers out from now on: those of a file made for a GIS call functions that only a GIS has.
    public func disableTriggers() throws(SQLiteError) {
        let result = unsafe workmap_sqlite3_enable_triggers(handle, 0)
        guard result == SQLITE_OK else { throw unsafe SQLiteError.last(of: handle, result: result) }
    }

    /// Finalises every cached statement, which a schema change would only make stale.
    public func forgetStatements() {
        statements.finalizeAll()
    }

    /// What `PRAGMA quick_check` finds wrong, one line each, at most `limit`; empty for a sound file.
    public func quickCheck(limit: Int = 10) throws -> [String] {
        var findings: [String] = []
        try withStatement("PRAGMA quick_check(\(limit))") { statement in
            while try statement.step() {
                let line = statement.text(at: 0)
                if line != "ok" { findings.append(line) }
            }
        }
        return findings
    }
}
