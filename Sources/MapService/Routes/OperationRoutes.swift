import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import TileCache
import TileProduction
import Tiling

/// What operators and their monitoring ask: alive, ready, how it fares.
struct OperationRoutes {
    let service: ServiceContext
    let purge: PurgeDesk

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/health/live") { request, _ in
            Response.json(Array(#"{"status":"live"}"#.utf8), for: request)
        }
        router.get("/health/ready") { request, _ in ready(request) }
        router.get("/metrics") { _, _ in await metrics() }
    }

    /// 200 when every layer that has data can be drawn, 503 with the state of each otherwise.
    private func ready(_ request: Request) -> Response {
        let state = service.library.state
        let layers = state.layersInOrder.filter { $0.record != nil }
        let isReady = state.generation > 0 && layers.allSatisfy { $0.state == .ready }
            && state.maps.values.allSatisfy { $0.style != nil }
        let document: JSONDocument = [
            "status": .string(isReady ? "ready" : "not-ready"),
            "layers": .array(layers.map { layer in
                [
                    "id": .string(layer.definition.id), "state": .string(layer.state.key),
                    "message": layer.state.message.map { .string($0) },
                ]
            }),
            "styles": .array(state.styleFailures.sorted { $0.key < $1.key }.map { map, reason in
                ["map": .string(map), "message": .string(reason)]
            }),
        ]
        return Response(
            status: isReady ? .ok : .serviceUnavailable, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: document.bytes())))
    }

    private var storeReadings: [MetricReading] {
        guard let store = service.tiles.tiers.store?.statistics else { return [] }
        return [
            .gauge("store_tiles", "Tiles on disk.", store.tiles),
            .gauge("store_bytes", "Bytes of the store's file in use.", store.bytes),
            .gauge("store_content_bytes", "Bytes of the contents on disk, each once.", store.contentBytes),
            .gauge("store_writer", "Whether this process writes to the store.", store.isWriter ? 1 : 0),
            .counter("store_hits", "Tiles found on disk.", store.hits),
            .counter("store_misses", "Tiles not found on disk.", store.misses),
            .counter("store_unanswered", "Tiles not waited for because the disk is slow.", store.unanswered),
            .counter("store_written", "Tiles written to disk.", store.written),
            .counter("store_evictions", "Tiles on disk that made room for others.", store.evictions),
            .counter("store_dropped", "Tiles not written to disk.", store.dropped),
            .counter("store_damaged", "How often the store was damaged and made anew.", store.damaged),
        ]
    }

    private func metrics() async -> Response {
        let cache = service.tiles.cache.statistics
        let production = await service.tiles.counters
        let labels = await service.tiles.labelCounters
        let layers = service.library.state.layersInOrder
        let freshness = service.tiles.freshnessStatistics
        let text = service.metrics.exposition(readings: [
            .gauge("cache_tiles", "Tiles in memory.", cache.tiles),
            .gauge("cache_bytes", "Bytes of tiles in memory.", cache.bytes),
            .counter("cache_hits", "Tiles found in memory.", cache.hits),
            .counter("cache_misses", "Tiles not found in memory.", cache.misses),
            .counter("cache_evictions", "Tiles in memory that made room for others.", cache.evictions),
            .counter("cache_turned_away", "Tiles not kept in memory because they are asked for less than what is.", cache.turnedAway),
        ] + storeReadings + [
            .counter("productions_started", "Productions begun.", production.started),
            .counter("productions_joined", "Requests that waited for another's production.", production.joined),
            .counter("productions_refused", "Requests refused because too many waited.", production.refused),
            .counter("stale_answers", "Requests answered with the tile before a change.", production.staleAnswers),
            .counter("productions_behind_failed", "Productions behind such answers that failed.", production.failedBehind),
            .gauge("productions_waiting", "Productions waiting for a worker.", production.waiting),
            .counter("label_plans_made", "Levels whose labels were placed afresh.", labels.made),
            .counter("label_plans_updated", "Levels whose labels were brought up to date after a change.", labels.updated),
            .counter("label_plans_read", "Levels whose labels were read from disk.", labels.read),
            .counter("label_plans_damaged", "Label files that were damaged and made again.", labels.damaged),
            .counter("label_plans_failed", "Levels whose labels cannot all be set.", labels.failed),
            .counter("labels_without_glyph", "Labels left out of plans because no font has a character of theirs.", labels.unlettered),
            .counter("label_plans_unwritten", "Label plans that could not be written to disk.", labels.unwritten),
            .gauge("layers_ready", "Layers ready to be drawn.", layers.count { $0.state == .ready }),
            .counter("changes", "Changes of maps.", freshness.changes),
            .counter("dirty_tiles", "Vector tiles that changes touched, kept by somebody or not.", freshness.dirtyTiles),
            .counter("dirty_pictures", "Pictures that changes touched, on levels where that is known tile by tile.", freshness.dirtyPictures),
            .counter("dirty_levels", "Levels of which a change counts as touching all pictures.", freshness.wholeLevels),
            .counter("changes_uncompared", "Changes of which all tiles of a map count as touched: a file could not be read.", freshness.uncompared),
            .counter("tile_versions_unwritten", "How often the versions of a map's tiles could not be written to disk.", freshness.unwritten),
            .gauge(
                "change_longest_milliseconds", "The longest until the pictures of a change were known tile by tile.",
                Int(freshness.longestSeconds * 1000)),
            .gauge("layers_preparing", "Layers being prepared.", layers.count { $0.state == .preparing }),
        ] + purge.readings)
        return Response(
            status: .ok, headers: [.contentType: "text/plain; version=0.0.4; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: text)))
    }
}

extension LiveLayer.State {
    /// As documents and the portal spell it.
    var key: String {
        switch self {
        case .ready: "ready"
        case .preparing: "preparing"
        case .absent: "absent"
        case .failed: "failed"
        }
    }

    var message: String? {
        if case .failed(let reason) = self { reason } else { nil }
    }
}
