import SQLite
public import Wording

/// Why a store cannot be used.
public struct TileStoreError: Error, Sendable, CustomStringConvertible {
    /// What, where, and what to do.
    public var message: LocalisedText
    public var cause: (any Error)?

    public init(message: LocalisedText, cause: (any Error)? = nil) {
        self.message = message
        self.cause = cause
    }

    /// Whether making room on the disk helps.
    public var isDiskFull: Bool { (cause as? SQLiteError)?.code == .full }

    public var description: String { cause.map { "\(message.both) (\($0))" } ?? message.both }
}

extension TileStoreError {
    /// - Parameter quota: bytes.
    static func tooSmall(_ quota: Int) -> TileStoreError {
        TileStoreError(
            message: .init(
                zh: "瓦片大于瓦片库配额（\(quota >> 20) MB）的八分之一；请用 --store-quota 加大配额",
                en: "a tile is larger than an eighth of the tile store's quota (\(quota >> 20) MB); raise --store-quota"))
    }

    static func notWritable(_ path: String) -> TileStoreError {
        TileStoreError(
            message: .init(
                zh: "本进程现在不能写入瓦片库 \(path)：另一进程正在写入，或它刚才无法打开",
                en: "this process cannot write to the tile store \(path) now: another one does, or it could not be opened just before"))
    }

    static func unusable(_ path: String, _ error: any Error) -> TileStoreError {
        if let error = error as? TileStoreError { return error }
        return TileStoreError(
            message: .init(
                zh: "瓦片库 \(path) 无法使用；请检查权限与磁盘余量",
                en: "the tile store \(path) cannot be used; check its permissions and the room on the disk"),
            cause: error)
    }
}
