import FoundationEssentials
import Logging
import Synchronization
import TileCache
import Tiling

/// Delivers notices to one address, in their order, each until it is taken.
final class PurgeReceiver: Sendable {
    struct Statistics: Sendable {
        var delivered = 0
        var failures = 0
        var absorbed = 0
        var overflows = 0
        var waiting = 0
        /// Whether the last try failed.
        var isFailing = false
    }

    private struct State {
        var queue: PurgeQueue
        var statistics = Statistics()
        /// Whether a notice is out of the queue and not taken yet.
        var isUnderWay = false
        /// Deliveries begun, each of which has a number.
        var begun = 0
    }

    let address: String
    private let settings: PurgeSettings
    private let logger: Logger
    /// Sets this run of the service apart from others, in the ids of deliveries.
    private let run: String
    private let state: Mutex<State>
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init(address: String, run: String, settings: PurgeSettings, logger: Logger) {
        self.address = address
        self.run = run
        self.settings = settings
        var logger = logger
        logger[metadataKey: "receiver"] = "\(Self.name(of: address))"
        self.logger = logger
        state = Mutex(State(queue: PurgeQueue(limit: settings.queueLimit)))
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    var statistics: Statistics {
        state.withLock { state in
            var statistics = state.statistics
            statistics.absorbed = state.queue.absorbed
            statistics.overflows = state.queue.overflows
            statistics.waiting = state.queue.waiting.count + (state.isUnderWay ? 1 : 0)
            return statistics
        }
    }

    func post(_ notice: PurgeNotice) {
        let hasOverflowed = state.withLock { state in
            let before = state.queue.overflows
            state.queue.append(notice)
            return state.queue.overflows > before
        }
        if hasOverflowed {
            logger.warning("too many purge notices wait; whole maps are told instead", metadata: ["limit": "\(settings.queueLimit)"])
        }
        signal.yield()
    }

    /// Delivers until cancelled. What waits then is covered by what the service says when it begins again.
    ///
    /// - Parameter paths: of the tiles of a notice.
    func deliver(with courier: PurgeCourier, paths: @Sendable (PurgeNotice) -> [String]?) async {
        for await _ in signals {
            while let (notice, number) = next() {
                let id = "\(run)-\(number)"
                await deliver(notice.document(id: id, paths: paths(notice)).bytes(), of: notice, id: id, with: courier)
                if Task.isCancelled { return }
            }
        }
    }

    private func next() -> (PurgeNotice, Int)? {
        state.withLock { state in
            guard let notice = state.queue.popFirst() else { return nil }
            state.isUnderWay = true
            state.begun += 1
            return (notice, state.begun)
        }
    }

    private func deliver(_ body: [UInt8], of notice: PurgeNotice, id: String, with courier: PurgeCourier) async {
        var pause = settings.firstPause
        var told: String?
        var tries = 1
        while true {
            switch await courier.carry(body, id: id, to: address) {
            case .delivered:
                record(failed: false)
                tell(notice, id: id, tries: tries)
                return
            case .failed(let reason):
                if Task.isCancelled { return }
                record(failed: true)
                // A receiver that is gone for the night is one line, not thousands.
                if reason != told {
                    logger.warning("a purge notice is not taken", metadata: ["map": "\(notice.map)", "delivery": "\(id)", "reason": "\(reason)"])
                }
                told = reason
            }
            do { try await Task.sleep(for: pause * Double.random(in: 0.75...1)) } catch { return }
            pause = min(pause * 2, settings.longestPause)
            tries += 1
        }
    }

    private func record(failed: Bool) {
        state.withLock { state in
            state.statistics.isFailing = failed
            if failed {
                state.statistics.failures += 1
            } else {
                state.statistics.delivered += 1
                state.isUnderWay = false
            }
        }
    }

    private func tell(_ notice: PurgeNotice, id: String, tries: Int) {
        let what = notice.blocks.map { "\($0.reduce(0) { $0 + $1.count }) tiles" } ?? "everything"
        logger.log(
            level: tries > 1 ? .notice : .info, "a purge notice is taken",
            metadata: [
                "map": "\(notice.map)", "delivery": "\(id)", "about": "\(what)", "reason": "\(notice.reason.rawValue)", "tries": "\(tries)",
            ])
    }

    /// What the log calls it: an address without what may be secret in it.
    static func name(of address: String) -> String {
        guard var parts = URLComponents(string: address) else { return "?" }
        (parts.user, parts.password, parts.query, parts.fragment) = (nil, nil, nil, nil)
        return parts.string ?? "?"
    }
}
