import Reprojection
import SimpleFeatures
import Tiling
import Topology
import Wording

/// The polygons of an area in the CRS of a matrix set: which tiles share area with them.
struct AreaMask {
    /// Degrees: longer edges are divided, for straight edges do not stay straight.
    private static let longestEdge = 0.01

    private let geometry: Geometry

    /// - Throws: `ProductionError` where the area cannot be carried; `TopologyError`.
    init(_ geometry: Geometry, _ operation: borrowing CoordinateOperation) throws {
        let dense = geometry.mapRings(Self.densified)
        guard let carried = operation.transform(dense) else {
            throw ProductionError(
                code: .outsideLimits,
                message: LocalisedText(
                    zh: "范围超出瓦片矩阵集坐标系的适用区域", en: "the area reaches beyond where the matrix set's CRS applies"))
        }
        self.geometry = try TopologyContext().repaired(carried).geometry
    }

    /// The blocks with a tile of the area, in no order; those at its border name their tiles.
    func blocks(_ limits: TileMatrixLimits, of matrix: TileMatrix, side: Int) throws -> [SeedBlock] {
        var root = side
        while limits.rows.upperBound / root != limits.rows.lowerBound / root
            || limits.columns.upperBound / root != limits.columns.lowerBound / root
        { root *= 2 }
        let node = Node(row: limits.rows.lowerBound / root * root, column: limits.columns.lowerBound / root * root, side: root)
        return try TopologyContext().withPrepared(geometry) { prepared throws(TopologyError) in
            var search = Search(limits: limits, matrix: matrix, side: side)
            try search.visit(node, prepared)
            return search.blocks
        }
    }

    private struct Node {
        var row: Int
        var column: Int
        var side: Int
    }

    /// From the whole area down to what is inside or outside as a whole.
    private struct Search {
        let limits: TileMatrixLimits
        let matrix: TileMatrix
        let side: Int
        var blocks: [SeedBlock] = []

        mutating func visit(_ node: Node, _ area: borrowing PreparedGeometry) throws(TopologyError) {
            guard let own = limits(of: node), try area.intersects(square(own)) else { return }
            if try area.covers(square(own)) {
                blocks += SeedBlock.blocks(of: own, side: side)
            } else if node.side > side {
                let half = node.side / 2
                for (row, column) in [(0, 0), (0, half), (half, 0), (half, half)] {
                    try visit(Node(row: node.row + row, column: node.column + column, side: half), area)
                }
            } else {
                var chosen: [TileAddress] = []
                try own.forEachAddress { address throws(TopologyError) in
                    let tile = TileMatrixLimits(
                        level: address.level, rows: address.row...address.row, columns: address.column...address.column)
                    if try area.intersects(square(tile)) { chosen.append(address) }
                }
                if !chosen.isEmpty { blocks.append(SeedBlock(limits: own, chosen: chosen)) }
            }
        }

        private func limits(of node: Node) -> TileMatrixLimits? {
            TileMatrixLimits(
                level: limits.level, rows: node.row...(node.row + node.side - 1), columns: node.column...(node.column + node.side - 1)
            ).intersection(limits)
        }

        /// A hair smaller than the tiles, so that touching is not sharing.
        private func square(_ tiles: TileMatrixLimits) -> Geometry {
            var box = matrix.envelope(of: TileAddress(level: tiles.level, row: tiles.rows.lowerBound, column: tiles.columns.lowerBound))
            box.formUnion(
                matrix.envelope(of: TileAddress(level: tiles.level, row: tiles.rows.upperBound, column: tiles.columns.upperBound)))
            box = box.expanded(by: -1e-9 * matrix.tileSpan)
            return .polygon(
                Polygon(rings: [
                    [
                        Coordinate(x: box.minX, y: box.minY), Coordinate(x: box.maxX, y: box.minY), Coordinate(x: box.maxX, y: box.maxY),
                        Coordinate(x: box.minX, y: box.maxY), Coordinate(x: box.minX, y: box.minY),
                    ]
                ]))
        }
    }

    private static func densified(_ ring: [Coordinate]) -> [Coordinate] {
        guard let first = ring.first else { return ring }
        var dense = [first]
        for (a, b) in zip(ring, ring.dropFirst()) {
            let steps = max(1, Int((max(abs(b.x - a.x), abs(b.y - a.y)) / longestEdge).rounded(.up)))
            for step in 1..<max(2, steps) where steps > 1 {
                let share = Double(step) / Double(steps)
                dense.append(Coordinate(x: a.x + (b.x - a.x) * share, y: a.y + (b.y - a.y) * share))
            }
            dense.append(b)
        }
        return dense
    }
}

extension Geometry {
    /// Multipolygons with other rings, perhaps of another length.
    fileprivate func mapRings(_ change: ([Coordinate]) -> [Coordinate]) -> Geometry {
        guard case .multiPolygon(let polygons) = self else { return self }
        return .multiPolygon(polygons.map { Polygon(rings: $0.rings.map(change)) })
    }
}
