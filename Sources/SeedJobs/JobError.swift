import SQLite
public import Wording

/// Why a job cannot be begun, journalled or ended.
public struct JobError: Error, Sendable, CustomStringConvertible {
    public enum Code: Sendable, CaseIterable {
        /// There is no job of that number.
        case unknownJob
        /// The job is in a state in which that cannot be done.
        case wrongState
        /// No room is left for the journal or the spool.
        case storageFull
        /// The journal or the spool contradicts itself.
        case storageDamaged
        /// The journal or the spool cannot be opened, read or written.
        case storageFailed
    }

    public var code: Code
    /// What, where, and what to do.
    public var message: LocalisedText

    public init(code: Code, message: LocalisedText) {
        self.code = code
        self.message = message
    }

    public var description: String { message.both }

    static func unknown(_ number: Int64) -> JobError {
        JobError(code: .unknownJob, message: LocalisedText(zh: "没有作业 \(number)", en: "there is no job \(number)"))
    }

    /// What SQLite or the file system said about `path`.
    static func of(_ error: any Error, path: String) -> JobError {
        if let error = error as? JobError { return error }
        let text = (error as? SQLiteError)?.message ?? "\(error)"
        switch (error as? SQLiteError)?.code {
        case .full: return full(path)
        case .corrupt, .notADatabase:
            return JobError(
                code: .storageDamaged,
                message: LocalisedText(
                    zh: "作业日志 \(path) 已损坏（\(text)）；请移走该文件，未完成的作业将重新开始",
                    en: "the job journal \(path) is damaged (\(text)); move it away, and unfinished jobs begin anew"))
        default:
            return JobError(
                code: .storageFailed,
                message: LocalisedText(
                    zh: "\(path) 无法读写（\(text)）；请检查目录和权限",
                    en: "\(path) cannot be read or written (\(text)); check the directory and its permissions"))
        }
    }

    static func full(_ path: String) -> JobError {
        JobError(
            code: .storageFull,
            message: LocalisedText(
                zh: "写 \(path) 时磁盘已满；请腾出空间再次运行，已生成的瓦片不会重做",
                en: "the disk is full while \(path) is written; make room and run again, what is made is not made again"))
    }
}
