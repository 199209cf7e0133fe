/// Compiles a style document and collects every fault on the way.
struct StyleCompiler {
    struct Parts {
        var name: String?
        var layers: [StyleLayer] = []
        var sources: [String: String] = [:]
        var sprites: [(id: String, url: String)] = []
        var glyphs: String?
        var globalState: [String: ExpressionValue] = [:]
    }

    private(set) var issues: [StyleIssue] = []

    mutating func fault(_ path: String, _ message: String) {
        issues.append(StyleIssue(path: path, message: message))
    }

    private static let rootMembers: Set<String> = [
        "version", "name", "metadata", "center", "centerAltitude", "zoom", "bearing", "pitch", "roll", "state", "light",
        "sky", "projection", "terrain", "sources", "sprite", "glyphs", "font-faces", "transition", "layers",
    ]
    private static let layerMembers: Set<String> = [
        "id", "type", "metadata", "source", "source-layer", "minzoom", "maxzoom", "filter", "layout", "paint",
        // Of early documents of this version: whether a pointer finds the layer. Nothing is drawn differently.
        "interactive",
    ]

    mutating func compile(_ document: JSONValue) -> Parts {
        var parts = Parts()
        guard case .object(let root) = document else {
            fault("", "object expected, \(document.typeName) found")
            return parts
        }
        for member in root.keys.sorted() where !Self.rootMembers.contains(member) {
            fault(member, "unknown property \"\(member)\"")
        }
        if root["version"] != .number(8) {
            fault("version", "expected 8, \(root["version"]?.description ?? "nothing") found")
        }
        parts.name = text(root["name"], "name")
        parts.glyphs = text(root["glyphs"], "glyphs")
        if let glyphs = parts.glyphs, !glyphs.contains("{fontstack}") || !glyphs.contains("{range}") {
            fault("glyphs", "\"glyphs\" url must include \"{fontstack}\" and \"{range}\" tokens")
        }
        checkCamera(root)
        checkScene(root)
        parts.sprites = sprites(root["sprite"])
        parts.sources = sources(root["sources"])
        parts.globalState = state(root["state"])
        guard let layers = root["layers"] else {
            fault("layers", "missing required property \"layers\"")
            return parts
        }
        guard case .array(let list) = layers else {
            fault("layers", "array expected, \(layers.typeName) found")
            return parts
        }
        var seen: [String: Int] = [:]
        for (i, json) in list.enumerated() {
            guard let layer = layer(json, "layers[\(i)]", parts.sources) else { continue }
            if let first = seen[layer.id] {
                fault("layers[\(i)].id", "duplicate layer id \"\(layer.id)\", previously used at layers[\(first)]")
            }
            seen[layer.id] = i
            parts.layers.append(layer)
        }
        return parts
    }

    private mutating func text(_ json: JSONValue?, _ path: String) -> String? {
        guard let json else { return nil }
        guard case .string(let text) = json else {
            fault(path, "string expected, \(json.typeName) found")
            return nil
        }
        return text
    }

    private mutating func checkCamera(_ root: [String: JSONValue]) {
        for name in ["zoom", "bearing", "pitch", "roll", "centerAltitude"] {
            if let json = root[name], json.number == nil { fault(name, "number expected, \(json.typeName) found") }
        }
        guard let centre = root["center"] else { return }
        guard case .array(let items) = centre else {
            fault("center", "array expected, \(centre.typeName) found")
            return
        }
        if items.count != 2 { fault("center", "array length 2 expected, length \(items.count) found") }
        for (i, item) in items.enumerated() where item.number == nil {
            fault("center[\(i)]", "number expected, \(item.typeName) found")
        }
    }

    private mutating func sprites(_ json: JSONValue?) -> [(id: String, url: String)] {
        switch json {
        case nil: return []
        case .string(let url): return [("default", url)]
        case .array(let items):
            return items.enumerated().compactMap { i, item in
                guard let id = item.object?["id"]?.text, let url = item.object?["url"]?.text else {
                    fault("sprite[\(i)]", "expected an object with \"id\" and \"url\"")
                    return nil
                }
                return (id, url)
            }
        case .some(let other):
            fault("sprite", "string or array expected, \(other.typeName) found")
            return []
        }
    }

    private mutating func sources(_ json: JSONValue?) -> [String: String] {
        guard let json else {
            fault("sources", "missing required property \"sources\"")
            return [:]
        }
        guard case .object(let members) = json else {
            fault("sources", "object expected, \(json.typeName) found")
            return [:]
        }
        var out: [String: String] = [:]
        let kinds = ["vector", "raster", "raster-dem", "geojson", "video", "image"]
        for (id, source) in members.sorted(by: { $0.key < $1.key }) {
            guard let kind = source.object?["type"]?.text else {
                fault("sources.\(id)", "missing required property \"type\"")
                continue
            }
            if !kinds.contains(kind) {
                fault("sources.\(id).type", "expected one of [\(kinds.joined(separator: ", "))], \"\(kind)\" found")
            }
            out[id] = kind
        }
        return out
    }

