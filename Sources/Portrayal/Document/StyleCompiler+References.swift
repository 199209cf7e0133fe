/// Layers of early documents of version 8 that take source, filter and layout from another one (`ref`).
extension StyleCompiler {
    private static let inherited = ["type", "source", "source-layer", "minzoom", "maxzoom", "filter", "layout"]
    /// What a layer by reference may not say for itself.
    private static let prohibited = ["type", "source", "source-layer", "filter", "layout"]

    /// The layers with what they refer to put in; one whose reference leads nowhere, or on to another, stays as it is.
    mutating func resolved(_ layers: [JSONValue]) -> [JSONValue] {
        guard layers.contains(where: { $0.object?["ref"] != nil }) else { return layers }
        var byName: [String: [String: JSONValue]] = [:]
        for case .object(let members) in layers {
            if let id = members["id"]?.text, byName[id] == nil { byName[id] = members }
        }
        return layers.enumerated().map { i, layer in
            guard case .object(let members) = layer, let ref = members["ref"] else { return layer }
            return .object(resolved(members, ref, "layers[\(i)]", byName))
        }
    }

    private mutating func resolved(
        _ members: [String: JSONValue], _ ref: JSONValue, _ path: String, _ layers: [String: [String: JSONValue]]
    ) -> [String: JSONValue] {
        guard let name = text(ref, path + ".ref") else { return members }
        for member in Self.prohibited where members[member] != nil {
            fault(
                "\(path).\(member)", "\"\(member)\" is prohibited for ref layers", chinese: "引用其他图层的图层不可再写“\(member)”")
        }
        guard let target = layers[name] else {
            fault(path + ".ref", "ref layer \"\(name)\" not found", chinese: "没有所引用的图层“\(name)”")
            return members
        }
        guard let next = target["ref"]?.text else {
            return members.merging(target.filter { Self.inherited.contains($0.key) }) { own, _ in own }
        }
        let way = way(from: name, next, layers)
        if way.isCycle {
            fault(
                path + ".ref", "references form a cycle: \(way.names.joined(separator: " -> "))",
                chinese: "图层引用成环：\(way.names.joined(separator: " → "))")
        } else {
            fault(
                path + ".ref", "ref cannot reference another ref layer: \"\(name)\" refers to \"\(next)\" itself",
                chinese: "不可引用本身也在引用的图层：“\(name)”引用“\(next)”")
        }
        return members
    }

    /// The layers that references lead to one after the other, until one comes again or refers to none.
    private func way(
        from first: String, _ second: String, _ layers: [String: [String: JSONValue]]
    ) -> (names: [String], isCycle: Bool) {
        var names = [first]
        var next: String? = second
        while let name = next {
            let isKnown = names.contains(name)
            names.append(name)
            if isKnown { return (names, true) }
            next = layers[name]?["ref"]?.text
        }
        return (names, false)
    }
}
