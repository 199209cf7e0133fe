/// Members of the root that a flat map does not draw, or only in part; a client does, so what they say has to be right.
extension StyleCompiler {
    /// - Returns: the members of `light`.
    mutating func scene(_ root: [String: JSONValue]) -> [String: PropertyExpression] {
        if let faces = root["font-faces"], faces.object == nil { fault(.expected("object", faces, at: "font-faces")) }
        check(root["terrain"], "terrain", .terrain)
        check(root["transition"], "transition", .transition)
        var unused: [String: PropertyExpression] = [:]
        compile(root["sky"], PropertyDefinition.sky, "sky", into: &unused)
        compile(root["projection"], PropertyDefinition.projection, "projection", into: &unused)
        var light: [String: PropertyExpression] = [:]
        compile(root["light"], PropertyDefinition.light, "light", into: &light)
        return light
    }

    /// `…-transition` of a property that can change in time; anything else is no property at all.
    mutating func checkTransition(
        _ name: String, _ json: JSONValue, _ definitions: [PropertyDefinition], _ path: String
    ) {
        let suffix = "-transition"
        let property = name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : ""
        guard definitions.contains(where: { $0.name == property && $0.isTransitionable }) else {
            fault(.unknown(name, at: "\(path).\(name)"))
            return
        }
        check(json, "\(path).\(name)", .transition)
    }

    private mutating func check(_ json: JSONValue?, _ path: String, _ rules: MemberRules) {
        guard let json else { return }
        guard case .object(let members) = json else {
            fault(.expected("object", json, at: path))
            return
        }
        for issue in rules.issues(members, path) { fault(issue) }
    }

    mutating func checkCamera(_ root: [String: JSONValue]) {
        let number = MemberRule(.number)
        for name in ["zoom", "bearing", "pitch", "roll", "centerAltitude"] {
            if let json = root[name] { for issue in number.issues(json, name) { fault(issue) } }
        }
        guard let centre = root["center"] else { return }
        for issue in MemberRule(.list(.number, count: 2)).issues(centre, "center") { fault(issue) }
    }
}
