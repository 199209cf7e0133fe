import SimpleFeatures

/// A file of a format that could also leave piece by piece.
final class TextFileExport: FileExport {
    private let path: String
    private let sink: FileSink
    private var text: ExportText
    private(set) var tally = ExportTally()

    init(_ layer: ExportLayer, format: ExportFormat, encoding: ExportEncoding, keepsDigits: Bool, directory: String) throws(WriterError) {
        path = "\(directory)/export.\(format.fileEnding)"
        sink = try FileSink(path: path)
        text = try ExportText(layer, format: format, encoding: encoding, keepsDigits: keepsDigits)
        try sink.append(text.opening())
    }

    func append(_ features: [Feature]) throws {
        tally.features += features.count
        try sink.append(text.bytes(of: features))
        tally.unencodable = text.unencodable
    }

    func finish() throws -> String {
        try sink.append(text.closing())
        try sink.finish()
        return path
    }
}
