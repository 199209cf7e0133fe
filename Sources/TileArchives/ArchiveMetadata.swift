import SimpleFeatures

/// The names and values that an archive carries about itself: the members of one JSON object.
public struct ArchiveMetadata: Sendable, Equatable {
    /// The value of each member as JSON text.
    public private(set) var members: [String: String] = [:]

    public init() {}

    /// - Throws: `GeoJSONError` where `json` is no JSON object.
    init(json: [UInt8]) throws(GeoJSONError) {
        let bytes = json.span
        var scanner = JSONScanner(position: 0, end: json.count)
        guard try scanner.enter(0x7B, 0x7D, bytes) else { return }
        repeat {
            let name = try scanner.string(bytes)
            try scanner.expect(0x3A, bytes)
            _ = scanner.peek(bytes)
            let start = scanner.position
            try scanner.skipValue(bytes)
            members[name] = String(decoding: json[start..<scanner.position], as: UTF8.self)
        } while try scanner.hasNext(before: 0x7D, bytes)
    }

    /// A member that is a string.
    public subscript(name: String) -> String? {
        get {
            guard let value = members[name], value.utf8.first == 0x22 else { return nil }
            let bytes = Array(value.utf8)
            var scanner = JSONScanner(position: 0, end: bytes.count)
            return try? scanner.string(bytes.span)
        }
        set {
            guard let newValue else {
                members[name] = nil
                return
            }
            var text: [UInt8] = []
            JSONText.append(newValue, to: &text)
            members[name] = String(decoding: text, as: UTF8.self)
        }
    }

    mutating func remove(_ name: String) { members[name] = nil }

    /// Sets a member to a value that is JSON text already.
    public mutating func set(_ name: String, json: String) { members[name] = json }

    /// One JSON object, members by name.
    public var json: String {
        var text: [UInt8] = [0x7B]
        for (i, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
            if i > 0 { text.append(0x2C) }
            JSONText.append(member.key, to: &text)
            text.append(0x3A)
            text += Array(member.value.utf8)
        }
        return String(decoding: text + [0x7D], as: UTF8.self)
    }
}
