internal import CSQLite

/// The prepared statements of one connection, by their text.
///
/// A statement in use is not in the cache, so a nested use of the same text prepares a second one.
@safe
final class StatementCache {
    private let handle: OpaquePointer
    private var idle: [String: OpaquePointer] = unsafe [:]
    /// Enough for every text a registry with a hundred layers uses; beyond it statements are not kept.
    private let capacity = 512

    init(handle: OpaquePointer) {
        unsafe self.handle = handle
    }

    func take(_ sql: String) throws(SQLiteError) -> OpaquePointer {
        if let pointer = unsafe idle.removeValue(forKey: sql) { return unsafe pointer }
        var pointer: OpaquePointer?
        let result = unsafe sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil)
        guard result == SQLITE_OK else { throw unsafe SQLiteError.last(of: handle, result: result, sql: sql) }
        guard let prepared = unsafe pointer else {
            throw SQLiteError(extendedCode: SQLITE_MISUSE, message: "no statement in the text", sql: sql)
        }
        return unsafe prepared
    }

    func giveBack(_ pointer: OpaquePointer, sql: String) {
        unsafe sqlite3_reset(pointer)
        unsafe sqlite3_clear_bindings(pointer)
        if let displaced = unsafe idle.updateValue(pointer, forKey: sql) { unsafe sqlite3_finalize(displaced) }
        if unsafe idle.count > capacity, let dropped = unsafe idle.popFirst() { unsafe sqlite3_finalize(dropped.value) }
    }

    func finalizeAll() {
        for unsafe pointer in unsafe idle.values { unsafe sqlite3_finalize(pointer) }
        unsafe idle.removeAll()
    }
}
