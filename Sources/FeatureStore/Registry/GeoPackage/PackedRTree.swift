internal import SQLite
internal import SimpleFeatures

/// Boxes collected during a bulk load and written as a packed R*Tree, straight into the module's own tables.
///
/// Inserting one at a time costs more than everything else in the load together. The layout of a node is that of
/// SQLite's rtree.c: depth (root only) and cell count as 16-bit, then cells of a 64-bit id and four 32-bit floats
/// minx, maxx, miny, maxy; all big-endian; the root is node 1.
struct PackedRTree {
    private var ids: [Int64] = []
    private var boxes: [SIMD4<Float>] = []
    private var bounds = Envelope.empty

    /// The module's limit for a page of 4096 bytes: `4 + 51 * 24` bytes a node.
    private static let cellsPerNode = 51
    private static let nodeBytes = 4 + cellsPerNode * 24

    var count: Int { ids.count }

    mutating func append(id: Int64, envelope: Envelope) {
        ids.append(id)
        boxes.append(
            SIMD4(
                Self.roundedDown(envelope.minX), Self.roundedUp(envelope.maxX), Self.roundedDown(envelope.minY),
                Self.roundedUp(envelope.maxY)))
        bounds.formUnion(envelope)
    }

    /// Floats round outward, so that no query misses a feature.
    static func roundedDown(_ value: Double) -> Float {
        let nearest = Float(value)
        return Double(nearest) > value ? nearest.nextDown : nearest
    }

    static func roundedUp(_ value: Double) -> Float {
        let nearest = Float(value)
        return Double(nearest) < value ? nearest.nextUp : nearest
    }

    /// Creates the virtual table `name` and fills it.
    func write(to connection: borrowing Connection, table name: String) throws {
        let table = { (suffix: String) in quotedIdentifier(name + suffix) }
        try connection.execute("CREATE VIRTUAL TABLE \(table("")) USING rtree(id, minx, maxx, miny, maxy)")
        guard !ids.isEmpty else { return }
        try connection.execute("DELETE FROM \(table("_node"))")
        var packing = Packing(ids: ids, boxes: boxes, order: hilbertOrder())
        try connection.withStatement("INSERT INTO \(table("_node")) (nodeno, data) VALUES (?, ?)") { nodes in
            try connection.withStatement("INSERT INTO \(table("_parent")) (nodeno, parentnode) VALUES (?, ?)") { parents in
                try packing.write(nodes: nodes, parents: parents)
            }
        }
        try connection.withStatement("INSERT INTO \(table("_rowid")) (rowid, nodeno) VALUES (?, ?)") { rows in
            for index in ids.indices.sorted(by: { ids[$0] < ids[$1] }) {
                try rows.bind(ids[index], at: 1)
                try rows.bind(packing.leaves[index], at: 2)
                _ = try rows.step()
                rows.reset()
            }
        }
    }

    /// Positions in `ids` along a Hilbert curve through the boxes' centres.
    private func hilbertOrder() -> [Int32] {
        let scaleX = Self.scale(bounds.width)
        let scaleY = Self.scale(bounds.height)
        var keys = [UInt64](repeating: 0, count: ids.count)
        for (index, box) in boxes.enumerated() {
            let x = (Double(box[0]) + Double(box[1])) / 2 - bounds.minX
            let y = (Double(box[2]) + Double(box[3])) / 2 - bounds.minY
            let distance = hilbertDistance(
                x: UInt32(min(max(x * scaleX, 0), 65_535)), y: UInt32(min(max(y * scaleY, 0), 65_535)))
            keys[index] = UInt64(distance) << 32 | UInt64(index)
        }
        keys.sort()
        return keys.map { Int32(truncatingIfNeeded: $0 & 0xFFFF_FFFF) }
    }

    /// Cells of the curve a unit; 0 where all centres lie on one line.
    private static func scale(_ length: Double) -> Double {
        let scale = 65_535 / length
        return scale.isFinite ? scale : 0
    }

