/// Root members that a flat map does not draw; a client does, so what they say has to be right all the same.
extension StyleCompiler {
    mutating func checkScene(_ root: [String: JSONValue]) {
        _ = members(of: root["font-faces"], "font-faces")
        if let light = members(of: root["light"], "light") { checkLight(light) }
        if let terrain = members(of: root["terrain"], "terrain") { checkTerrain(terrain) }
    }

    private mutating func members(of json: JSONValue?, _ path: String) -> [String: JSONValue]? {
        guard let json else { return nil }
        guard case .object(let members) = json else {
            fault(path, "object expected, \(json.typeName) found")
            return nil
        }
        return members
    }

    private mutating func checkLight(_ light: [String: JSONValue]) {
        if case .string(let text) = light["color"], StyleColour(css: text) == nil {
            fault("light.color", "color expected, \"\(text)\" found")
        }
        if case .string(let text) = light["anchor"], !["map", "viewport"].contains(text) {
            fault("light.anchor", "expected one of [map, viewport], \"\(text)\" found")
        }
        if case .number(let intensity) = light["intensity"], !(0...1).contains(intensity) {
            fault("light.intensity", "expected 0 to 1, \(intensity) found")
        }
    }

    private mutating func checkTerrain(_ terrain: [String: JSONValue]) {
        switch terrain["source"] {
        case .string: break
        case nil: fault("terrain", "missing required property \"source\"")
        case .some(let other): fault("terrain.source", "string expected, \(other.typeName) found")
        }
        if let exaggeration = terrain["exaggeration"], exaggeration.number == nil {
            fault("terrain.exaggeration", "number expected, \(exaggeration.typeName) found")
        }
    }
}
