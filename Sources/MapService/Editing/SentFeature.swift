import SimpleFeatures
import Wording

/// What the body of a change says of a feature, before anything is known of its layer: a GeoJSON feature (RFC 7946 section 3.2)
/// or a JSON Merge Patch of one (RFC 7396).
struct SentFeature: Sendable {
    /// A member of the body that may be left out.
    enum Stated<Value: Sendable>: Sendable {
        case absent
        case null
        case value(Value)
    }

    struct Property: Sendable {
        var name: String
        var value: SentValue
    }

    /// As the body spells it.
    var type: SentValue?
    var id: SentValue?
    /// In the order of the positions as they are sent.
    var geometry = Stated<Geometry>.absent
    /// Whether positions had more than two ordinates.
    var hasHeights = false
    var properties = Stated<[Property]>.absent
    /// Members with a meaning that is not heeded here, and those that no feature has.
    var foreign: [String] = []
    /// The name in a `crs` member as GeoJSON had it before RFC 7946; empty for one without a name.
    var statedCRS: String?

    /// Positions of one feature: more take seconds to judge.
    static let positionLimit = 250_000
    /// Properties of one feature.
    static let propertyLimit = 2_000

    /// - Throws: `ProblemError`: 400 for what is no JSON or has a name twice, 422 for JSON that is no feature.
    static func read(_ bytes: Span<UInt8>) throws -> SentFeature {
        do throws(GeoJSONError) {
            try JSONGrammar.check(bytes)
        } catch {
            throw EditRefusal.unreadable(error)
        }
        do {
            return try members(bytes)
        } catch let error as GeoJSONError {
            throw error.code == .textNotUTF8 ? EditRefusal.unreadable(error) : EditRefusal.misshapen(error)
        }
    }

    private static func members(_ bytes: Span<UInt8>) throws -> SentFeature {
        var parser = GeoJSONParser(range: 0..<bytes.count, nestingLimit: JSONGrammar.nestingLimit, positionLimit: positionLimit)
        var feature = SentFeature()
        guard parser.scanner.peek(bytes) == 0x7B else { throw parser.scanner.unexpected(bytes, wanted: "a feature, which is an object,") }
        var names: Set<String> = []
        var more = try parser.scanner.enter(0x7B, 0x7D, bytes)
        while more {
            let name = try key(bytes, &parser.scanner)
            guard names.insert(name).inserted else { throw repeated(name) }
            try feature.take(name, bytes, &parser)
            more = try parser.scanner.hasNext(before: 0x7D, bytes)
        }
        feature.hasHeights = parser.droppedOrdinates > 0
        guard !parser.scanner.hasReplacedEscape else {
            throw GeoJSONError(.textNotUTF8, at: 0, "an escape stands for half a character")
        }
        return feature
    }

    private mutating func take(_ name: String, _ bytes: Span<UInt8>, _ parser: inout GeoJSONParser) throws {
        switch name {
        case "type": type = try SentValue.read(bytes, &parser.scanner)
        case "id": id = try SentValue.read(bytes, &parser.scanner)
        case "geometry":
            // Coordinates of a point may be empty, which is no place either.
            geometry = try parser.geometry(bytes).map(Stated.value) ?? .null
        case "properties":
            if parser.scanner.peek(bytes) == 0x6E {
                parser.scanner.skipWord(bytes)
                properties = .null
            } else {
                properties = .value(try Self.properties(bytes, &parser.scanner))
            }
        case "crs": statedCRS = try Self.nameOfCRS(bytes, &parser.scanner)
        default:
            // null says nothing, and removes nothing that there is.
            if parser.scanner.peek(bytes) != 0x6E { foreign.append(name) }
            try parser.scanner.skipValue(bytes)
        }
    }

    private static func properties(_ bytes: Span<UInt8>, _ scanner: inout JSONScanner) throws -> [Property] {
        var properties: [Property] = []
        var names: Set<String> = []
        var more = try scanner.enter(0x7B, 0x7D, bytes)
        while more {
            let name = try key(bytes, &scanner)
            guard names.insert(name).inserted else { throw repeated(name) }
            guard properties.count < propertyLimit else {
                throw EditRefusal.unreadable(
                    zh: "属性多于 \(propertyLimit) 个", en: "there are more than \(propertyLimit) properties")
            }
            properties.append(Property(name: name, value: try SentValue.read(bytes, &scanner)))
            more = try scanner.hasNext(before: 0x7D, bytes)
        }
        return properties
    }

    private static func key(_ bytes: Span<UInt8>, _ scanner: inout JSONScanner) throws(GeoJSONError) -> String {
        let (content, hasEscape) = try scanner.rawKey(bytes)
        return hasEscape ? try scanner.unescaped(content, bytes) : try scanner.text(content, bytes)
    }

    /// `crs.properties.name`.
    private static func nameOfCRS(_ bytes: Span<UInt8>, _ scanner: inout JSONScanner) throws -> String? {
        guard scanner.peek(bytes) == 0x7B else {
            let isNull = scanner.peek(bytes) == 0x6E
            try scanner.skipValue(bytes)
            return isNull ? nil : ""
        }
        var name = ""
        var more = try scanner.enter(0x7B, 0x7D, bytes)
        while more {
            if try key(bytes, &scanner) == "properties", scanner.peek(bytes) == 0x7B {
                let found = try properties(bytes, &scanner).first { $0.name == "name" }
                if case .text(let text) = found?.value { name = text }
            } else {
                try scanner.skipValue(bytes)
            }
            more = try scanner.hasNext(before: 0x7D, bytes)
        }
        return name
    }

    private static func repeated(_ name: String) -> ProblemError {
        EditRefusal.unreadable(
            zh: "成员“\(name.prefix(64))”出现两次，无法确定以何者为准", en: "the member \"\(name.prefix(64))\" occurs twice, and which of them counts cannot be told")
    }
}
