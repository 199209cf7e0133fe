/// Where the sections of one file begin, once their lengths have been checked against the header's counts.
struct SectionPlaces: Sendable {
    let ids: Int
    let dimensions: Int
    let featurePartEnds: Int
    let sizes: Int
    let partEnds: Int
    let partSizes: Int
    let significance: Int
    /// One a CRS.
    let coordinates: [Int]
    let boxes: [Int]
    /// One a field.
    let columns: [Int]
    let valueTags: Int
    let valuePayloads: Int
    let valueCount: Int
    let text: Int
    let textLength: Int

    init(_ header: PreparedHeader, schema: PreparedSchema, boxCount: Int, path: String) throws(PreparedLayerError) {
        let (features, parts) = (Int(header.featureCount), Int(header.partCount))
        let vertices = Int(header.vertexCount)
        func place(_ section: PreparedSection, _ index: Int, _ bytes: Int) throws(PreparedLayerError) -> Int {
            let entry = try Self.entry(section, index, header, path)
            guard entry.length == UInt64(bytes) else {
                throw PreparedHeader.corrupt(path, "section \(section) holds \(entry.length) bytes instead of \(bytes)")
            }
            return Int(entry.offset)
        }
        ids = try place(.ids, 0, features * 8)
        dimensions = try place(.dimensions, 0, features)
        featurePartEnds = try place(.featurePartEnds, 0, features * 4)
        sizes = try place(.sizes, 0, features * 4)
        partEnds = try place(.partEnds, 0, parts * 4)
        partSizes = try place(.partSizes, 0, parts * 4)
        significance = try place(.significance, 0, vertices)
        var coordinates: [Int] = []
        var boxes: [Int] = []
        var columns: [Int] = []
        for c in schema.grids.indices {
            coordinates.append(try place(.coordinates, c, vertices * 8))
            boxes.append(try place(.boxes, c, boxCount * 16))
        }
        for f in schema.fields.indices { columns.append(try place(.column, f, features * 4)) }
        (self.coordinates, self.boxes, self.columns) = (coordinates, boxes, columns)
        let tags = try Self.entry(.valueTags, 0, header, path)
        valueTags = Int(tags.offset)
        valueCount = Int(tags.length)
        valuePayloads = try place(.valuePayloads, 0, valueCount * 8)
        let texts = try Self.entry(.text, 0, header, path)
        text = Int(texts.offset)
        textLength = Int(texts.length)
    }

    static func schema(_ header: PreparedHeader, _ path: String) throws(PreparedLayerError) -> (offset: Int, count: Int) {
        let entry = try entry(.schema, 0, header, path)
        return (Int(entry.offset), Int(entry.length))
    }

    private static func entry(
        _ section: PreparedSection, _ index: Int, _ header: PreparedHeader, _ path: String
    ) throws(PreparedLayerError) -> PreparedHeader.Entry {
        guard let entry = header.entries.first(where: { $0.section == section.rawValue && $0.index == UInt32(index) }) else {
            throw PreparedHeader.corrupt(path, "section \(section) \(index) is missing")
        }
        return entry
    }
}
