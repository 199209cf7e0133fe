internal import SQLite

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
        default: self.init(code: .storageFailed, message: "\(path): \(error)", cause: error)
        }
    }

    private init(_ error: SQLiteError, path: String) {
        switch error.code {
        case .full:
            self.init(
                code: .storageFull, message: "\(path): the disk is full; free some space and run the import again", cause: error)
        case .corrupt:
            self.init(
                code: .storageDamaged,
                message: "\(path): the registry is damaged (\(error.message)); restore it from a copy, or import its layers again",
                cause: error)
        case .notADatabase:
            self.init(
                code: .notARegistry, message: "\(path) is not a GeoPackage; move it away or name another data directory",
                cause: error)
        case .busy, .locked:
            self.init(
                code: .busy, message: "\(path) is locked by another process; try again when it has ended", cause: error)
        case .cannotOpen:
            self.init(
                code: .storageFailed,
                message: "\(path) cannot be opened; check that the data directory exists and that this user may write to it",
                cause: error)
        default:
            self.init(code: .storageFailed, message: "\(path): \(error.message)", cause: error)
        }
    }
}
