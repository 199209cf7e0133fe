import Foundation
import Glibc

/// A file system of a few megabytes, for tests that fill it; only where this user may mount one.
public final class SmallDisk: Sendable {
    public let path: String

    public struct NotMounted: Error {}

    public init(megabytes: Int) throws {
        path = try ScratchDirectory.make()
        guard Self.run("/bin/mount", ["-t", "tmpfs", "-o", "size=\(megabytes)m", "tmpfs", path]) else { throw NotMounted() }
    }

    /// As an operator makes room.
    public func enlarge(megabytes: Int) throws {
        guard Self.run("/bin/mount", ["-o", "remount,size=\(megabytes)m", path]) else { throw NotMounted() }
    }

    /// Files that are still open go with the last who has them open.
    public func unmount() throws {
        guard Self.run("/bin/umount", ["-l", path]) else { throw NotMounted() }
    }

    public static let isPossible: Bool = {
        guard geteuid() == 0 else { return false }
        do {
            try SmallDisk(megabytes: 1).unmount()
            return true
        } catch {
            return false
        }
    }()

    private static func run(_ program: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardError = FileHandle.nullDevice
        do { try process.run() } catch { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }
}
