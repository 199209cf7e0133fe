internal import SimpleFeatures
internal import Wording

/// A JSON value as it was read.
indirect enum JSONTree {
    case null
    case boolean(Bool)
    case number(CQL2Number)
    case string(String)
    case array([JSONTree])
    case object([(name: String, value: JSONTree)])

    subscript(name: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}

/// Reads JSON (RFC 8259), which cannot go deeper than it is let.
struct JSONTreeReader {
    private var scanner: JSONScanner
    private let limits: CQL2Limits
    /// An expression takes two levels of JSON, an object and its list of operands; a geometry at most seven.
    private let depthLimit: Int
    private var values = 0
    /// Values that a filter within its limits can have: names and numbers besides the nodes.
    private let valueLimit: Int

    init(_ limits: CQL2Limits, count: Int) {
        scanner = JSONScanner(position: 0, end: count)
        self.limits = limits
        depthLimit = limits.nesting * 2 + 8
        valueLimit = limits.nodes * 4 + limits.vertices * 5
    }

    static func read(_ bytes: Span<UInt8>, _ limits: CQL2Limits) throws(CQL2Error) -> JSONTree {
        guard bytes.count <= limits.bytes else {
            throw CQL2Error(
                .tooLong, at: .character(0), found: .init(zh: "\(bytes.count) 字节的过滤式", en: "a filter of \(bytes.count) bytes"),
                expected: .atMost(limits.bytes, zh: "字节", en: "bytes"))
        }
        var reader = JSONTreeReader(limits, count: bytes.count)
        do throws(GeoJSONError) {
            let tree = try reader.value(bytes, depth: 0)
            guard reader.scanner.peek(bytes) == 0, reader.scanner.position >= bytes.count else {
                throw reader.scanner.unexpected(bytes, wanted: "the end")
            }
            return tree
        } catch {
            throw reader.worded(error, bytes)
        }
    }

    private mutating func value(_ bytes: Span<UInt8>, depth: Int) throws(GeoJSONError) -> JSONTree {
        values += 1
        guard values <= valueLimit else { throw GeoJSONError(.tooManyPositions, at: scanner.position, "") }
        guard depth <= depthLimit else { throw GeoJSONError(.nestedTooDeeply, at: scanner.position, "") }
        switch scanner.peek(bytes) {
        case UInt8(ascii: "{"):
            var members: [(name: String, value: JSONTree)] = []
            var more = try scanner.enter(UInt8(ascii: "{"), UInt8(ascii: "}"), bytes)
            while more {
                let name = try scanner.string(bytes)
                try scanner.expect(UInt8(ascii: ":"), bytes)
                members.append((name, try value(bytes, depth: depth + 1)))
                more = try scanner.hasNext(before: UInt8(ascii: "}"), bytes)
            }
            return .object(members)
        case UInt8(ascii: "["):
            var elements: [JSONTree] = []
            var more = try scanner.enter(UInt8(ascii: "["), UInt8(ascii: "]"), bytes)
            while more {
                elements.append(try value(bytes, depth: depth + 1))
                more = try scanner.hasNext(before: UInt8(ascii: "]"), bytes)
            }
            return .array(elements)
        case UInt8(ascii: "\""): return .string(try scanner.string(bytes))
        default: return try word(bytes)
        }
    }

    private mutating func word(_ bytes: Span<UInt8>) throws(GeoJSONError) -> JSONTree {
        let start = scanner.position
        let word = try scanner.text(scanner.skipWord(bytes), bytes)
        switch word {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "null": return .null
        default:
            guard let first = word.utf8.first, first == UInt8(ascii: "-") || (0x30...0x39).contains(first),
                let number = CQL2Number(text: word)
            else {
                scanner.position = start
                throw scanner.unexpected(bytes, wanted: "a value")
            }
            return .number(number)
        }
    }

    private func worded(_ error: GeoJSONError, _ bytes: Span<UInt8>) -> CQL2Error {
        var offset = 0
        for i in 0..<min(error.byteOffset, bytes.count) where bytes[i] & 0xC0 != 0x80 { offset += 1 }
        let place = CQL2Error.Place.character(offset)
        switch error.code {
        case .nestedTooDeeply:
            return CQL2Error(
                .tooDeep, at: place, found: .init(zh: "第 \(depthLimit + 1) 层括号", en: "bracket number \(depthLimit + 1) inside others"),
                expected: .atMost(limits.nesting, zh: "层嵌套的表达式", en: "expressions inside one another"))
        case .tooManyPositions:
            return CQL2Error(
                .tooManyNodes, at: place, found: .init(zh: "第 \(values) 个值", en: "value number \(values)"),
                expected: .atMost(limits.nodes, zh: "个运算符与操作数", en: "operators and operands"))
        default:
            let next = error.byteOffset < bytes.count ? UnicodeScalar(bytes[error.byteOffset]) : nil
            let found: LocalisedText =
                next.map { $0.isASCII && $0.value > 0x20 ? .verbatim(String($0)) : .init(zh: "无法解读的字节", en: "bytes that cannot be read") }
                ?? .init(zh: "文本的结尾", en: "the end of the text")
            return CQL2Error(.syntax, at: place, found: found, expected: .init(zh: "合法的 JSON（RFC 8259）", en: "well-formed JSON (RFC 8259)"))
        }
    }
}
