import SimpleFeatures

/// What a first pass over GeoJSON text finds: its form, its CRS and its fields, without building a feature.
///
/// Members may come in any order, so only the whole text tells; brackets are counted, numbers are not read.
struct GeoJSONLayout {
    enum Form: Equatable {
        /// A FeatureCollection; the offset is just behind the bracket that opens `features`.
        case collection(featuresOffset: Int)
        /// One feature or geometry.
        case single(offset: Int)
        /// One record a line, or one behind each record separator (RFC 8142).
        case lines
        case records
    }

    var form = Form.lines
    var crs = DeclaredCRS.none
    /// Features seen; `nil` where the text broke off.
    var count: Int?
    var fields = FieldIndex()
    private(set) var kinds: [KindInference] = []
    /// The field that holds identifiers which are no whole numbers, when the features have such.
    var identifierField: Int?
    private var identifierKinds: KindInference.Form = []
    private let limits: ReaderLimits

    init(limits: ReaderLimits) {
        self.limits = limits
    }

    var schema: FeatureSchema {
        FeatureSchema(fields: zip(fields.names, kinds).map { Field(name: $0, kind: $1.kind) })
    }

    static let recordSeparator: UInt8 = 0x1E

    /// - Throws: `GeoJSONError` when the text is no GeoJSON from its beginning.
    mutating func scan(_ bytes: Span<UInt8>, from start: Int, isSequence: Bool) throws(GeoJSONError) {
        var scanner = JSONScanner(position: start, end: bytes.count, nestingLimit: limits.nestingDepth)
        let first = scanner.peek(bytes)
        if first == GeoJSONLayout.recordSeparator {
            form = .records
        } else if isSequence {
            form = .lines
        } else {
            guard first == 0x7B else { throw scanner.unexpected(bytes, wanted: "an object") }
            try scanDocument(bytes, &scanner)
        }
        if form == .lines || form == .records { try scanSequence(bytes, from: start) }
        if identifierKinds.contains(.text), !fields.names.contains("id") {
            identifierField = fields.append("id")
            kinds.append(KindInference())
        }
    }

    private mutating func scanDocument(_ bytes: Span<UInt8>, _ scanner: inout JSONScanner) throws(GeoJSONError) {
        let start = scanner.position
        var type = ""
        var features: Int?
        var isBroken = false
        do {
            var more = try scanner.enter(0x7B, 0x7D, bytes)
            while more {
                let key = try scanner.rawKey(bytes).content
                if scanner.spells("type", key, bytes), scanner.peek(bytes) == 0x22 {
                    type = try scanner.string(bytes)
                } else if scanner.spells("features", key, bytes), features == nil, scanner.peek(bytes) == 0x5B {
                    features = scanner.position + 1
                    form = .collection(featuresOffset: scanner.position + 1)
                    try scanFeatures(bytes, &scanner)
                } else if scanner.spells("crs", key, bytes) {
                    try scanCRS(bytes, &scanner)
                } else {
                    try scanner.skipValue(bytes)
                }
                more = try scanner.hasNext(before: 0x7D, bytes)
            }
        } catch {
            // A second pass gives what stands before the fault, then the fault.
            isBroken = true
            if features == nil && type.isEmpty { throw error }
            count = nil
        }
        if features != nil { return }
        let isKnown = type == "Feature" || GeometryKind.allCases.contains { $0.name == type }
        guard isKnown || (isBroken && type != "FeatureCollection") else {
            throw GeoJSONError(
                .memberMissing, at: start,
                type == "FeatureCollection"
                    ? "the FeatureCollection has no \"features\" array"
                    : "the object is neither a FeatureCollection nor a Feature nor a geometry")
        }
        let hasMore = !isBroken && scanner.peek(bytes) != 0
        form = hasMore ? .lines : .single(offset: start)
        if !hasMore {
            count = 1
            scanner.position = start
            scanFeatureLeniently(bytes, &scanner)
        }
    }

    private mutating func scanFeatures(_ bytes: Span<UInt8>, _ scanner: inout JSONScanner) throws(GeoJSONError) {
        var seen = 0
        var more = try scanner.enter(0x5B, 0x5D, bytes)
        while more {
            try scanFeature(bytes, &scanner)
            seen += 1
            more = try scanner.hasNext(before: 0x5D, bytes)
        }
        count = seen
    }

