extension StyleVariant {
    /// Reads the document of a variant.
    ///
    /// - Parameters:
    ///   - source: the style it derives from.
    ///   - name: what tells it from its source, as `night`.
    ///   - json: UTF-8 text; `Styles/README.md` says what it holds.
    /// - Throws: `invalidJSON`, or `invalidStyle` whose `issues` lists every fault with its path.
    public init(source: String, name: String, json: [UInt8]) throws(PortrayalError) {
        let id = "\(source)-\(name)"
        var reading = VariantReading()
        let root = reading.members(try JSONReader.value(of: json), ["title", "layers", "colours", "icons", "set", "sources", "ground"], "")
        let title = reading.members(root["title"] ?? .null, ["zh", "en"], "title")
        let kept = root["layers"].map { reading.selector(reading.members($0, ["layers", "types", "groups"], "layers"), "layers") }
        let colours = root["colours"].map { reading.rules($0, "colours") }
        let icons = root["icons"].map { reading.icons($0, "icons") }
        let settings = reading.list(root["set"], "set").enumerated().map { reading.setting($1, "set[\($0)]") }
        let sources = root["sources"].map { reading.object($0, "sources") } ?? [:]
        let ground = reading.list(root["ground"], "ground")
        guard reading.issues.isEmpty else {
            throw PortrayalError(
                .invalidStyle,
                "派生样式“\(id)”有 \(reading.issues.count) 处错误 / variant \"\(id)\" has \(reading.issues.count) fault(s)",
                issues: reading.issues)
        }
        self.init(
            source: source, id: id, title: title, kept: kept, colours: colours, icons: icons, settings: settings,
            sources: sources, ground: ground)
    }
}

/// Collects the faults of a variant's document while its parts are read.
private struct VariantReading {
    private(set) var issues: [StyleIssue] = []

    private mutating func fault(_ path: String, _ message: String) {
        issues.append(StyleIssue(path: path, message: message))
    }

    mutating func members(_ json: JSONValue, _ known: Set<String>, _ path: String) -> [String: JSONValue] {
        guard case .object(let members) = json else {
            fault(path, "object expected, \(json.typeName) found")
            return [:]
        }
        for stranger in members.keys.sorted() where !known.contains(stranger) {
            fault(path.isEmpty ? stranger : "\(path).\(stranger)", "unknown property; there is \(known.sorted().joined(separator: ", "))")
        }
        return members
    }

    /// Members that the style's own compiler judges.
    mutating func object(_ json: JSONValue, _ path: String) -> [String: JSONValue] {
        guard case .object(let members) = json else {
            fault(path, "object expected, \(json.typeName) found")
            return [:]
        }
        return members
    }

    mutating func list(_ json: JSONValue?, _ path: String) -> [JSONValue] {
        guard let json else { return [] }
        guard case .array(let items) = json else {
            fault(path, "array expected, \(json.typeName) found")
            return []
        }
        return items
    }

    private mutating func names(_ json: JSONValue?, _ path: String) -> Set<String>? {
        guard let json else { return nil }
        let items = list(json, path)
        let texts = items.compactMap(\.text)
        if texts.count != items.count { fault(path, "array of strings expected") }
        return Set(texts)
    }

    mutating func selector(_ members: [String: JSONValue], _ path: String) -> LayerSelector {
        LayerSelector(
            layers: names(members["layers"], path + ".layers"), types: names(members["types"], path + ".types"),
            groups: names(members["groups"], path + ".groups"))
    }

    mutating func rules(_ json: JSONValue, _ path: String) -> [ColourRule] {
        list(json, path).enumerated().compactMap { i, item in
            let place = "\(path)[\(i)]"
            let object = members(item, ["layers", "types", "groups", "properties", "palette", "tone"], place)
            guard let made = change(object, place) else { return nil }
            return ColourRule(
                selector: selector(object, place), properties: names(object["properties"], place + ".properties"),
                change: made)
        }
    }

    private mutating func change(_ members: [String: JSONValue], _ path: String) -> ColourRule.Change? {
        switch (members["palette"], members["tone"]) {
        case (let palette?, nil): return .palette(self.palette(palette, path + ".palette"))
        case (nil, let tone?): return .tone(self.tone(tone, path + ".tone"))
        default:
            fault(path, "expected either \"palette\" or \"tone\"")
            return nil
        }
    }

    private mutating func palette(_ json: JSONValue, _ path: String) -> [StyleColour: StyleColour] {
        guard case .object(let members) = json else {
            fault(path, "object expected, \(json.typeName) found")
            return [:]
        }
        var palette: [StyleColour: StyleColour] = [:]
        for (old, new) in members.sorted(by: { $0.key < $1.key }) {
            guard let key = StyleColour(css: old), key.alpha == 1 else {
                fault("\(path).\(old)", "an opaque colour expected as the name")
                continue
            }
            if let value = colour(new, "\(path).\(old)") { palette[key] = value }
        }
        return palette
    }

    private mutating func colour(_ json: JSONValue, _ path: String) -> StyleColour? {
        guard let text = json.text, let colour = StyleColour(css: text) else {
            fault(path, "color expected, \(json.description) found")
            return nil
        }
        return colour
    }

    private mutating func tone(_ json: JSONValue, _ path: String) -> ColourTone {
        let object = members(json, ["saturation", "darkest", "lightest"], path)
        func amount(_ name: String, _ fallback: Double) -> Double {
            guard let value = object[name] else { return fallback }
            guard let number = value.number, (0...1).contains(number) else {
                fault("\(path).\(name)", "expected 0 to 1, \(value.description) found")
                return fallback
            }
            return number
        }
        return ColourTone(
            saturation: amount("saturation", 1), darkest: amount("darkest", 0), lightest: amount("lightest", 1))
    }

    mutating func icons(_ json: JSONValue, _ path: String) -> IconRecolouring {
        let object = members(json, ["edge", "palette", "tone"], path)
        var rules: [ColourRule] = []
        if let made = change(object, path) { rules = [ColourRule(selector: LayerSelector(), change: made)] }
        return IconRecolouring(edge: object["edge"].flatMap { colour($0, path + ".edge") }, rules: rules)
    }

    mutating func setting(_ json: JSONValue, _ path: String) -> StyleVariant.Setting {
        let object = members(json, ["layers", "types", "groups", "layout", "paint"], path)
        func values(_ part: String) -> [String: JSONValue] {
            guard let json = object[part] else { return [:] }
            guard case .object(let values) = json else {
                fault("\(path).\(part)", "object expected, \(json.typeName) found")
                return [:]
            }
            return values
        }
        return StyleVariant.Setting(
            selector: selector(object, path), layout: values("layout"), paint: values("paint"))
    }
}
