import FeatureStore
import Portrayal
import Synchronization
public import TileCache
import Tiling

/// Tiles of single layers of a map: vector tiles that hold nothing else, and pictures of the layer as the map draws it, on
/// no ground.
extension TileService {
    /// The map cut down to one of its layers.
    ///
    /// It goes by the name of both, `standard/base.road`, which no map of a catalogue can have, so that its tiles are told
    /// apart from the map's wherever they are kept.
    ///
    /// - Returns: `nil` for a layer that is not the map's.
    public func part(_ layer: String, of map: LiveMap) -> LiveMap? {
        guard let live = map.layers.first(where: { $0.definition.id == layer }) else { return nil }
        var definition = map.definition
        definition.id = "\(map.definition.id)/\(layer)"
        definition.title = live.definition.title
        definition.layers = [layer]
        return LiveMap(definition: definition, layers: [live], style: map.style.flatMap { parts.style(of: live, in: $0, named: definition.id) })
    }

    /// A tile of a map that `part` gave. It is kept in memory only.
    ///
    /// Throws `ProductionError`: a matrix set or a format that the map is not offered in, an address outside the limits, too
    /// many productions waiting, a style that cannot draw the data.
    public func tile(_ request: Request, of part: LiveMap) async throws -> EncodedTile {
        precondition(request.map == part.definition.id, "a request for the part itself")
        let set = try library.state.set(request.matrixSet, of: part)
        try part.check(request.format)
        try set.check(request.address)
        let key = TileKey(request, in: part)
        if let tile = cache.tile(for: key) { return tile }
        let metatile = metatile(of: part)
        let made = try await queue.produce(productionKey(key, of: part, metatile: metatile)) { [cache] bench in
            var recorder = ProductionRecorder()
            // Labels find their places inside the metatile: a plan for the whole level would be one more for every layer.
            let made = try Self.make(
                request, map: part, set: set, metatile: metatile, labels: Labels(), bench: bench, recorder: &recorder)
            for (address, tile) in made {
                var request = request
                request.address = address
                cache.store(tile, for: TileKey(request, in: part))
            }
            return made
        }
        guard let tile = made[request.address] else {
            preconditionFailure("a production gives the tile it was asked for")
        }
        return tile
    }
}

/// Styles cut down to single layers, compiled once each.
final class PartStyles: Sendable {
    private struct Key: Hashable {
        var name: String
        var version: UInt64
    }

    private let known = Mutex<[Key: LiveStyle?]>([:])
    /// Layers of a few maps under their present style.
    private static let capacity = 256

    /// What the style draws of the layer and of what derives from it; `nil` where that is not a style.
    func style(of layer: LiveLayer, in style: LiveStyle, named name: String) -> LiveStyle? {
        let key = Key(name: name, version: style.version)
        if let known = known.withLock({ $0[key] }) { return known }
        let made = Self.cut(style, to: layer, named: name)
        known.withLock {
            if $0.count >= Self.capacity { $0.removeAll() }
            $0[key] = .some(made)
        }
        return made
    }

    private static func cut(_ style: LiveStyle, to layer: LiveLayer, named name: String) -> LiveStyle? {
        guard case .object(var members) = style.document else { return nil }
        let id = layer.definition.id
        let names: Set<String> = [id, LabelPointLayer.name(of: id), AggregateLayer.name(of: id)]
        members["layers"] = .array((members["layers"]?.array ?? []).filter { entry in
            guard let own = entry.object?["source-layer"]?.text else { return entry.object?["source"]?.text == id }
            return names.contains(own)
        })
        let document = JSONValue.object(members)
        do {
            return LiveStyle(
                id: name, version: style.version, renderer: style.renderer.with(try Style(document)), document: document,
                sprites: style.sprites)
        } catch {
            // Layers of a valid style that refer to others by `ref` may not stand without them.
            return nil
        }
    }
}
