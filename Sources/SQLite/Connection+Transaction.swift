internal import CSQLite

extension Connection {
    public enum TransactionKind: String, Sendable {
        /// Takes its snapshot at the first read and the write lock at the first write.
        case deferred = "DEFERRED"
        /// Takes the write lock at once.
        case immediate = "IMMEDIATE"

        fileprivate var beginning: String {
            switch self {
            case .deferred: "BEGIN DEFERRED"
            case .immediate: "BEGIN IMMEDIATE"
            }
        }
    }

    /// Runs `body` in one transaction: committed when it returns, rolled back when it throws.
    ///
    /// - Throws: what `body` threw, or the commit's own `SQLiteError`, after the rollback.
    public func transaction<Result>(
        _ kind: TransactionKind = .immediate, _ body: (borrowing Connection) throws -> Result
    ) throws -> Result {
        // Lent prepared: reading the text of both anew costs a small query as much as its rows do.
        try run(kind.beginning)
        do {
            let result = try body(self)
            try run("COMMIT")
            return result
        } catch {
            // SQLite may have rolled back by itself (disk full, I/O error): then there is nothing left to end.
            if unsafe sqlite3_get_autocommit(handle) == 0 { try execute("ROLLBACK") }
            throw error
        }
    }
}
