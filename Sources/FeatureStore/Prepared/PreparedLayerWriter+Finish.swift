import Generalisation
import SimpleFeatures

extension PreparedLayerWriter {
    /// Ranks, sorts and writes; the file appears under its name whole or not at all.
    public consuming func finish() throws(PreparedLayerError) -> Report {
        for c in positions.indices { positions[c].settle() }
        let significance = significance ?? rank()
        let order = hilbertOrder()
        let valueOrder = valueOrder(order)
        let schema = PreparedSchema(
            fields: fields,
            grids: crss.indices.map {
                PreparedSchema.Grid(crs: crss[$0], origin: positions[$0].origin, unit: positions[$0].unit)
            })
        var file = try PreparedFileWriter(path: path, sectionCount: 11 + 2 * crss.count + fields.count)
        try file.write(.schema, schema.bytes)
        try file.write(.ids, order.map { ids[Int($0)] })
        try file.write(.dimensions, order.map { dimensions[Int($0)] })
        try writeStructure(order, significance, to: &file)
        for c in crss.indices {
            let flat = positions[c].values
            try file.write(.coordinates, index: c, gather(order, width: 2) { flat[$0] })
            try file.write(.boxes, index: c, PackedIndex.build(order.map { box(of: Int($0), flat) }))
        }
        for c in fields.indices {
            try file.write(.column, index: c, order.map { valueOrder.newIndices[Int(columns[c][Int($0)])] })
        }
        let packed = table.packed(valueOrder.places)
        try file.write(.valueTags, packed.tags)
        try file.write(.valuePayloads, packed.payloads)
        try file.write(.text, packed.text)
        let vertexCount = positions[0].values.count / 2
        let hash = try file.finish(featureCount: ids.count, partCount: partEnds.count, vertexCount: vertexCount)
        return Report(
            featureCount: ids.count, vertexCount: vertexCount, valueCount: packed.tags.count, contentHash: hash)
    }

    private func writeStructure(
        _ order: [UInt32], _ significance: [UInt8], to file: inout PreparedFileWriter
    ) throws(PreparedLayerError) {
        var newFeaturePartEnds: [UInt32] = []
        var newPartEnds: [UInt32] = []
        var newPartSizes: [Float] = []
        var sizes: [Float] = []
        var vertexEnd: UInt32 = 0
        for f in order {
            var size: Float = 0
            for p in parts(of: Int(f)) {
                vertexEnd += UInt32(vertices(of: p).count)
                newPartEnds.append(vertexEnd)
                newPartSizes.append(partSizes[p])
                size += partSizes[p]
            }
            newFeaturePartEnds.append(UInt32(newPartEnds.count))
            sizes.append(size)
        }
        try file.write(.featurePartEnds, newFeaturePartEnds)
        try file.write(.sizes, sizes)
        try file.write(.partEnds, newPartEnds)
        try file.write(.partSizes, newPartSizes)
        try file.write(.significance, gather(order, width: 1) { significance[$0] })
    }

    private func parts(of f: Int) -> Range<Int> { (f == 0 ? 0 : Int(featurePartEnds[f - 1]))..<Int(featurePartEnds[f]) }

    private func vertices(of p: Int) -> Range<Int> { (p == 0 ? 0 : Int(partEnds[p - 1]))..<Int(partEnds[p]) }

    /// All vertices of a feature: its parts lie one after the other.
    private func vertices(ofFeature f: Int) -> Range<Int> {
        let parts = parts(of: f)
        guard !parts.isEmpty else { return 0..<0 }
        return vertices(of: parts.lowerBound).lowerBound..<vertices(of: parts.upperBound - 1).upperBound
    }

    private func gather<T>(_ order: [UInt32], width: Int, _ element: (Int) -> T) -> [T] {
        var result: [T] = []
        result.reserveCapacity(positions[0].values.count / 2 * width)
        for f in order {
            let range = vertices(ofFeature: Int(f))
            for i in (range.lowerBound * width)..<(range.upperBound * width) { result.append(element(i)) }
        }
        return result
    }

    private func box(of f: Int, _ flat: [Int32]) -> StoredBox {
        var box = StoredBox.empty
        for v in vertices(ofFeature: f) { box.formUnion(x: flat[2 * v], y: flat[2 * v + 1]) }
        return box
    }

    private func rank() -> [UInt8] {
        let flat = positions[0].values
        var significance = [UInt8](repeating: Significance.always, count: flat.count / 2)
        var junctions: VertexJunctions?
        if sharesBorders {
            var found = VertexJunctions(expectedVertexCount: flat.count / 4)
            forEachPath { p, isRing in
                let range = vertices(of: p)
                found.add(flat.span.extracting((2 * range.lowerBound)..<(2 * range.upperBound)), isRing: isRing)
            }
            junctions = found
        }
        var ranking = VertexRanking(metresPerUnit: positions[0].unit * crss[0].metresPerUnit)
        forEachPath { p, isRing in
            let range = vertices(of: p)
            let path = flat.span.extracting((2 * range.lowerBound)..<(2 * range.upperBound))
            if isRing {
                ranking.rankRing(path, junctions: junctions, into: &significance, at: range.lowerBound)
            } else {
                ranking.rankLine(path, junctions: junctions, into: &significance, at: range.lowerBound)
            }
        }
        return significance
    }

    /// Calls `body` with every part that is a line or a ring.
    private func forEachPath(_ body: (_ part: Int, _ isRing: Bool) -> Void) {
        for f in ids.indices where dimensions[f] != GeometryDimension.point.rawValue {
            for p in parts(of: f) { body(p, dimensions[f] == GeometryDimension.area.rawValue) }
        }
    }

    /// The features along the world's Hilbert curve, equals by id.
    private func hilbertOrder() -> [UInt32] {
        let flat = positions[0].values
        let grid = PreparedSchema.Grid(crs: crss[0], origin: positions[0].origin, unit: positions[0].unit)
        var keys = ids.indices.map { f in
            (key: HilbertCurve.place(of: box(of: f, flat), grid), id: ids[f], feature: UInt32(f))
        }
        keys.sort { $0.key != $1.key ? $0.key < $1.key : $0.id != $1.id ? $0.id < $1.id : $0.feature < $1.feature }
        return keys.map(\.feature)
    }

    /// Numbers the values field by field as the features in order first use them, 0 staying null: neighbours' texts
    /// lie near each other, and the order of adding does not show.
    private func valueOrder(_ order: [UInt32]) -> (newIndices: [UInt32], places: [UInt32]) {
        var newIndices = [UInt32](repeating: .max, count: table.values.count)
        var places: [UInt32] = [0]
        newIndices[0] = 0
        for column in columns {
            for f in order {
                let old = Int(column[Int(f)])
                guard newIndices[old] == .max else { continue }
                newIndices[old] = UInt32(places.count)
                places.append(UInt32(old))
            }
        }
        return (newIndices, places)
    }
}
