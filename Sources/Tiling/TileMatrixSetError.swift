/// Why a tile matrix set cannot be used.
public struct TileMatrixSetError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable, Hashable {
        /// The file or directory cannot be read.
        case unreadable
        /// The text is not JSON of the shape that OGC 17-083r4 describes.
        case malformed
        /// The CRS has no name that we can read.
        case unknownCRS
        /// The order of the ordinates is unknown, or two members contradict each other about it.
        case axisOrder
        /// A number is out of range: a size, a count, an origin.
        case invalidNumber
        /// Scale denominator, cell size and CRS unit contradict each other.
        case inconsistentScale
        /// Two matrices or two sets have one identifier, or the matrices are not ordered from coarse to fine.
        case inconsistentMatrices
        /// Valid, but beyond what the engine draws (tiles that are not square).
        case unsupported
    }

    public let code: Code
    /// What is wrong, where, and what to do.
    public let message: String
    public let cause: (any Error)?

    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { message }
}
