extension JSONValue {
    /// Reads a JSON text.
    ///
    /// - Throws: `invalidJSON` saying where.
    public init(json: [UInt8]) throws(PortrayalError) {
        self = try JSONReader.value(of: json)
    }
}

extension JSONValue {
    /// What stands at a place inside this value, for the end of a message that does not quote it already.
    ///
    /// - Parameter path: array indices, as `[2][1]`; the value itself for an empty one.
    func shown(at path: String, unlessIn message: String) -> String {
        var value = self
        for index in path.split(whereSeparator: { $0 == "[" || $0 == "]" }) {
            guard case .array(let items) = value, let i = Int(index), items.indices.contains(i) else { return "" }
            value = items[i]
        }
        let text = value.description
        return message.contains(text) ? "" : "; the value is \(text.prefix(80))"
    }
}
