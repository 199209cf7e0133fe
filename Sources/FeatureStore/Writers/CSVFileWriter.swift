public import SimpleFeatures

/// Writes features to a comma separated table (RFC 4180), which appears when `finish` returns.
public final class CSVFileWriter {
    public enum Encoding: Sendable {
        /// UTF-8 with a byte order mark, which spreadsheets need to recognise it.
        case utf8
        case gb18030
    }

    /// The columns that a point's coordinates are written to, behind the others.
    public struct CoordinateColumns: Sendable {
        public var x: String
        public var y: String

        public init(x: String, y: String) {
            self.x = x
            self.y = y
        }
    }

    private let sink: FileSink
    private let encoder: TextEncoder
    private let coordinates: CoordinateColumns?
    private var row = 0

    /// - Parameter coordinates: `nil` to leave geometries out.
    public init(
        path: String, schema: FeatureSchema, coordinates: CoordinateColumns?, encoding: Encoding = .utf8
    ) throws(WriterError) {
        sink = try FileSink(path: path)
        self.coordinates = coordinates
        switch encoding {
        case .utf8:
            encoder = try TextEncoder(name: "UTF-8")
            try sink.append([0xEF, 0xBB, 0xBF])
        case .gb18030: encoder = try TextEncoder(name: "GB18030")
        }
        let names = schema.fields.map(\.name) + (coordinates.map { [$0.x, $0.y] } ?? [])
        try write(names)
    }

    /// - Throws: `WriterError` for a geometry that is neither a point nor `nil` when coordinates are written.
    public func append(_ feature: Feature) throws(WriterError) {
        row += 1
        var cells = feature.values.map(CSVFileWriter.spelling)
        if coordinates != nil {
            switch feature.geometry {
            case .point(let c):
                cells.append(CSVFileWriter.spelling(.real(c.x)))
                cells.append(CSVFileWriter.spelling(.real(c.y)))
            case nil: cells += ["", ""]
            case let other?:
                throw WriterError(
                    code: .valueUnsuitable, message: "\(sink.path): record \(row) is a \(other.kind.name); a table's coordinate columns hold points only")
            }
        }
        try write(cells)
    }

    public func finish() throws(WriterError) {
        try sink.finish()
    }

    private func write(_ cells: [String]) throws(WriterError) {
        let line = cells.map(CSVCell.quoted).joined(separator: ",") + "\r\n"
        guard let bytes = encoder.encode(line) else {
            throw WriterError(code: .valueUnsuitable, message: "\(sink.path): record \(row) has a character that \(encoder.name) lacks; write UTF-8")
        }
        try sink.append(bytes)
    }

    private static func spelling(_ value: PropertyValue) -> String {
        switch value {
        case .null: ""
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let n): "\(n)"
        case .real(let n): n.isFinite ? "\(n)" : ""
        case .text(let text): text
        }
    }
}
