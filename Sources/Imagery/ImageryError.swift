public import Wording

/// Why an imagery archive cannot be made or read.
public struct ImageryError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// The image has so many pixels to one of the finest tile that it cannot be averaged.
        case tooFine
        /// No tile matrix set reaches the image.
        case outsideEverySet
        case archiveNotAccessible
        case archiveDamaged
        case storageFull
    }

    public var code: Code
    /// What, where, and what to do.
    public var message: LocalisedText

    public init(code: Code, message: LocalisedText) {
        self.code = code
        self.message = message
    }

    public var description: String { message.both }
}
