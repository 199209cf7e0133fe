public import SimpleFeatures

/// Features as the bytes of a format that leaves piece by piece: `opening`, runs of features, `closing`.
public struct ExportText: ~Copyable {
    private var json: GeoJSONText?
    private var table: CSVText?
    /// Characters that the encoding lacks, so far.
    public private(set) var unencodable = 0

    /// - Parameters:
    ///   - isNorthFirst: of GeoJSON, as `GeoJSONText` has it.
    ///   - namesCRS: the same.
    ///   - keepsDigits: of a table, as `CSVText` has it.
    /// - Precondition: the format is streamed.
    public init(
        _ layer: ExportLayer, format: ExportFormat, encoding: ExportEncoding, isNorthFirst: Bool = false, namesCRS: Bool = true,
        keepsDigits: Bool = false
    ) throws(WriterError) {
        precondition(format.isStreamed, "\(format.rawValue) can be read only when it is whole")
        if format == .csv {
            table = try CSVText(layer, encoding: encoding, keepsDigits: keepsDigits)
            json = nil
        } else {
            json = GeoJSONText(layer, format: format, isNorthFirst: isNorthFirst, namesCRS: namesCRS)
            table = nil
        }
    }

    public mutating func opening() -> [UInt8] { json?.opening() ?? table?.opening() ?? [] }

    /// The next features, positions east first.
    public mutating func bytes(of features: [Feature]) -> [UInt8] {
        json?.bytes(of: features) ?? table?.bytes(of: features, unencodable: &unencodable) ?? []
    }

    public func closing() -> [UInt8] { json?.closing() ?? [] }
}
