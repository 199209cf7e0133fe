import FeatureStore
public import Wording

/// Why a tile was not made.
public struct ProductionError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable, CaseIterable {
        /// No such map.
        case unknownMap
        /// The map is not offered in that matrix set.
        case unknownMatrixSet
        /// The map is not offered in that format.
        case unknownFormat
        /// The address lies outside the matrix set's limits.
        case outsideLimits
        /// Layers the map needs are still being prepared.
        case notReady
        /// Too many productions are waiting.
        case overloaded
        /// The style or its fonts cannot draw this.
        case portrayal
        /// The data directory or a file in it cannot be used.
        case storage
    }

    public var code: Code
    /// What, where, and what to do.
    public var message: LocalisedText
    public var cause: (any Error)?

    public init(code: Code, message: LocalisedText, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { message.both }
}

extension ProductionError {
    /// Nothing can be drawn of a map whose style is missing or broken.
    static func withoutStyle(_ map: LiveMap) -> ProductionError {
        ProductionError(
            code: .portrayal,
            message: .init(
                zh: "地图 \(map.definition.id) 没有可用的样式“\(map.definition.style)”；原因见 /health/ready",
                en: "map \(map.definition.id) has no usable style \"\(map.definition.style)\"; see /health/ready for the reason"))
    }
}
