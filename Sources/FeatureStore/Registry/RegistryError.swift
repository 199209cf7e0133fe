public import Wording

/// Why the registry cannot do what was asked.
public struct RegistryError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// No layer has this id.
        case layerUnknown
        /// The layer's id or definition cannot be stored.
        case layerInvalid
        case featureUnknown
        case fieldUnknown
        /// A sensitive field was asked for by a query that may not see it.
        case fieldSensitive
        /// Judging the layer's rows by a filter takes too long.
        case filterTooCostly
        /// The layer was replaced since the version that the query names.
        case versionChanged
        /// The layer has no version of this name.
        case deliveryUnknown
        /// The layer has a version of this name.
        case deliveryTaken
        /// The version is in no state for what was asked.
        case deliveryUnsuitable
        /// The version that would leave the map has been edited.
        case deliveryEdited
        /// There was no such layer at that time.
        case layerNotYet
        /// What the layer was at that time was not recorded, or lies before it.
        case historyAbsent
        /// What the layer was at that time is no longer kept.
        case historyDropped
        /// Another process is importing into the same data directory.
        case busy
        /// A writer was used after its commit or abort.
        case writerFinished
        /// Two features of one layer have the same id, or an id below 1.
        case identifierInvalid
        /// The file is there and is not a registry, or of a later program.
        case notARegistry
        case storageFull
        /// The store's pages contradict each other.
        case storageDamaged
        case storageFailed
    }

    public var code: Code
    /// What, where, and what to do about it.
    public var message: LocalisedText
    public var cause: (any Error)?

    public init(code: Code, message: LocalisedText, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { message.both }
}
