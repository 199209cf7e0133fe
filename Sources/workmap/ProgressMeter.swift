import FeatureStore
import Foundation

/// One line on a terminal that is rewritten in place; nothing where standard error is not a terminal.
struct ProgressMeter: Sendable {
    private let isTerminal = isatty(2) == 1

    func show(_ progress: ImportProgress) {
        guard isTerminal else { return }
        var line = "\r\u{1B}[K\(progress.source)  \(progress.recordsRead) 条  \(Int(progress.recordsPerSecond)) 条/秒"
        if let fraction = progress.fraction { line += "  \(Int(fraction * 100)) %" }
        if let seconds = progress.secondsRemaining { line += "  剩余 ETA \(Int(seconds.rounded(.up))) s" }
        FileHandle.standardError.write(Data(line.utf8))
    }

    func clear() {
        guard isTerminal else { return }
        FileHandle.standardError.write(Data("\r\u{1B}[K".utf8))
    }
}
