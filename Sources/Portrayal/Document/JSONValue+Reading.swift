extension JSONValue {
    /// Reads a JSON text.
    ///
    /// - Throws: `invalidJSON` saying where.
    public init(json: [UInt8]) throws(PortrayalError) {
        self = try JSONReader.value(of: json)
    }
}
