import Foundation
import Glibc

/// The built `workmap` program, run as people run it.
enum Program {
    /// Beside the running tests; `nil` where it was not built.
    static let path: String? = {
        let here = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        let path = here.appending(path: "workmap").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    struct Outcome: Sendable {
        /// The exit code; negative the signal that ended it.
        var status: Int32
        var output: String
        var errors: String
        /// The most memory that was its own at once, mapped files left out, in bytes.
        var peakMemoryBytes: Int

        var text: String { output + errors }
    }

    /// Runs the program to its end.
    ///
    /// - Parameter kill: seconds after which it is ended without warning.
    static func run(_ arguments: [String], kill: Double? = nil) throws -> Outcome {
        let running = try Running(arguments)
        return try running.finish(kill: kill)
    }

    /// A started program.
    final class Running {
        private let process = Process()
        private let directory: TemporaryDirectory
        private let started = ContinuousClock.now

        init(_ arguments: [String]) throws {
            guard let path = Program.path else { throw NotBuilt() }
            directory = try TemporaryDirectory()
            process.executableURL = URL(filePath: path)
            process.arguments = arguments
            // Files and not pipes: nobody has to read along.
            process.standardOutput = try Self.handle(directory.path + "/output")
            process.standardError = try Self.handle(directory.path + "/errors")
            process.standardInput = FileHandle.nullDevice
            try process.run()
        }

        private static func handle(_ path: String) throws -> FileHandle {
            try Data().write(to: URL(filePath: path))
            return try FileHandle(forWritingTo: URL(filePath: path))
        }

        /// What it has said so far, to the log and otherwise.
        var said: String { get throws { try Self.text(directory.path + "/output") + Self.text(directory.path + "/errors") } }

        var isRunning: Bool { process.isRunning }

        func send(_ signal: Int32) { Glibc.kill(process.processIdentifier, signal) }

        /// Sends a signal and waits for the end.
        func end(_ signal: Int32) {
            send(signal)
            process.waitUntilExit()
        }

        func finish(kill: Double? = nil) throws -> Outcome {
            var peak = 0
            while process.isRunning {
                peak = max(peak, Self.anonymousBytes(process.processIdentifier))
                if let kill, ContinuousClock.now - started >= .seconds(kill) {
                    Glibc.kill(process.processIdentifier, SIGKILL)
                    break
                }
                usleep(kill == nil ? 4_000 : 500)
            }
            process.waitUntilExit()
            let isSignal = process.terminationReason == .uncaughtSignal
            return Outcome(
                status: isSignal ? -process.terminationStatus : process.terminationStatus,
                output: try Self.text(directory.path + "/output"), errors: try Self.text(directory.path + "/errors"),
                peakMemoryBytes: peak)
        }

        private static func text(_ path: String) throws -> String {
            String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        }

        /// 0 when the process has just gone.
        private static func anonymousBytes(_ pid: Int32) -> Int {
            guard let data = FileManager.default.contents(atPath: "/proc/\(pid)/status") else { return 0 }
            for line in String(decoding: data, as: UTF8.self).split(separator: "\n") where line.hasPrefix("RssAnon:") {
                return (line.split(separator: " ").compactMap { Int($0) }.first ?? 0) << 10
            }
            return 0
        }
    }

    struct NotBuilt: Error, CustomStringConvertible {
        var description: String { "the program workmap is not beside the tests; build all products first" }
    }
}

/// A directory that goes when the test does.
final class TemporaryDirectory: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "workmap-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        do { try FileManager.default.removeItem(atPath: path) } catch { print("left behind: \(path)") }
    }
}
