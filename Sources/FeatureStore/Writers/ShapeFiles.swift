import SimpleFeatures

/// The shapes of one shapefile and their index, `.shp` and `.shx`; they appear when `finish` returns.
final class ShapeFiles {
    private let shapes: FileSink
    private let index: FileSink
    private let kind: ShapeKind
    private var envelope = Envelope.empty
    private var count = 0

    /// - Parameter stem: the path of both without their endings.
    init(stem: String, kind: ShapeKind) throws(WriterError) {
        shapes = try FileSink(path: stem + ".shp")
        index = try FileSink(path: stem + ".shx")
        self.kind = kind
        try shapes.append([UInt8](repeating: 0, count: 100))
        try index.append([UInt8](repeating: 0, count: 100))
    }

    /// Of the shapes so far.
    var byteCount: Int { shapes.count }

    /// - Throws: `WriterError` for a geometry of another kind.
    func append(_ geometry: Geometry?) throws(WriterError) {
        let content: [UInt8]
        if let geometry {
            guard let shape = ShapeText.content(geometry, kind) else {
                throw WriterError(
                    code: .valueUnsuitable,
                    message: "\(shapes.path): record \(count + 1) is a \(geometry.kind.name), which a shapefile of \(kind)s does not hold")
            }
            content = shape
            envelope.formUnion(geometry.envelope)
        } else {
            content = [0, 0, 0, 0]
        }
        count += 1
        var entry: [UInt8] = []
        ShapeText.appendBig(Int32(shapes.count / 2), to: &entry)
        ShapeText.appendBig(Int32(content.count / 2), to: &entry)
        try index.append(entry)
        var header: [UInt8] = []
        ShapeText.appendBig(Int32(count), to: &header)
        ShapeText.appendBig(Int32(content.count / 2), to: &header)
        try shapes.append(header)
        try shapes.append(content)
    }

    func finish() throws(WriterError) {
        for file in [shapes, index] {
            try file.overwrite(at: 0, ShapeText.fileHeader(byteCount: file.count, kind, envelope))
        }
        for file in [index, shapes] { try file.finish() }
    }
}
