import Foundation
import Glibc

extension Program {
    /// A client that keeps listening to a stream: what comes is in a file.
    final class Listener {
        private let process = Process()
        private let directory: TemporaryDirectory
        private var path: String { directory.path + "/heard" }

        init(port: UInt16, target: String) throws {
            directory = try TemporaryDirectory()
            process.executableURL = URL(filePath: "/usr/bin/curl")
            process.arguments = ["--silent", "--no-buffer", "--max-time", "120", "--output", directory.path + "/heard", "http://127.0.0.1:\(port)\(target)"]
            try process.run()
            _ = try text { !$0.isEmpty }
        }

        /// What was heard, once it is as wanted or half a minute has gone.
        func text(until isWanted: (String) -> Bool) throws -> String {
            var heard = ""
            for _ in 0..<600 {
                heard = FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) } ?? ""
                if isWanted(heard) { break }
                usleep(50_000)
            }
            return heard
        }

        func end() {
            process.terminate()
            process.waitUntilExit()
        }
    }
}
