internal import CSQLite

/// What one statement may cost on a file that somebody else made, whose views may be endless.
public struct StatementLimits: Sendable, Hashable {
    /// Steps of SQLite's machine; some ten million take a second.
    public var steps: Int
    /// Bytes of one value.
    public var valueBytes: Int

    public init(steps: Int, valueBytes: Int) {
        self.steps = steps
        self.valueBytes = valueBytes
    }
}

/// The steps that the statement under way has left; one that has none left ends with `interrupted`.
@safe
final class StepBudget {
    /// Steps between two looks at what is left.
    private static let period: Int32 = 1_000

    private let limit: Int
    /// Looks left; read by SQLite on the thread of the connection's one user.
    private let left: UnsafeMutablePointer<Int>

    init(_ limits: StatementLimits, of handle: OpaquePointer) {
        limit = limits.steps
        unsafe left = UnsafeMutablePointer<Int>.allocate(capacity: 1)
        unsafe left.initialize(to: 0)
        renew()
        unsafe sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Int32(clamping: limits.valueBytes))
        unsafe sqlite3_progress_handler(
            handle, Self.period,
            { context in
                guard let left = unsafe context?.assumingMemoryBound(to: Int.self) else { return 0 }
                unsafe left.pointee -= 1
                return unsafe left.pointee < 0 ? 1 : 0
            }, left)
    }

    deinit { unsafe left.deallocate() }

    /// For the next statement.
    ///
    /// - Parameter steps: `nil` for the limit of the connection.
    func renew(steps: Int? = nil) { unsafe left.pointee = max(1, (steps ?? limit) / Int(Self.period)) }
}
