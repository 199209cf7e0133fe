import HTTPTypes
import Hummingbird
import TileCache
import TileProduction
import Tiling

/// The stream of what changes on a map, as server-sent events (WHATWG HTML section 9.2).
struct ChangeRoutes {
    let service: ServiceContext

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/tiles/{map}/changes") { request, context in try changes(request, context) }
    }

    /// How often a line is sent that says nothing, so that proxies keep the stream and a lost client is noticed.
    private static let heartbeat = Duration.seconds(15)

    private func changes(_ request: Request, _ context: ServiceRequestContext) throws -> Response {
        let name = try context.parameters.require("map")
        guard service.library.state.maps[name] != nil else {
            let known = service.library.state.maps.keys.sorted().joined(separator: ", ")
            throw ProblemError.notFound(zh: "没有地图“\(name)”；有：\(known)", en: "there is no map \"\(name)\"; maps are \(known)")
        }
        let changes = service.tiles.changes
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
            for await line in Self.lines(changes, map: name) { try await writer.write(ByteBuffer(string: line)) }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store", TileResponse.allowOrigin: "*",
                TileResponse.name("X-Accel-Buffering"): "no",
            ], body: body)
    }

    /// The events of one map, and heartbeats between them; ends when either side does.
    private static func lines(_ changes: AsyncStream<MapChange>, map: String) -> AsyncStream<String> {
        AsyncStream { continuation in
            let events = Task {
                for await change in changes where change.dirty.map == map { continuation.yield(event(change)) }
                continuation.finish()
            }
            let heart = Task {
                while !Task.isCancelled {
                    do { try await Task.sleep(for: heartbeat) } catch { return }
                    continuation.yield(": \n\n")
                }
            }
            continuation.onTermination = { _ in
                events.cancel()
                heart.cancel()
            }
        }
    }

    private static func event(_ change: MapChange) -> String {
        let document: JSONDocument = [
            "map": .string(change.dirty.map), "dataVersion": .string(String(change.dataVersion)),
            "tiles": .array(change.dirty.blocks.map(\.document)),
        ]
        return "id: \(change.number)\nevent: tiles\ndata: \(String(decoding: document.bytes(), as: UTF8.self))\n\n"
    }
}
