internal import CSQLite

/// A prepared statement, lent by `Connection.withStatement` for the time of one closure.
@safe
public struct Statement: ~Copyable {
    private let pointer: OpaquePointer
    private let handle: OpaquePointer

    init(pointer: OpaquePointer, handle: OpaquePointer) {
        unsafe self.pointer = pointer
        unsafe self.handle = handle
    }

    /// Moves to the next row; `false` at the end.
    ///
    /// - Throws: `SQLiteError` with the statement's text; the statement must then be left.
    public func step() throws(SQLiteError) -> Bool {
        switch unsafe sqlite3_step(pointer) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let result: throw error(result)
        }
    }

    /// Makes the statement ready to run again; bindings stay.
    public func reset() {
        unsafe sqlite3_reset(pointer)
    }

    func error(_ result: Int32) -> SQLiteError {
        let sql = unsafe sqlite3_sql(pointer)
        return unsafe SQLiteError.last(of: handle, result: result, sql: sql.map { unsafe String(cString: $0) })
    }

    private func check(_ result: Int32) throws(SQLiteError) {
        if result != SQLITE_OK { throw error(result) }
    }
}

// MARK: Binding; parameters count from 1

extension Statement {
    public func bindNull(at index: Int) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_null(pointer, Int32(index)))
    }

    public func bind(_ value: Int64, at index: Int) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_int64(pointer, Int32(index), value))
    }

    public func bind(_ value: Double, at index: Int) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_double(pointer, Int32(index), value))
    }

    public func bind(_ value: String, at index: Int) throws(SQLiteError) {
        var value = value
        let result = value.withUTF8 { utf8 in
            unsafe utf8.withMemoryRebound(to: CChar.self) { chars in
                unsafe sqlite3_bind_text64(
                    pointer, Int32(index), chars.baseAddress ?? Statement.nothing, UInt64(chars.count),
                    Statement.transient, UInt8(SQLITE_UTF8))
            }
        }
        try check(result)
    }

    /// Binds a copy of `bytes` as a BLOB; an empty buffer is a BLOB of no bytes, not NULL.
    public func bind(blob bytes: UnsafeRawBufferPointer, at index: Int) throws(SQLiteError) {
        guard let base = bytes.baseAddress, unsafe !bytes.isEmpty else {
            return try check(unsafe sqlite3_bind_zeroblob(pointer, Int32(index), 0))
        }
        try check(unsafe sqlite3_bind_blob64(pointer, Int32(index), base, UInt64(bytes.count), Statement.transient))
    }

    public func bind(_ value: SQLiteValue, at index: Int) throws(SQLiteError) {
        switch value {
        case .null: try bindNull(at: index)
        case .integer(let n): try bind(n, at: index)
        case .real(let r): try bind(r, at: index)
        case .text(let s): try bind(s, at: index)
        }
    }

    /// Binds the values to the parameters from the first on.
    public func bind(_ values: [SQLiteValue]) throws(SQLiteError) {
        for (position, value) in values.enumerated() { try bind(value, at: position + 1) }
    }

    /// SQLITE_TRANSIENT: SQLite copies before the call returns.
    private static var transient: sqlite3_destructor_type? {
        unsafe unsafeBitCast(-1, to: sqlite3_destructor_type?.self)
    }

    /// A place for text of no bytes: a null pointer would mean NULL.
    private static var nothing: UnsafePointer<CChar>? {
        unsafe UnsafePointer(bitPattern: 1)
    }
}

// MARK: Reading the current row; columns count from 0

extension Statement {
    public var columnCount: Int { Int(unsafe sqlite3_column_count(pointer)) }

    public func columnName(at index: Int) -> String {
        let name = unsafe sqlite3_column_name(pointer, Int32(index))
        return unsafe name.map { unsafe String(cString: $0) } ?? ""
    }

    public func storageClass(at index: Int) -> StorageClass {
        StorageClass(rawValue: unsafe sqlite3_column_type(pointer, Int32(index))) ?? .null
    }

    public func isNull(at index: Int) -> Bool {
        unsafe sqlite3_column_type(pointer, Int32(index)) == SQLITE_NULL
    }

    public func integer(at index: Int) -> Int64 {
        unsafe sqlite3_column_int64(pointer, Int32(index))
    }

    public func real(at index: Int) -> Double {
        unsafe sqlite3_column_double(pointer, Int32(index))
    }

    /// The column as text, bytes that are not UTF-8 replaced; empty for NULL.
    public func text(at index: Int) -> String {
        unsafe withText(at: index) { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// Lends the column's text as UTF-8 bytes until the closure ends.
    public func withText<Result>(
        at index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let start = unsafe sqlite3_column_text(pointer, Int32(index))
        let count = Int(unsafe sqlite3_column_bytes(pointer, Int32(index)))
        return try unsafe body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count))
    }

    /// Lends the column's bytes until the closure ends; no bytes for NULL.
    public func withBlob<Result>(
        at index: Int, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        try unsafe body(bytes(at: index))
    }

    /// The column's bytes in SQLite's memory, which is theirs until the next step, reset or conversion of this column.
    @unsafe
    public func bytes(at index: Int) -> UnsafeRawBufferPointer {
        let start = unsafe sqlite3_column_blob(pointer, Int32(index))
        let count = Int(unsafe sqlite3_column_bytes(pointer, Int32(index)))
        return unsafe UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count)
    }
}