    /// The levels of the tree on their way into the tables, leaves first.
    private struct Packing {
        let ids: [Int64]
        let boxes: [SIMD4<Float>]
        let order: [Int32]
        /// The leaf that holds each of `ids`.
        var leaves: [Int64]
        /// Node 1 is the root, whatever its level.
        private var nextNode: Int64 = 2

        init(ids: [Int64], boxes: [SIMD4<Float>], order: [Int32]) {
            self.ids = ids
            self.boxes = boxes
            self.order = order
            leaves = Array(repeating: 1, count: ids.count)
        }

        mutating func write(nodes: borrowing Statement, parents: borrowing Statement) throws {
            var cells = order.map { (id: ids[Int($0)], box: boxes[Int($0)]) }
            var depth: UInt16 = 0
            while true {
                let isRoot = cells.count <= cellsPerNode
                var above: [(id: Int64, box: SIMD4<Float>)] = []
                for start in stride(from: 0, to: cells.count, by: cellsPerNode) {
                    let run = cells[start..<min(start + cellsPerNode, cells.count)]
                    let node = isRoot ? 1 : nextNode
                    if !isRoot { nextNode += 1 }
                    try insert(node: node, depth: isRoot ? depth : 0, cells: run, into: nodes)
                    for (offset, cell) in run.enumerated() {
                        if depth == 0 {
                            leaves[Int(order[start + offset])] = node
                        } else {
                            try parents.bind(cell.id, at: 1)
                            try parents.bind(node, at: 2)
                            _ = try parents.step()
                            parents.reset()
                        }
                    }
                    above.append((node, union(run)))
                }
                if isRoot { return }
                cells = above
                depth += 1
            }
        }

        private func union(_ cells: ArraySlice<(id: Int64, box: SIMD4<Float>)>) -> SIMD4<Float> {
            cells.reduce(SIMD4(.infinity, -.infinity, .infinity, -.infinity)) { box, cell in
                SIMD4(
                    min(box[0], cell.box[0]), max(box[1], cell.box[1]), min(box[2], cell.box[2]), max(box[3], cell.box[3]))
            }
        }

        private func insert(
            node: Int64, depth: UInt16, cells: ArraySlice<(id: Int64, box: SIMD4<Float>)>, into nodes: borrowing Statement
        ) throws {
            var data: [UInt8] = []
            data.reserveCapacity(nodeBytes)
            data.appendBigEndian(depth)
            data.appendBigEndian(UInt16(cells.count))
            for cell in cells {
                data.appendBigEndian(UInt64(bitPattern: cell.id))
                for index in 0..<4 { data.appendBigEndian(cell.box[index].bitPattern) }
            }
            data.append(contentsOf: repeatElement(0, count: nodeBytes - data.count))
            try nodes.bind(node, at: 1)
            try unsafe data.withUnsafeBytes { try unsafe nodes.bind(blob: $0, at: 2) }
            _ = try nodes.step()
            nodes.reset()
        }
    }
}

extension [UInt8] {
    fileprivate mutating func appendBigEndian<Number: FixedWidthInteger>(_ number: Number) {
        unsafe Swift.withUnsafeBytes(of: number.bigEndian) { unsafe append(contentsOf: $0) }
    }
}

/// How far along a Hilbert curve of 65,536 cells a side the cell lies.
private func hilbertDistance(x: UInt32, y: UInt32) -> UInt32 {
    var x = x
    var y = y
    var distance: UInt32 = 0
    var side: UInt32 = 32_768
    while side > 0 {
        let right: UInt32 = x & side == 0 ? 0 : 1
        let upper: UInt32 = y & side == 0 ? 0 : 1
        distance &+= side &* side &* ((3 &* right) ^ upper)
        if upper == 0 {
            if right == 1 {
                x = 65_535 &- x
                y = 65_535 &- y
            }
            swap(&x, &y)
        }
        side >>= 1
    }
    return distance
}
