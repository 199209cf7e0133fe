public import Wording

/// Why an archive of tiles cannot be read or written.
public struct TileArchiveError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable, CaseIterable {
        /// The file is not there or may not be read or written.
        case notAccessible
        /// Not an archive, or one of a version or kind that is not read.
        case unknownKind
        /// An archive whose content contradicts itself.
        case corrupt
        /// A tile that this kind of archive cannot hold.
        case notStorable
        /// An archive that is not the one it should be, by its content hash.
        case mismatched
        /// No room is left where the archive is written.
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

    static func corrupt(_ path: String, zh: String, en: String) -> TileArchiveError {
        TileArchiveError(
            code: .corrupt,
            message: LocalisedText(
                zh: "瓦片档案 \(path) 已损坏：\(zh)；请重新取得或重新生成",
                en: "the tile archive \(path) is damaged: \(en); fetch or make it again"))
    }
}
