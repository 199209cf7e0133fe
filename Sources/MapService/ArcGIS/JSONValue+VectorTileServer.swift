import Portrayal

extension JSONValue {
    /// The style document as clients of a VectorTileServer read it: its vector source is the service, sprite and glyphs are the
    /// service's resources. Layers of other sources are left out, for such a client has nothing to draw them from.
    func forVectorTileServer(_ url: String) -> JSONValue {
        guard case .object(var members) = self else { return self }
        if members["sprite"] != nil { members["sprite"] = .string(url + "/resources/sprites/sprite") }
        if members["glyphs"] != nil { members["glyphs"] = .string(url + "/resources/fonts/{fontstack}/{range}.pbf") }
        let vector = (members["sources"]?.object ?? [:]).filter { $0.value.object?["type"]?.text == "vector" }
        members["sources"] = .object(vector.mapValues { _ in .object(["type": .string("vector"), "url": .string(url)]) })
        members["layers"] = .array(
            (members["layers"]?.array ?? []).filter { layer in
                guard let source = layer.object?["source"]?.text else { return true }
                return vector[source] != nil
            })
        return .object(members)
    }
}
