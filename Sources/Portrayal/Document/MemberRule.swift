/// What the style specification says about a member that holds no expression: of a source, of the terrain, of a transition.
struct MemberRule: Sendable {
    indirect enum Kind: Sendable {
        case number, text, flag, any, filter
        case words([String])
        case list(Kind, count: Int?)
    }

    var kind: Kind
    var isRequired = false
    var minimum: Double?
    var maximum: Double?

    init(_ kind: Kind, isRequired: Bool = false, minimum: Double? = nil, maximum: Double? = nil) {
        self.kind = kind
        self.isRequired = isRequired
        self.minimum = minimum
        self.maximum = maximum
    }

    /// The faults of a value.
    func issues(_ json: JSONValue, _ path: String) -> [StyleIssue] {
        Self.issues(json, kind, path) + limits(json, path)
    }

    private func limits(_ json: JSONValue, _ path: String) -> [StyleIssue] {
        guard let n = json.number else { return [] }
        if let minimum, n < minimum { return [.below(minimum, n, at: path)] }
        if let maximum, n > maximum { return [.above(maximum, n, at: path)] }
        return []
    }

    private static func issues(_ json: JSONValue, _ kind: Kind, _ path: String) -> [StyleIssue] {
        switch (kind, json) {
        case (.any, _), (.number, .number), (.text, .string), (.flag, .boolean): return []
        case (.number, _): return [StyleIssue.expected("number", json, at: path).showing(json)]
        case (.text, _): return [StyleIssue.expected("string", json, at: path).showing(json)]
        case (.flag, _): return [StyleIssue.expected("boolean", json, at: path).showing(json)]
        case (.words(let words), _):
            return json.text.map(words.contains) == true ? [] : [.expected(oneOf: words, json, at: path)]
        case (.filter, _):
            do {
                _ = try Filter.compile(json)
                return []
            } catch {
                return error.issues.map { StyleIssue(path: path + $0.path, message: $0.message, chinese: $0.chinese) }
            }
        case (.list(let item, let count), .array(let items)):
            if let count, items.count != count { return [.length(count, items.count, at: path)] }
            return items.enumerated().flatMap { issues($1, item, "\(path)[\($0)]") }
        case (.list, _): return [StyleIssue.expected("array", json, at: path).showing(json)]
        }
    }
}

/// The members of one kind of object.
struct MemberRules: Sendable {
    var rules: [String: MemberRule]
    /// Whether the specification lets an object have members of other names.
    var isOpen = false

    func issues(_ members: [String: JSONValue], _ path: String) -> [StyleIssue] {
        var issues: [StyleIssue] = []
        for (name, rule) in rules.sorted(by: { $0.key < $1.key }) where rule.isRequired && members[name] == nil {
            issues.append(.missing(name, at: path))
        }
        for (name, json) in members.sorted(by: { $0.key < $1.key }) {
            if let rule = rules[name] {
                issues += rule.issues(json, "\(path).\(name)")
            } else if !isOpen {
                issues.append(.unknown(name, at: "\(path).\(name)"))
            }
        }
        return issues
    }
}

extension MemberRules {
    static let transition = MemberRules(rules: ["duration": MemberRule(.number, minimum: 0), "delay": MemberRule(.number, minimum: 0)])
    static let terrain = MemberRules(
        rules: ["source": MemberRule(.text, isRequired: true), "exaggeration": MemberRule(.number, minimum: 0)])

    /// By the source's type; `nil` for one the specification does not know.
    static func source(_ type: String) -> MemberRules? {
        switch type {
        case "vector":
            var rules = tiled
            rules["scheme"] = MemberRule(.words(["xyz", "tms"]))
            rules["encoding"] = MemberRule(.words(["mvt", "mlt"]))
            return MemberRules(rules: rules, isOpen: true)
        case "raster":
            var rules = tiled
            rules["scheme"] = MemberRule(.words(["xyz", "tms"]))
            rules["tileSize"] = MemberRule(.number)
            return MemberRules(rules: rules, isOpen: true)
        case "raster-dem":
            var rules = tiled
            rules["encoding"] = MemberRule(.words(["terrarium", "mapbox", "custom"]))
            for name in ["tileSize", "redFactor", "greenFactor", "blueFactor", "baseShift"] { rules[name] = MemberRule(.number) }
            return MemberRules(rules: rules, isOpen: true)
        case "geojson": return geoJSON
        case "image":
            return MemberRules(rules: [
                "type": MemberRule(.text), "url": MemberRule(.text, isRequired: true), "coordinates": corners,
            ])
        case "video":
            return MemberRules(rules: [
                "type": MemberRule(.text), "urls": MemberRule(.list(.text, count: nil), isRequired: true), "coordinates": corners,
            ])
        default: return nil
        }
    }

    static let sourceTypes = ["vector", "raster", "raster-dem", "geojson", "video", "image"]

    private static let corners = MemberRule(.list(.list(.number, count: 2), count: 4), isRequired: true)

    private static let tiled: [String: MemberRule] = [
        "type": MemberRule(.text), "url": MemberRule(.text), "tiles": MemberRule(.list(.text, count: nil)),
        "bounds": MemberRule(.list(.number, count: 4)), "minzoom": MemberRule(.number), "maxzoom": MemberRule(.number),
        "attribution": MemberRule(.text), "promoteId": MemberRule(.any), "volatile": MemberRule(.flag),
    ]

    private static let geoJSON = MemberRules(rules: [
        "type": MemberRule(.text), "data": MemberRule(.any, isRequired: true), "maxzoom": MemberRule(.number),
        "attribution": MemberRule(.text), "buffer": MemberRule(.number, minimum: 0, maximum: 512),
        "filter": MemberRule(.filter), "tolerance": MemberRule(.number), "cluster": MemberRule(.flag),
        "clusterRadius": MemberRule(.number, minimum: 0), "clusterMaxZoom": MemberRule(.number),
        "clusterMinPoints": MemberRule(.number), "clusterProperties": MemberRule(.any), "lineMetrics": MemberRule(.flag),
        "generateId": MemberRule(.flag), "promoteId": MemberRule(.any),
    ])
}
