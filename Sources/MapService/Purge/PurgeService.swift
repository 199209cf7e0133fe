import AsyncHTTPClient
import FeatureStore
import Logging
import ServiceLifecycle
import TileCache
import TileProduction
import Tiling

/// Tells the receivers of purge notices what changes while the service runs, and at its beginning everything: whatever
/// changed while it was not there is in that.
struct PurgeService: Service, CustomStringConvertible {
    let desk: PurgeDesk
    let shelf: ArchiveShelf
    /// `nil` for a service of archives alone.
    let tiles: TileService?

    var description: String { "PurgeService" }

    func run() async throws {
        let client = PurgeCourier.client()
        await cancelWhenGracefulShutdown { await tell(with: PurgeCourier(client: client, settings: desk.settings)) }
        try await client.shutdown()
    }

    private func tell(with courier: PurgeCourier) async {
        await withDiscardingTaskGroup { group in
            for receiver in desk.receivers {
                group.addTask { await receiver.deliver(with: courier) { paths(of: $0) } }
            }
            group.addTask { await followArchives() }
            if let tiles {
                observeMaps(tiles.library)
                group.addTask { await followMaps(tiles) }
            }
        }
    }

    private func followMaps(_ tiles: TileService) async {
        var reason = PurgeNotice.Reason.start
        while !Task.isCancelled {
            // First the stream and then what there is, so that nothing falls between.
            let changes = tiles.changes
            desk.post(tiles.library.state.maps.values, reason)
            for await change in changes {
                desk.post(
                    PurgeNotice(
                        map: change.dirty.map, subject: .tiles(PurgeScope.bounded(change.dirty.blocks)), reason: .change,
                        dataVersion: change.dataVersion))
            }
            // It ends where a change could not be followed.
            reason = .unknown
            do { try await Task.sleep(for: .seconds(1)) } catch { return }
        }
    }

    /// What the stream of dirty tiles does not tell at once: maps that appear, and styles.
    private func observeMaps(_ library: MapLibrary) {
        library.observe { [weak desk] change in
            guard let desk else { return }
            let former = change.former.maps
            desk.post(change.current.maps.values.filter { former[$0.definition.id] == nil }, .start)
            desk.post(
                change.current.maps.values.filter { map in
                    former[map.definition.id].map { $0.style?.version != map.style?.version } ?? false
                }, .style, kind: .picture)
        }
    }

    private func followArchives() async {
        let changes = shelf.changes
        for archive in shelf.archives {
            desk.post(PurgeNotice(map: archive.name, subject: .everything(nil), reason: .start, dataVersion: archive.version))
        }
        for await change in changes {
            desk.post(PurgeNotice(map: change.name, subject: .everything(nil), reason: .archive, dataVersion: change.version))
        }
    }

    private func paths(of notice: PurgeNotice) -> [String]? {
        guard let state = tiles?.library.state, let map = state.maps[notice.map], let blocks = notice.blocks else { return nil }
        return PurgePaths(map: map, sets: state.sets).paths(of: blocks)
    }
}