    private mutating func scanSequence(_ bytes: Span<UInt8>, from start: Int) throws(GeoJSONError) {
        var seen = 0
        var cursor = SequenceCursor(position: start, separator: form == .records ? GeoJSONLayout.recordSeparator : 0x0A, limits: limits)
        while let range = try cursor.next(bytes) {
            seen += 1
            guard range.count <= limits.recordBytes else { continue }
            var scanner = JSONScanner(position: range.lowerBound, end: range.upperBound, nestingLimit: limits.nestingDepth)
            scanFeatureLeniently(bytes, &scanner)
        }
        count = seen
    }

    /// A feature that breaks off gives the fields before the fault; the second pass reports it.
    private mutating func scanFeatureLeniently(_ bytes: Span<UInt8>, _ scanner: inout JSONScanner) {
        do { try scanFeature(bytes, &scanner) } catch { return }
    }

    private mutating func scanFeature(_ bytes: Span<UInt8>, _ scanner: inout JSONScanner) throws(GeoJSONError) {
        guard scanner.peek(bytes) == 0x7B else { return try scanner.skipValue(bytes) }
        fields.rewind()
        var more = try scanner.enter(0x7B, 0x7D, bytes)
        while more {
            let key = try scanner.rawKey(bytes).content
            if scanner.spells("properties", key, bytes), scanner.peek(bytes) == 0x7B {
                try scanProperties(bytes, &scanner)
            } else if scanner.spells("id", key, bytes), scanner.peek(bytes) == 0x22 {
                let content = try scanner.rawString(bytes).content
                identifierKinds.formUnion(TextForm.integer(content, bytes).map { $0 >= 1 } == true ? .integer : .text)
            } else {
                try scanner.skipValue(bytes)
            }
            more = try scanner.hasNext(before: 0x7D, bytes)
        }
    }

    private mutating func scanProperties(_ bytes: Span<UInt8>, _ scanner: inout JSONScanner) throws(GeoJSONError) {
        var more = try scanner.enter(0x7B, 0x7D, bytes)
        while more {
            let key = try scanner.rawKey(bytes)
            let position = fields.position(of: key, bytes) ?? appendField(key, bytes)
            let form = try scanValue(bytes, &scanner)
            if let position { kinds[position].note(form) }
            more = try scanner.hasNext(before: 0x7D, bytes)
        }
    }

    /// `nil` beyond the limit of fields; the reader's opening refuses such a file.
    private mutating func appendField(_ key: (content: Range<Int>, hasEscape: Bool), _ bytes: Span<UInt8>) -> Int? {
        guard fields.names.count <= limits.fields, let name = FieldIndex.name(key, bytes) else { return nil }
        kinds.append(KindInference())
        return fields.append(name)
    }

    private func scanValue(_ bytes: Span<UInt8>, _ scanner: inout JSONScanner) throws(GeoJSONError) -> KindInference.Form {
        switch scanner.peek(bytes) {
        case 0x22:
            let (content, hasEscape) = try scanner.rawString(bytes)
            return hasEscape ? .text : TextForm.ofWord(content, bytes)
        case 0x7B, 0x5B:
            try scanner.skipValue(bytes)
            return .text
        case 0x74, 0x66:
            scanner.skipWord(bytes)
            return .boolean
        case 0x2D, 0x30...0x39: return TextForm.ofNumber(scanner.skipWord(bytes), bytes)
        default:
            try scanner.skipValue(bytes)
            return []
        }
    }

    /// The `crs` member of GeoJSON before RFC 7946: `{"type":"name","properties":{"name":"urn:…"}}`.
    private mutating func scanCRS(_ bytes: Span<UInt8>, _ scanner: inout JSONScanner) throws(GeoJSONError) {
        guard scanner.peek(bytes) == 0x7B else { return try scanner.skipValue(bytes) }
        var more = try scanner.enter(0x7B, 0x7D, bytes)
        while more {
            let key = try scanner.rawKey(bytes).content
            if scanner.spells("properties", key, bytes), scanner.peek(bytes) == 0x7B {
                try scanCRS(bytes, &scanner)
            } else if scanner.spells("name", key, bytes), scanner.peek(bytes) == 0x22 {
                crs = .identifier(try scanner.string(bytes))
            } else {
                try scanner.skipValue(bytes)
            }
            more = try scanner.hasNext(before: 0x7D, bytes)
        }
    }
}
