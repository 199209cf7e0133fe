extension LegacyFunction {
    private static let members: Set<String> = ["type", "property", "stops", "base", "default", "colorSpace", "expression"]
    private static let types = ["identity", "exponential", "interval", "categorical"]
    private static let inputMembers: Set<String> = ["zoom", "value"]

    /// What is wrong with the function's own form, and with the plain values it gives.
    func faults() -> [StyleIssue] {
        var faults: [StyleIssue] = []
        for name in object.keys.sorted() where !Self.members.contains(name) { faults.append(.unknown(name, at: "")) }
        if let type = object["type"] { faults += MemberRule(.words(Self.types)).issues(type, ".type") }
        if let base = object["base"] { faults += MemberRule(.number).issues(base, ".base") }
        if let property = object["property"] { faults += MemberRule(.text).issues(property, ".property") }
        guard let stops = object["stops"] else { return faults }
        guard let list = stops.array else { return faults + [.expected("array", stops, at: ".stops")] }
        if list.isEmpty {
            faults.append(
                StyleIssue(path: ".stops", message: "array must have at least one stop", chinese: "至少要有一个断点"))
        }
        for (i, stop) in list.enumerated() {
            guard let pair = stop.array else {
                faults.append(.expected("array", stop, at: ".stops[\(i)]"))
                continue
            }
            guard pair.count == 2 else {
                faults.append(.length(2, pair.count, at: ".stops[\(i)]"))
                continue
            }
            faults += inputFaults(pair[0], ".stops[\(i)][0]")
            if let fault = definition.mismatch(pair[1]) { faults.append(fault.under(".stops[\(i)][1]")) }
        }
        return faults
    }

    private func inputFaults(_ json: JSONValue, _ path: String) -> [StyleIssue] {
        guard let members = json.object else { return [] }
        var faults: [StyleIssue] = []
        for name in members.keys.sorted() where !Self.inputMembers.contains(name) { faults.append(.unknown(name, at: path)) }
        for name in Self.inputMembers.sorted() where members[name] == nil { faults.append(.missing(name, at: path)) }
        return faults
    }
}
