import SimpleFeatures

extension PreparedLayer {
    /// One number for all features, whatever their order, the origin of the grid and the numbering of values: equal for equal
    /// features, so that a file and the amendment of an older one agree.
    func hashOfFeatures() -> UInt64 {
        var hasher = FeatureHasher(self)
        var sum = schemaHash
        for f in 0..<count { sum &+= hasher.hash(of: f) }
        return sum
    }

    private var schemaHash: UInt64 {
        var hash = PreparedFileHash()
        for text in fields + crss.map(\.id) {
            for byte in text.utf8 { hash.add(UInt64(byte)) }
            hash.add(0xFF)
        }
        for grid in grids { hash.add(grid.unit.bitPattern) }
        return hash.value
    }
}

/// Hashes single features of a prepared layer.
@safe
struct FeatureHasher {
    private let layer: PreparedLayer
    /// The origins of the grids in stored units.
    private let origins: [(x: Int64, y: Int64)]
    private let ids: UnsafeBufferPointer<Int64>
    private let dimensions: UnsafeBufferPointer<UInt8>
    private let featurePartEnds: UnsafeBufferPointer<UInt32>
    private let partEnds: UnsafeBufferPointer<UInt32>
    private let partSizes: UnsafeBufferPointer<Float>
    private let significance: UnsafeBufferPointer<UInt8>
    private let coordinates: [UnsafeBufferPointer<Int32>]
    private let columns: [UnsafeBufferPointer<UInt32>]
    /// The hashes of values met so far, 0 for not yet.
    private var valueHashes: [UInt64]

    init(_ layer: PreparedLayer) {
        self.layer = layer
        let (file, places) = (layer.file, layer.places)
        origins = layer.grids.map { (Int64(($0.origin.x / $0.unit).rounded()), Int64(($0.origin.y / $0.unit).rounded())) }
        unsafe ids = file.values(Int64.self, at: places.ids, count: layer.count)
        unsafe dimensions = file.values(UInt8.self, at: places.dimensions, count: layer.count)
        unsafe featurePartEnds = file.values(UInt32.self, at: places.featurePartEnds, count: layer.count)
        unsafe partEnds = file.values(UInt32.self, at: places.partEnds, count: layer.partCount)
        unsafe partSizes = file.values(Float.self, at: places.partSizes, count: layer.partCount)
        unsafe significance = file.values(UInt8.self, at: places.significance, count: layer.vertexCount)
        unsafe coordinates = places.coordinates.map { unsafe file.values(Int32.self, at: $0, count: layer.vertexCount * 2) }
        unsafe columns = layer.fields.indices.map { unsafe layer.column($0) }
        valueHashes = Array(repeating: 0, count: layer.valueCount)
    }

    /// Of everything that a tile could show of the feature.
    mutating func hash(of f: Int) -> UInt64 {
        var hash = PreparedFileHash()
        unsafe hash.add(UInt64(bitPattern: ids[f]))
        unsafe hash.add(UInt64(dimensions[f]))
        let parts = unsafe (f == 0 ? 0 : Int(featurePartEnds[f - 1]))..<Int(featurePartEnds[f])
        for p in parts where p < layer.partCount {
            let vertices = unsafe (p == 0 ? 0 : Int(partEnds[p - 1]))..<Int(partEnds[p])
            hash.add(UInt64(vertices.count))
            hash.add(UInt64(unsafe partSizes[p].bitPattern))
            for v in vertices where v < layer.vertexCount {
                unsafe hash.add(UInt64(significance[v]))
                for (c, origin) in origins.enumerated() {
                    let x = unsafe Int64(coordinates[c][2 * v]) &+ origin.x
                    let y = unsafe Int64(coordinates[c][2 * v + 1]) &+ origin.y
                    hash.add(UInt64(bitPattern: x &* 0x9E37_79B1 ^ y))
                }
            }
        }
        for field in unsafe columns.indices { hash.add(valueHash(unsafe columns[field][f])) }
        // Spread once more: the sums of neighbours' hashes must not meet.
        hash.add(0x5851_F42D_4C95_7F2D)
        return hash.value
    }

    private mutating func valueHash(_ index: UInt32) -> UInt64 {
        guard index > 0, index < layer.valueCount else { return 0 }
        if valueHashes[Int(index)] != 0 { return valueHashes[Int(index)] }
        var hash = PreparedFileHash()
        switch layer.value(index) {
        case .null: return 0
        case .boolean(let flag): hash.add(flag ? 2 : 1)
        case .integer(let n):
            hash.add(3)
            hash.add(UInt64(bitPattern: n))
        case .real(let r):
            hash.add(4)
            hash.add(r.bitPattern)
        case .text(let text):
            hash.add(5)
            for byte in text.utf8 { hash.add(UInt64(byte)) }
        }
        valueHashes[Int(index)] = hash.value
        return hash.value
    }
}
