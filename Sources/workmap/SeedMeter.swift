import Foundation
import SeedJobs
import Synchronization
import TileProduction
import Tiling

/// Tells how far a job has come: on one line of a terminal, as lines of JSON, or not at all.
final class SeedMeter: Sendable {
    enum Kind: Sendable {
        case terminal
        case json
        case silent
    }

    private struct Looks {
        var last: ContinuousClock.Instant?
        var first: (tiles: Int, at: ContinuousClock.Instant)?
        var latest: SeedProgress?
    }

    private let kind: Kind
    private let start = ContinuousClock.now
    private let looks = Mutex(Looks())

    /// - Parameter kind: `nil` for a line where standard error is a terminal.
    init(_ kind: Kind?) { self.kind = kind ?? (isatty(2) == 1 ? .terminal : .silent) }

    var seconds: Int { Int(((ContinuousClock.now - start) / .seconds(1)).rounded()) }

    func show(_ progress: SeedProgress) {
        guard kind != .silent else { return }
        let now = ContinuousClock.now
        let step = kind == .json ? Duration.seconds(1) : .milliseconds(200)
        let first: (tiles: Int, at: ContinuousClock.Instant)? = looks.withLock { looks in
            looks.latest = progress
            if looks.first == nil { looks.first = (progress.done, start) }
            if let last = looks.last, now - last < step { return nil }
            looks.last = now
            return looks.first
        }
        guard let first else { return }
        write(progress, Pace(progress, since: first, now: now))
    }

    /// The last word: the slowest blocks on a terminal, the last line in JSON.
    func finish() {
        guard let progress = looks.withLock({ $0.latest }) else { return }
        switch kind {
        case .silent: return
        case .json: write(progress, Pace(progress, since: looks.withLock { $0.first } ?? (0, start), now: .now))
        case .terminal:
            put("\r\u{1B}[K")
            for block in progress.slowest.prefix(3) {
                let (level, column, row) = (block.address.level, block.address.column, block.address.row)
                put("最慢 slowest \(level)/\(column)/\(row) \(block.format): \(Int((block.seconds * 1000).rounded())) ms\n")
            }
        }
    }

    private func write(_ progress: SeedProgress, _ pace: Pace) {
        switch kind {
        case .silent: return
        case .json: put(SeedProgressLine(progress, pace).text + "\n")
        case .terminal: put("\r\u{1B}[K" + Self.line(progress, pace))
        }
    }

    private static func line(_ progress: SeedProgress, _ pace: Pace) -> String {
        let width = 20
        let share = progress.expected > 0 ? Double(progress.done) / Double(progress.expected) : 1
        let full = Int(share * Double(width))
        let bar = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
        var line = "\(bar) \(Int(share * 100))%  \(progress.level) 级 \(progress.matrixSet) \(progress.format)  \(progress.done)/\(progress.expected)"
        line += "  \(Int(pace.tilesPerSecond)) 张/秒  \(progress.tally.bytes >> 20) MB  失败 failed \(progress.tally.failed)"
        if let seconds = pace.secondsLeft { line += "  剩余 ETA \(seconds) s" }
        if progress.state == .paused { line += "  已暂停 paused" }
        if progress.processes > 1 { line += "  \(progress.processes) 个进程 processes" }
        return line
    }

    private func put(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}

/// How fast a job goes, by a clock that only goes forward.
struct Pace {
    let tilesPerSecond: Double
    /// `nil` while nothing has been made.
    let secondsLeft: Int?

    init(_ progress: SeedProgress, since first: (tiles: Int, at: ContinuousClock.Instant), now: ContinuousClock.Instant) {
        let elapsed = max((now - first.at) / .seconds(1), 0.001)
        tilesPerSecond = Double(progress.done - first.tiles) / elapsed
        secondsLeft = tilesPerSecond > 0 ? Int((Double(progress.expected - progress.done) / tilesPerSecond).rounded(.up)) : nil
    }
}

/// One line of `--progress json`.
struct SeedProgressLine {
    let text: String

    init(_ progress: SeedProgress, _ pace: Pace) {
        let document: [String: any Encodable & Sendable] = [
            "job": progress.job, "state": progress.state.rawValue, "level": progress.level, "matrixSet": progress.matrixSet,
            "format": progress.format, "expected": progress.expected, "made": progress.tally.made, "empty": progress.tally.empty,
            "knownEmpty": progress.tally.knownEmpty, "failed": progress.tally.failed, "bytes": progress.tally.bytes,
            "tilesPerSecond": (pace.tilesPerSecond * 10).rounded() / 10, "secondsLeft": pace.secondsLeft ?? -1,
            "processes": progress.processes,
        ]
        text = "{" + document.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\(Self.json($0.value))" }.joined(separator: ",") + "}"
    }

    private static func json(_ value: any Encodable) -> String { value is String ? "\"\(value)\"" : "\(value)" }
}
