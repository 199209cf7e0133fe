public import Wording

/// Why a sheet was not printed, by the caller's doing.
public struct PrintError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// A scale that no sheet has.
        case scale
        case resolution
        case text
        /// No such layer or feature, or one that is not shown.
        case unknownFeature
        /// A place outside the area of the plane, or a feature too large for the paper.
        case place
        /// More pages than an atlas has.
        case tooMany
    }

    public let code: Code
    /// What, where, and what to do.
    public let message: LocalisedText

    init(_ code: Code, zh: String, en: String) {
        self.code = code
        message = LocalisedText(zh: zh, en: en)
    }

    public var description: String { message.both }
}