    private mutating func state(_ json: JSONValue?) -> [String: ExpressionValue] {
        guard let json else { return [:] }
        guard case .object(let members) = json else {
            fault("state", "object expected, \(json.typeName) found")
            return [:]
        }
        var out: [String: ExpressionValue] = [:]
        for (name, entry) in members.sorted(by: { $0.key < $1.key }) {
            guard let object = entry.object else {
                fault("state.\(name)", "object expected, \(entry.typeName) found")
                continue
            }
            out[name] = ExpressionValue(object["default"] ?? .null)
        }
        return out
    }

    private mutating func layer(_ json: JSONValue, _ path: String, _ sources: [String: String]) -> StyleLayer? {
        guard case .object(let members) = json else {
            fault(path, "object expected, \(json.typeName) found")
            return nil
        }
        guard let id = text(members["id"], path + ".id"), !id.isEmpty else {
            if members["id"] == nil { fault(path, "missing required property \"id\"") }
            return nil
        }
        if members["ref"] != nil { fault(path + ".ref", "layers by reference are not in version 8 any more: repeat the layer") }
        for member in members.keys.sorted() where !Self.layerMembers.contains(member) && member != "ref" {
            fault("\(path).\(member)", "unknown property \"\(member)\"")
        }
        guard let type = text(members["type"], path + ".type") else {
            if members["type"] == nil { fault(path, "missing required property \"type\"") }
            return nil
        }
        guard let kind = StyleLayerKind(rawValue: type) else {
            let kinds = StyleLayerKind.allCases.map(\.rawValue).joined(separator: ", ")
            fault(path + ".type", "expected one of [\(kinds)], \"\(type)\" found")
            return nil
        }
        let source = text(members["source"], path + ".source")
        let sourceLayer = text(members["source-layer"], path + ".source-layer")
        checkSource(kind, source, sourceLayer, path, sources)
        var properties: [String: PropertyExpression] = [:]
        compile(members["layout"], kind.layout, path + ".layout", into: &properties)
        compile(members["paint"], kind.paint, path + ".paint", into: &properties)
        if kind == .heatmap, properties["heatmap-color"] == nil {
            compile(.object(["heatmap-color": .densityRamp]), kind.paint, path + ".paint", into: &properties)
        }
        let visibility = properties["visibility"]?.value(EvaluationContext())
        return StyleLayer(
            id: id, kind: kind, source: source, sourceLayer: sourceLayer,
            minimumZoom: zoom(members["minzoom"], path + ".minzoom") ?? -Double.infinity,
            maximumZoom: zoom(members["maxzoom"], path + ".maxzoom") ?? .infinity,
            isVisible: visibility != .string("none"), filter: filter(members["filter"], path + ".filter"),
            properties: properties)
    }

    private mutating func checkSource(
        _ kind: StyleLayerKind, _ source: String?, _ sourceLayer: String?, _ path: String, _ sources: [String: String]
    ) {
        if kind == .background { return }
        guard let source else {
            fault(path, "missing required property \"source\"")
            return
        }
        guard let sourceKind = sources[source] else {
            fault(path + ".source", "source \"\(source)\" not found")
            return
        }
        if sourceKind == "vector", sourceLayer == nil {
            fault(path, "layer must specify a \"source-layer\" of the vector source \"\(source)\"")
        }
    }

    private mutating func zoom(_ json: JSONValue?, _ path: String) -> Double? {
        guard let json else { return nil }
        guard case .number(let n) = json else {
            fault(path, "number expected, \(json.typeName) found")
            return nil
        }
        if !(0...24).contains(n) { fault(path, "expected 0 to 24, \(json.description) found") }
        return n
    }

    private mutating func filter(_ json: JSONValue?, _ path: String) -> PropertyExpression? {
        guard let json else { return nil }
        do {
            return try Filter.compile(json)
        } catch {
            for issue in error.issues { fault(path + issue.path, issue.message) }
            return nil
        }
    }

    private mutating func compile(
        _ json: JSONValue?, _ definitions: [PropertyDefinition], _ path: String,
        into properties: inout [String: PropertyExpression]
    ) {
        guard let json else { return }
        guard case .object(let members) = json else {
            fault(path, "object expected, \(json.typeName) found")
            return
        }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            guard let definition = definitions.first(where: { $0.name == name }) else {
                if !name.hasSuffix("-transition") { fault("\(path).\(name)", "unknown property \"\(name)\"") }
                continue
            }
            do {
                properties[name] = try PropertyExpression.compile(value, definition)
            } catch {
                for issue in error.issues {
                    fault("\(path).\(name)\(issue.path)", issue.message + value.shown(at: issue.path, unlessIn: issue.message))
                }
            }
        }
    }
}
