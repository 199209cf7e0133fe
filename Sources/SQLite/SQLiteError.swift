internal import CSQLite

/// What SQLite refused, with the statement it refused and never the values bound to it.
public struct SQLiteError: Error, Sendable, CustomStringConvertible {
    /// A primary result code of SQLite (sqlite.org/rescode.html).
    public struct Code: RawRepresentable, Hashable, Sendable {
        public let rawValue: Int32

        public init(rawValue: Int32) {
            self.rawValue = rawValue
        }

        public static let error = Code(rawValue: 1)
        /// Another connection holds the lock and the busy timeout has passed.
        public static let busy = Code(rawValue: 5)
        public static let locked = Code(rawValue: 6)
        public static let readOnly = Code(rawValue: 8)
        public static let interrupted = Code(rawValue: 9)
        public static let inputOutput = Code(rawValue: 10)
        /// The pages contradict each other: the file is damaged or cut short.
        public static let corrupt = Code(rawValue: 11)
        /// The disk is full.
        public static let full = Code(rawValue: 13)
        public static let cannotOpen = Code(rawValue: 14)
        public static let tooBig = Code(rawValue: 18)
        public static let constraint = Code(rawValue: 19)
        public static let misuse = Code(rawValue: 21)
        /// The file does not begin like a database.
        public static let notADatabase = Code(rawValue: 26)
    }

    public var code: Code
    /// The extended result code, whose low byte is `code`.
    public var extendedCode: Int32
    /// SQLite's own words.
    public var message: String
    /// The statement's text; `nil` when opening or closing.
    public var sql: String?

    public init(extendedCode: Int32, message: String, sql: String? = nil) {
        self.code = Code(rawValue: extendedCode & 0xFF)
        self.extendedCode = extendedCode
        self.message = message
        self.sql = sql
    }

    public var description: String {
        let statement = sql.map { ", in: \($0)" } ?? ""
        return "SQLite \(extendedCode): \(message)\(statement)"
    }
}

extension SQLiteError {
    /// The error that `handle`, a `sqlite3 *`, met last.
    static func last(of handle: OpaquePointer, result: Int32, sql: String? = nil) -> SQLiteError {
        let extended = unsafe sqlite3_extended_errcode(handle)
        let text = unsafe sqlite3_errmsg(handle)
        let message = unsafe text.map { unsafe String(cString: $0) } ?? "unknown error"
        return SQLiteError(extendedCode: extended & 0xFF == result & 0xFF ? extended : result, message: message, sql: sql)
    }
}
