import SimpleFeatures

/// What a body is by the type at its root: the polygon of a query, or a feature.
enum SentRootType {
    case geometry
    case feature
    /// Anything else, also what is no JSON.
    case other

    init(_ bytes: Span<UInt8>) {
        var scanner = JSONScanner(position: 0, end: bytes.count)
        self = .other
        do throws(GeoJSONError) {
            var more = try scanner.enter(0x7B, 0x7D, bytes)
            while more {
                let key = try scanner.rawKey(bytes).content
                if scanner.spells("type", key, bytes), scanner.peek(bytes) == 0x22 {
                    let name = try scanner.string(bytes)
                    if name == "Feature" { self = .feature }
                    if GeometryKind.allCases.contains(where: { $0.name == name }) { self = .geometry }
                    return
                }
                try scanner.skipValue(bytes)
                more = try scanner.hasNext(before: 0x7D, bytes)
            }
        } catch {
            return  // whoever reads it next says what is wrong with it
        }
    }
}
