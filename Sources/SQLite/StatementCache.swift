internal import CSQLite

/// The prepared statements of one connection, by their text.
///
/// Of a text in use a nested use prepares a second statement.
@safe
final class StatementCache {
    /// A prepared statement, lent to one user at a time.
    @safe
    final class Entry {
        let pointer: OpaquePointer
        fileprivate var isLent = true
        /// Whether the cache knows it by its text; another one goes with its use.
        fileprivate var isKept = false

        fileprivate init(_ pointer: OpaquePointer) {
            unsafe self.pointer = pointer
        }
    }

    private let handle: OpaquePointer
    private var entries: [String: Entry] = [:]
    /// Enough for every text a registry with a hundred layers uses; beyond it statements are not kept.
    private let capacity = 512

    init(handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    func take(_ sql: String) throws(SQLiteError) -> Entry {
        let known = entries[sql]
        if let known, !known.isLent {
            known.isLent = true
            return known
        }
        var pointer: OpaquePointer?
        let result = unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil)
        guard result == SQLITE_OK else { throw unsafe SQLiteError.last(of: handle, result: result, sql: sql) }
        guard let prepared = unsafe pointer else {
            throw SQLiteError(extendedCode: SQLITE_MISUSE, message: "no statement in the text", sql: sql)
        }
        let entry = unsafe Entry(prepared)
        if known == nil { keep(entry, sql) }
        return entry
    }

    private func keep(_ entry: Entry, _ sql: String) {
        if entries.count >= capacity {
            guard let (text, idle) = entries.first(where: { !$0.value.isLent }) else { return }
            entries[text] = nil
            unsafe sqlite3_finalize(idle.pointer)
        }
        entry.isKept = true
        entries[sql] = entry
    }

    func giveBack(_ entry: Entry) {
        guard entry.isKept else {
            unsafe sqlite3_finalize(entry.pointer)
            return
        }
        unsafe sqlite3_reset(entry.pointer)
        unsafe sqlite3_clear_bindings(entry.pointer)
        entry.isLent = false
    }

    /// Of statements in use the end comes when they are given back.
    func finalizeAll() {
        for entry in entries.values {
            entry.isKept = false
            if !entry.isLent { unsafe sqlite3_finalize(entry.pointer) }
        }
        entries.removeAll()
    }
}
