import Raster

/// Compiles a style document and collects every fault on the way.
struct StyleCompiler {
    struct Parts {
        var name: String?
        var layers: [StyleLayer] = []
        var sources: [String: String] = [:]
        var sprites: [(id: String, url: String)] = []
        var glyphs: String?
        var globalState: [String: ExpressionValue] = [:]
        var light: [String: PropertyExpression] = [:]
        var textBlending = Blending.stored
    }

    private(set) var issues: [StyleIssue] = []
    /// Members that the specification does not know and lets stand.
    private(set) var remarks: [StyleIssue] = []

    mutating func fault(_ issue: StyleIssue) { issues.append(issue) }

    mutating func fault(_ path: String, _ message: String, chinese: String) {
        issues.append(StyleIssue(path: path, message: message, chinese: chinese))
    }

    private mutating func remark(_ name: String, at path: String) {
        remarks.append(
            StyleIssue(
                path: path, message: "the style specification knows no \"\(name)\" here; nothing comes of it",
                chinese: "样式规范在此没有“\(name)”，不起作用"))
    }

    private static let rootMembers: Set<String> = [
        "version", "name", "metadata", "center", "centerAltitude", "zoom", "bearing", "pitch", "roll", "state", "light",
        "sky", "projection", "terrain", "sources", "sprite", "glyphs", "font-faces", "transition", "layers",
    ]
    private static let layerMembers: Set<String> = [
        "id", "type", "metadata", "source", "source-layer", "minzoom", "maxzoom", "filter", "layout", "paint",
        // Of early documents of this version: another layer to take members from, and whether a pointer finds the layer.
        "ref", "interactive",
    ]

    mutating func compile(_ document: JSONValue) -> Parts {
        var parts = Parts()
        guard case .object(let root) = document else {
            fault(.expected("object", document, at: ""))
            return parts
        }
        for member in root.keys.sorted() where !Self.rootMembers.contains(member) {
            if member == "constants" {
                fault(member, "constants have been deprecated as of v8", chinese: "第 8 版起不再有 constants，请写出值本身")
            } else {
                remark(member, at: member)
            }
        }
        if root["version"] != .number(8) {
            fault(
                "version", "expected one of [8], \(root["version"]?.description ?? "nothing") found",
                chinese: "应为 8，实为 \(root["version"]?.description ?? "无")")
        }
        parts.name = text(root["name"], "name")
        parts.glyphs = text(root["glyphs"], "glyphs")
        if let glyphs = parts.glyphs, !glyphs.contains("{fontstack}") || !glyphs.contains("{range}") {
            fault(
                "glyphs", "\"glyphs\" url must include \"{fontstack}\" and \"{range}\" tokens",
                chinese: "网址须含 {fontstack} 和 {range}，现值 \"\(glyphs)\"")
        }
        checkCamera(root)
        parts.light = scene(root)
        parts.textBlending = textBlending(root["metadata"])
        parts.sprites = sprites(root["sprite"])
        parts.sources = sources(root["sources"])
        parts.globalState = state(root["state"])
        guard let layers = root["layers"] else {
            fault(.missing("layers", at: "layers"))
            return parts
        }
        guard case .array(let list) = layers else {
            fault(.expected("array", layers, at: "layers"))
            return parts
        }
        var seen: [String: Int] = [:]
        for (i, json) in resolved(list).enumerated() {
            guard let layer = layer(json, "layers[\(i)]", parts.sources) else { continue }
            if let first = seen[layer.id] {
                fault(
                    "layers[\(i)].id", "duplicate layer id \"\(layer.id)\", previously used at layers[\(first)]",
                    chinese: "图层编号“\(layer.id)”重复，已用于 layers[\(first)]")
            }
            seen[layer.id] = i
            parts.layers.append(layer)
        }
        return parts
    }

    mutating func text(_ json: JSONValue?, _ path: String) -> String? {
        guard let json else { return nil }
        guard case .string(let text) = json else {
            fault(StyleIssue.expected("string", json, at: path).showing(json))
            return nil
        }
        return text
    }

    private mutating func layer(_ json: JSONValue, _ path: String, _ sources: [String: String]) -> StyleLayer? {
        guard case .object(let members) = json else {
            fault(.expected("object", json, at: path))
            return nil
        }
        guard let id = text(members["id"], path + ".id"), !id.isEmpty else {
            if members["id"] == nil { fault(.missing("id", at: path)) }
            return nil
        }
        for member in members.keys.sorted() where !Self.layerMembers.contains(member) {
            remark(member, at: "\(path).\(member)")
        }
        guard let type = text(members["type"], path + ".type") else {
            if members["type"] == nil, members["ref"] == nil { fault(.missing("type", at: path)) }
            return nil
        }
        guard let kind = StyleLayerKind(rawValue: type) else {
            fault(.expected(oneOf: StyleLayerKind.allCases.map(\.rawValue), .string(type), at: path + ".type"))
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
            fault(.missing("source", at: path))
            return
        }
        guard let sourceKind = sources[source] else {
            fault(path + ".source", "source \"\(source)\" not found", chinese: "没有数据源“\(source)”")
            return
        }
        if sourceKind == "vector", sourceLayer == nil {
            fault(
                path, "layer must specify a \"source-layer\" of the vector source \"\(source)\"",
                chinese: "数据源“\(source)”是矢量瓦片，图层须写明 source-layer")
        }
    }

    private mutating func zoom(_ json: JSONValue?, _ path: String) -> Double? {
        guard let json else { return nil }
        guard case .number(let n) = json else {
            fault(StyleIssue.expected("number", json, at: path).showing(json))
            return nil
        }
        if n < 0 { fault(.below(0, n, at: path)) }
        if n > 24 { fault(.above(24, n, at: path)) }
        return n
    }

    private mutating func filter(_ json: JSONValue?, _ path: String) -> PropertyExpression? {
        guard let json else { return nil }
        do {
            return try Filter.compile(json)
        } catch {
            for issue in error.issues { fault(issue.showing(json, at: issue.path).under(path)) }
            return nil
        }
    }

    mutating func compile(
        _ json: JSONValue?, _ definitions: [PropertyDefinition], _ path: String,
        into properties: inout [String: PropertyExpression]
    ) {
        guard let json else { return }
        guard case .object(let members) = json else {
            fault(.expected("object", json, at: path))
            return
        }
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            guard let definition = definitions.first(where: { $0.name == name }) else {
                checkTransition(name, value, definitions, path)
                continue
            }
            do {
                properties[name] = try PropertyExpression.compile(value, definition)
            } catch {
                for issue in error.issues { fault(issue.showing(value, at: issue.path).under("\(path).\(name)")) }
            }
        }
    }
}
