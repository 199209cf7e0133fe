public import SimpleFeatures
public import Tiling

/// One version of a layer, ready to be cut into tiles: a memory-mapped, immutable file.
///
/// Opening reads the header only. Features lie along a Hilbert curve and are called by their place on it, 0..<count.
public struct PreparedLayer: Sendable {
    public let path: String
    public let fields: [String]
    public let crss: [PreparedCRS]
    /// Features in the file.
    public let count: Int
    /// Vertices in the file.
    public let vertexCount: Int
    /// What changed since the file was written.
    var amendment: PreparedAmendment?

    let file: MappedFile
    let grids: [PreparedSchema.Grid]
    let partCount: Int
    /// Distinct values, null included.
    let valueCount: Int
    /// Boxes a level of the index, leaves first.
    let levels: [Int]
    private let header: PreparedHeader
    let places: SectionPlaces

    /// - Throws: `.fileNotAccessible`, `.formatNotKnown` or `.fileCorrupt`.
    public init(path: String) throws(PreparedLayerError) {
        let file = try MappedFile(path: path)
        let header = try PreparedHeader(file: file, path: path)
        let schemaPlace = try SectionPlaces.schema(header, path)
        guard let schema = unsafe PreparedSchema(bytes: Array(file.values(UInt8.self, at: schemaPlace.offset, count: schemaPlace.count)))
        else { throw PreparedHeader.corrupt(path, "its schema cannot be read") }
        guard header.featureCount < 1 << 32, header.partCount < 1 << 32, header.vertexCount < 1 << 32 else {
            throw PreparedHeader.corrupt(path, "it claims more features than the format can number")
        }
        let levels = PackedIndex.levelCounts(Int(header.featureCount))
        places = try SectionPlaces(header, schema: schema, boxCount: levels.reduce(0, +), path: path)
        self.path = path
        self.file = file
        self.header = header
        self.levels = levels
        fields = schema.fields
        grids = schema.grids
        crss = schema.grids.map(\.crs)
        count = Int(header.featureCount)
        partCount = Int(header.partCount)
        vertexCount = Int(header.vertexCount)
        valueCount = places.valueCount
    }

    /// Of all features as they are now, equal for equal features: of a file and an amendment that says the same, too.
    public var contentHash: UInt64 { amendment?.contentHash ?? header.contentHash }

    /// Of the file itself.
    var fileHash: UInt64 { header.fileHash }

    /// Features as they are now: a part of a collection counts for itself.
    public var featureCount: Int {
        guard let amendment else { return count }
        return count - amendment.hiddenCount + amendment.delta.count
    }

    /// Reads the whole file and compares its hash.
    /// - Throws: `.fileCorrupt`.
    public func verify() throws(PreparedLayerError) {
        var hash = PreparedFileHash()
        for entry in header.entries {
            let (offset, length) = (Int(entry.offset), Int(entry.length))
            for unsafe word in unsafe file.values(UInt64.self, at: offset, count: length / 8) { hash.add(word) }
            for unsafe byte in unsafe file.values(UInt8.self, at: offset + length / 8 * 8, count: length % 8) {
                hash.add(UInt64(byte))
            }
        }
        guard hash.value == header.fileHash else { throw PreparedHeader.corrupt(path, "its content does not match its hash") }
    }

    /// The box of all features in the CRS; empty for an empty layer.
    /// - Throws: `.crsNotServed`.
    public func envelope(crs: String) throws(PreparedLayerError) -> Envelope {
        let grid = try gridIndex(crs)
        return amendment?.envelopes[grid] ?? envelopeOfFile(grid)
    }

    /// The box of one feature of the file in the CRS.
    /// - Throws: `.crsNotServed`.
    public func envelope(of feature: Int32, crs: String) throws(PreparedLayerError) -> Envelope {
        precondition(feature >= 0 && feature < count, "a feature of this layer")
        let grid = try gridIndex(crs)
        let box = unsafe boxes(grid)[Int(feature)]
        return box.isEmpty ? .empty : envelope(box, grid)
    }

    /// How many features' boxes meet the envelope, rounded by up to half a stored unit.
    /// - Throws: `.crsNotServed`.
    public func count(intersecting envelope: Envelope, crs: String) throws(PreparedLayerError) -> Int {
        let own = try features(intersecting: envelope, crs: crs)
        guard let amendment else { return own.count }
        return try own.count { !amendment.hides(Int($0)) } + amendment.delta.features(intersecting: envelope, crs: crs).count
    }

    /// The features of the file whose boxes meet the envelope, ascending: candidates, for the stored boxes are rounded by up
    /// to half a stored unit and are not the features.
    /// - Throws: `.crsNotServed`.
    public func features(intersecting envelope: Envelope, crs: String) throws(PreparedLayerError) -> [Int32] {
        let grid = try gridIndex(crs)
        var hits: [UInt32] = []
        var other: [UInt32] = []
        unsafe PackedIndex.search(
            boxes(grid), levels: levels, query: storedBox(envelope, grid), hits: &hits, other: &other)
        return hits.map { Int32(bitPattern: $0) }
    }

