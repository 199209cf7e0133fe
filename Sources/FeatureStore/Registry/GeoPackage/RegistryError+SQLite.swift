internal import SQLite
internal import Wording

extension RegistryError {
    /// Runs `body` and words whatever it throws as the registry's own error.
    static func wording<Result>(_ path: String, _ body: () throws -> Result) throws(RegistryError) -> Result {
        do {
            return try body()
        } catch {
            throw RegistryError(wording: error, path: path)
        }
    }

    /// Whatever a store threw, as the registry's own error.
    init(wording error: any Error, path: String) {
        switch error {
        case let error as RegistryError: self = error
        case let error as SQLiteError: self.init(error, path: path)
        default: self.init(code: .storageFailed, message: .init(zh: "\(path)：登记库无法使用", en: "\(path): \(error)"), cause: error)
        }
    }

    private init(_ error: SQLiteError, path: String) {
        switch error.code {
        case .full:
            self.init(
                code: .storageFull,
                message: .init(
                    zh: "\(path)：磁盘已满；请腾出空间后重新导入",
                    en: "\(path): the disk is full; free some space and run the import again"), cause: error)
        case .corrupt:
            self.init(
                code: .storageDamaged,
                message: .init(
                    zh: "\(path)：登记库已损坏；请用备份恢复，或重新导入各图层",
                    en: "\(path): the registry is damaged (\(error.message)); restore it from a copy, or import its layers again"),
                cause: error)
        case .notADatabase:
            self.init(
                code: .notARegistry,
                message: .init(
                    zh: "\(path) 不是 GeoPackage；请将其移走，或指定另一数据目录",
                    en: "\(path) is not a GeoPackage; move it away or name another data directory"),
                cause: error)
        case .busy, .locked:
            self.init(
                code: .busy,
                message: .init(
                    zh: "\(path) 被另一进程锁定；请等其结束后再试",
                    en: "\(path) is locked by another process; try again when it has ended"), cause: error)
        case .cannotOpen:
            self.init(
                code: .storageFailed,
                message: .init(
                    zh: "\(path) 无法打开；请检查数据目录是否存在、本用户可否写入",
                    en: "\(path) cannot be opened; check that the data directory exists and that this user may write to it"),
                cause: error)
        default:
            self.init(code: .storageFailed, message: .init(zh: "\(path)：登记库读写失败", en: "\(path): \(error.message)"), cause: error)
        }
    }
}
