import Logging
import Synchronization
import Testing

@testable import MapService

/// A style that breaks while the service runs is told of once, and so is its mending.
@Suite struct StyleLogTests {
    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    private struct Recorder: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            let said = (event.metadata ?? [:]).sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            lines.all.withLock { $0.append("\(event.level) \(event.message) \(said.joined(separator: " "))") }
        }
    }

    @Test func everyReasonIsToldOnce() {
        let lines = Lines()
        let log = StyleLog(logger: Logger(label: "test") { _ in Recorder(lines: lines) })
        log.tell([:])
        log.tell(["standard": "line-width", "standard-night": "line-width", "other": "no such font"])
        log.tell(["standard": "line-width", "standard-night": "line-width", "other": "no such font"])
        log.tell(["standard": "not JSON", "other": "no such font"])
        log.tell(["other": "no such font"])
        #expect(
            lines.all.withLock { $0 } == [
                "error a style is broken maps=standard standard-night reason=line-width",
                "error a style is broken maps=other reason=no such font",
                "error a style is broken maps=standard reason=not JSON",
                "notice styles are whole again maps=standard-night",
                "notice styles are whole again maps=standard",
            ])
    }
}
