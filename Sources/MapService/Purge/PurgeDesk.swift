import FeatureStore
import Logging
import TileCache
import TileProduction
import Tiling

/// Hands every notice to every receiver.
final class PurgeDesk: Sendable {
    let receivers: [PurgeReceiver]
    let settings: PurgeSettings

    init(settings: PurgeSettings, logger: Logger) {
        self.settings = settings
        let run = String(UInt64.random(in: .min ... .max), radix: 36)
        receivers = settings.receivers.map { PurgeReceiver(address: $0, run: run, settings: settings, logger: logger) }
    }

    var isNeeded: Bool { !receivers.isEmpty }

    func post(_ notice: PurgeNotice) {
        for receiver in receivers { receiver.post(notice) }
    }

    /// Everything of every map, or of one kind.
    func post(_ maps: some Sequence<LiveMap>, _ reason: PurgeNotice.Reason, kind: DirtyTiles.Kind? = nil) {
        for map in maps.sorted(by: { $0.definition.id < $1.definition.id }) {
            post(PurgeNotice(map: map.definition.id, subject: .everything(kind), reason: reason, dataVersion: map.dataVersion))
        }
    }

    var readings: [MetricReading] {
        guard isNeeded else { return [] }
        let all = receivers.map(\.statistics)
        func sum(_ part: (PurgeReceiver.Statistics) -> Int) -> Int { all.reduce(0) { $0 + part($1) } }
        return [
            .counter("purge_delivered", "Purge notices that receivers took.", sum(\.delivered)),
            .counter("purge_failures", "Tries to deliver a purge notice that failed.", sum(\.failures)),
            .counter("purge_absorbed", "Purge notices that one about a whole map took in.", sum(\.absorbed)),
            .counter("purge_overflows", "How often so many purge notices waited that whole maps were told instead.", sum(\.overflows)),
            .gauge("purge_waiting", "Purge notices that receivers have not taken yet.", sum(\.waiting)),
            .gauge("purge_receivers_failing", "Receivers that did not take the last try.", all.count(where: \.isFailing)),
        ]
    }
}
