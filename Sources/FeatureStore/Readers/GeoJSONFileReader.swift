public import SimpleFeatures
import Wording

/// Reads GeoJSON: a FeatureCollection, one feature or geometry, or a sequence of them by line or record separator.
///
/// The file is passed over twice: once for its form, CRS and fields, then feature by feature. A record that is
/// faulty in itself is rejected; where the brackets themselves are broken, a document ends with an error, while a
/// sequence goes on with its next line.
public final class GeoJSONFileReader: FeatureReader {
    public let schema: FeatureSchema
    public let declaredCRS: DeclaredCRS
    public let format: SourceFormat
    public let sourceName: String
    public let expectedCount: Int?

    private let source: SourceBytes
    private let limits: ReaderLimits
    private let layout: GeoJSONLayout
    private var parser: GeoJSONFeatureParser
    private var sequence: SequenceCursor
    private var position: Int
    private var ordinal = 0
    private var isAtEnd = false
    var place = TextPlace()

    public var totalBytes: Int64? { Int64(source.count) }
    public var bytesRead: Int64 { Int64(isAtEnd ? source.count : max(position, sequence.position)) }

    public convenience init(path: String, options: ReaderOptions = ReaderOptions()) throws(ReaderError) {
        let lowered = path.lowercased()
        let isSequence = [".ndjson", ".geojsonl", ".geojsons", ".geojsonseq", ".jsonl", ".nldjson"].contains { lowered.hasSuffix($0) }
        try self.init(source: SourceBytes(path: path), isSequence: isSequence, options: options)
    }

    init(source given: SourceBytes, isSequence: Bool, options: ReaderOptions) throws(ReaderError) {
        let source = try given.transcodedToUTF8(encoding: options.encoding, limits: options.limits)
        let start = source.lengthOfByteOrderMark
        var layout = GeoJSONLayout(limits: options.limits)
        do {
            try source.withBytes { (bytes) throws(GeoJSONError) in try layout.scan(bytes, from: start, isSequence: isSequence) }
        } catch {
            throw GeoJSONFileReader.damage(error, in: source)
        }
        guard layout.fields.names.count <= options.limits.fields else {
            throw ReaderError(
                code: .limitExceeded,
                message: "\(source.name): more than \(options.limits.fields) different properties; one layer's features should share theirs")
        }
        self.source = source
        self.limits = options.limits
        self.layout = layout
        schema = layout.schema
        declaredCRS = layout.crs
        expectedCount = layout.count
        sourceName = source.name
        parser = GeoJSONFeatureParser(layout: layout, limits: options.limits)
        sequence = SequenceCursor(position: start, separator: layout.form == .records ? GeoJSONLayout.recordSeparator : 0x0A, limits: options.limits)
        format = layout.form == .lines || layout.form == .records ? .geoJSONSequence : .geoJSON
        switch layout.form {
        case .collection(let offset), .single(let offset): position = offset
        case .lines, .records: position = start
        }
    }

    public func next() throws(ReaderError) -> ReadRecord? {
        guard !isAtEnd else { return nil }
        do {
            return try source.withBytes { (bytes) throws(GeoJSONError) in
                switch layout.form {
                case .lines, .records: try nextInSequence(bytes)
                case .collection: try nextInCollection(bytes)
                case .single: try onlyRecord(bytes)
                }
            }
        } catch {
            isAtEnd = true
            throw GeoJSONFileReader.damage(error, in: source)
        }
    }

    private func nextInSequence(_ bytes: Span<UInt8>) throws(GeoJSONError) -> ReadRecord? {
        guard let range = try sequence.next(bytes) else {
            isAtEnd = true
            return nil
        }
        position = range.upperBound
        let location = SourceLocation(.line(sequence.line), byteOffset: Int64(range.lowerBound))
        guard range.count <= limits.recordBytes else { return tooLong(location, range.count) }
        do throws(GeoJSONError) {
            let (feature, notices) = try parser.feature(bytes, in: range)
            var rest = JSONScanner(position: parser.position, end: range.upperBound)
            guard rest.peek(bytes) == 0 || rest.peek(bytes) == GeoJSONLayout.recordSeparator else {
                throw rest.unexpected(bytes, wanted: "the end of the record")
            }
            return ReadRecord(location: location, outcome: .feature(feature), notices: notices)
        } catch {
            return ReadRecord(location: location, outcome: .rejected([diagnostic(error, bytes)]))
        }
    }

    private func nextInCollection(_ bytes: Span<UInt8>) throws(GeoJSONError) -> ReadRecord? {
        var scanner = JSONScanner(position: position, end: bytes.count)
        var isOver = ordinal == 0 && scanner.take(0x5D, bytes)
        if ordinal > 0 { isOver = try !scanner.hasNext(before: 0x5D, bytes) }
        if isOver {
            isAtEnd = true
            try checkEnd(bytes, &scanner)
            return nil
        }
        _ = scanner.peek(bytes)
        ordinal += 1
        position = scanner.position
        return try record(bytes, SourceLocation(.feature(ordinal), byteOffset: Int64(position)))
    }

    private func onlyRecord(_ bytes: Span<UInt8>) throws(GeoJSONError) -> ReadRecord? {
        if ordinal == 1 {
            isAtEnd = true
            return nil
        }
        ordinal = 1
        return try record(bytes, SourceLocation(.feature(1), byteOffset: Int64(position)))
    }

    /// The record at `position`, which is moved behind it.
    private func record(_ bytes: Span<UInt8>, _ location: SourceLocation) throws(GeoJSONError) -> ReadRecord {
        let start = position
        let end = min(bytes.count, start + limits.recordBytes)
        do throws(GeoJSONError) {
            let (feature, notices) = try parser.feature(bytes, in: start..<end)
            position = parser.position
            return ReadRecord(location: location, outcome: .feature(feature), notices: notices)
        } catch {
            var scanner = JSONScanner(position: start, end: bytes.count)
            try scanner.skipValue(bytes)
            let isTooLong = scanner.position - start > limits.recordBytes
            // Broken syntax means that brackets cannot be trusted to find the next feature.
            if error.code == .syntax && !isTooLong { throw error }
            position = scanner.position
            if isTooLong { return tooLong(location, scanner.position - start) }
            return ReadRecord(location: location, outcome: .rejected([diagnostic(error, bytes)]))
        }
    }

    /// What follows the features must be the rest of one object.
    private func checkEnd(_ bytes: Span<UInt8>, _ scanner: inout JSONScanner) throws(GeoJSONError) {
        while try scanner.hasNext(before: 0x7D, bytes) {
            let key = try scanner.rawKey(bytes).content
            if scanner.spells("features", key, bytes) {
                throw GeoJSONError(.syntax, at: key.lowerBound, "a second \"features\" stands here; put all features into one array")
            }
            try scanner.skipValue(bytes)
        }
        guard scanner.peek(bytes) == 0 else { throw scanner.unexpected(bytes, wanted: "the end") }
    }

    private func tooLong(_ location: SourceLocation, _ size: Int) -> ReadRecord {
        ReadRecord(
            location: location,
            outcome: .rejected([
                Diagnostic(
                    key: format == .geoJSONSequence ? "line-too-long" : "feature-too-long",
                    reason: .init(zh: "此记录 \(size) 字节，超过允许的 \(limits.recordBytes) 字节。", en: "The record has \(size) bytes, more than the \(limits.recordBytes) allowed."),
                    suggestion: .init(zh: "请拆分该要素；文件可信时可提高限额。", en: "Split the feature, or raise the limit if the file is trusted."))
            ]))
    }
}