    /// Whether the box of any feature meets the window and its margin; where none does, `tileLayer` gives it nothing.
    ///
    /// Features that were replaced or removed since the file was written may count still.
    /// - Throws: `.crsNotServed`.
    public func hasFeatures(near window: TileWindow, crs: String) throws(PreparedLayerError) -> Bool {
        let grid = try gridIndex(crs)
        // A unit more, as `tileLayer` looks.
        let reach = storedBox(window.envelope.expanded(by: 1 / window.unitsPerCRSUnit), grid)
        if unsafe PackedIndex.hasHit(boxes(grid), levels: levels, query: reach) { return true }
        return try amendment?.delta.hasFeatures(near: window, crs: crs) ?? false
    }

    /// The registry's id of a feature of the file.
    public func id(at feature: Int32) -> Int64 {
        precondition(feature >= 0 && feature < count, "a feature of this layer")
        return unsafe file.values(Int64.self, at: places.ids, count: count)[Int(feature)]
    }

    /// The value of a field for a feature of the file.
    public func value(at feature: Int32, field: Int) -> PropertyValue {
        precondition(feature >= 0 && feature < count && field >= 0 && field < fields.count, "a feature and a field of this layer")
        return value(unsafe column(field)[Int(feature)])
    }

    /// A filter that passes the features whose value of `field` satisfies `predicate`, asked once a distinct value.
    public func filter(field: Int, _ predicate: (PropertyValue) -> Bool) -> PreparedFilter {
        precondition(field >= 0 && field < fields.count, "a field of this layer")
        var used = [UInt64](repeating: 0, count: (valueCount + 63) / 64)
        for unsafe value in unsafe column(field) where value < valueCount { used[Int(value >> 6)] |= 1 << UInt64(value & 63) }
        var allowed = used
        for word in used.indices {
            for bit in 0..<64 where used[word] & (1 << UInt64(bit)) != 0 {
                if !predicate(value(UInt32(word * 64 + bit))) { allowed[word] &= ~(1 << UInt64(bit)) }
            }
        }
        let amended = amendment?.delta.filter(field: field, predicate).allowed ?? []
        return PreparedFilter(field: field, allowed: allowed, allowedInAmendment: amended)
    }
}

extension PreparedLayer {
    func gridIndex(_ crs: String) throws(PreparedLayerError) -> Int {
        guard let index = crss.firstIndex(where: { $0.id == crs }) else {
            let served = crss.map(\.id).joined(separator: ", ")
            throw PreparedLayerError(.crsNotServed, "\(path) holds no coordinates in \(crs), only in \(served); prepare the layer again with it")
        }
        return index
    }

    func boxes(_ grid: Int) -> UnsafeBufferPointer<StoredBox> {
        unsafe file.values(StoredBox.self, at: places.boxes[grid], count: levels.reduce(0, +))
    }

    func column(_ field: Int) -> UnsafeBufferPointer<UInt32> {
        unsafe file.values(UInt32.self, at: places.columns[field], count: count)
    }

    /// Null for an index that the file does not hold.
    func value(_ index: UInt32) -> PropertyValue {
        guard index < valueCount else { return .null }
        let payload = unsafe file.values(UInt64.self, at: places.valuePayloads, count: valueCount)[Int(index)]
        let tag = unsafe file.values(UInt8.self, at: places.valueTags, count: valueCount)[Int(index)]
        switch ValueTable.Tag(rawValue: tag) {
        case .boolean: return .boolean(payload != 0)
        case .integer: return .integer(Int64(bitPattern: payload))
        case .real: return .real(Double(bitPattern: payload))
        case .text:
            let (offset, length) = (Int(payload >> 24), Int(payload & 0xFF_FFFF))
            guard offset + length <= places.textLength else { return .null }
            return .text(unsafe String(decoding: file.values(UInt8.self, at: places.text + offset, count: length), as: UTF8.self))
        case .null, nil: return .null
        }
    }

    /// The stored box that holds every stored position of the envelope.
    func storedBox(_ envelope: Envelope, _ grid: Int) -> StoredBox {
        let (origin, unit) = (grids[grid].origin, grids[grid].unit)
        func held(_ d: Double) -> Int32 { Int32(max(Double(Int32.min), min(Double(Int32.max), d))) }
        guard !envelope.isEmpty else { return .empty }
        return StoredBox(
            minX: held(((envelope.minX - origin.x) / unit).rounded(.down)),
            minY: held(((envelope.minY - origin.y) / unit).rounded(.down)),
            maxX: held(((envelope.maxX - origin.x) / unit).rounded(.up)),
            maxY: held(((envelope.maxY - origin.y) / unit).rounded(.up)))
    }

    func envelope(_ box: StoredBox, _ grid: Int) -> Envelope {
        let (origin, unit) = (grids[grid].origin, grids[grid].unit)
        return Envelope(
            minX: origin.x + Double(box.minX) * unit, minY: origin.y + Double(box.minY) * unit,
            maxX: origin.x + Double(box.maxX) * unit, maxY: origin.y + Double(box.maxY) * unit)
    }
}
