/// Why a geometry could not be worked on.
public struct TopologyError: Error, Sendable {
    public enum Code: String, Sendable, CaseIterable {
        /// An ordinate is NaN or infinite.
        case notFinite
        /// More positions than `TopologyContext.positionLimit`.
        case tooLarge
        /// A line of one position, a ring that is open or has fewer than four positions: repair it first.
        case malformed
        /// Repair left nothing of the geometry's dimension.
        case nothingLeft
        /// GEOS gave up; `message` has its words.
        case engineFailure
    }

    public let code: Code
    public let message: String
    /// What lay beneath, when another error did.
    public let cause: (any Error)?

    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }
}

extension TopologyError: CustomStringConvertible {
    public var description: String { "\(code.rawValue): \(message)" }
}
