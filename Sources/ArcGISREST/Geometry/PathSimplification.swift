public import SimpleFeatures

/// Leaves out positions of lines and rings that lie no farther than an offset from what is left (Douglas and Peucker 1973):
/// `maxAllowableOffset`.
///
/// Never recurses; past `greatestDepth` a path is halved instead of cut at its farthest position, so that a spiral costs n log n, too.
public struct PathSimplification: Sendable {
    /// In the units of the positions.
    private let offset: Double

    private static let greatestDepth = 48

    private struct Piece {
        var first: Int
        var last: Int
        var depth: Int
    }

    public init(offset: Double) {
        self.offset = offset
    }

    public func simplified(_ geometry: Geometry) -> Geometry {
        switch geometry {
        case .point, .multiPoint: geometry
        case .lineString(let path): .lineString(line(path))
        case .multiLineString(let paths): .multiLineString(paths.map(line))
        case .polygon(let polygon): .polygon(Polygon(rings: polygon.rings.map(ring)))
        case .multiPolygon(let polygons): .multiPolygon(polygons.map { Polygon(rings: $0.rings.map(ring)) })
        case .geometryCollection(let parts): .geometryCollection(parts.map(simplified))
        }
    }

    func line(_ path: [Coordinate]) -> [Coordinate] {
        guard path.count > 2 else { return path }
        return kept(path, anchors: [0, path.count - 1])
    }

    /// Stays a ring of four positions at least: its first, the farthest from that, and the farthest from the line between them.
    func ring(_ path: [Coordinate]) -> [Coordinate] {
        guard path.count > 4 else { return path }
        let last = path.count - 1
        let far = farthest(path, 0, last)?.place ?? last / 2
        let sides = [farthest(path, 0, far), farthest(path, far, last)].compactMap { $0 }
        let third = sides.max { $0.distance < $1.distance }?.place ?? (far > 1 ? far / 2 : far + 1)
        return kept(path, anchors: [0, far, third, last].sorted())
    }

    private func kept(_ path: [Coordinate], anchors: [Int]) -> [Coordinate] {
        var isKept = [Bool](repeating: false, count: path.count)
        for anchor in anchors { isKept[anchor] = true }
        var stack = zip(anchors, anchors.dropFirst()).map { Piece(first: $0, last: $1, depth: 0) }
        while let piece = stack.popLast() {
            guard let found = farthest(path, piece.first, piece.last), found.distance > offset else { continue }
            let cut = piece.depth < Self.greatestDepth ? found.place : (piece.first + piece.last) / 2
            isKept[cut] = true
            stack.append(Piece(first: piece.first, last: cut, depth: piece.depth + 1))
            stack.append(Piece(first: cut, last: piece.last, depth: piece.depth + 1))
        }
        return zip(path, isKept).filter(\.1).map(\.0)
    }

    /// The position between two that lies farthest from the segment between them; `nil` where there is none between.
    private func farthest(_ path: [Coordinate], _ first: Int, _ last: Int) -> (place: Int, distance: Double)? {
        guard last - first > 1 else { return nil }
        let (a, b) = (path[first], path[last])
        let (dx, dy) = (b.x - a.x, b.y - a.y)
        let square = dx * dx + dy * dy
        var found = (place: first + 1, distance: -1.0)
        for place in (first + 1)..<last {
            let p = path[place]
            let along = square > 0 ? min(max(((p.x - a.x) * dx + (p.y - a.y) * dy) / square, 0), 1) : 0
            let (x, y) = (p.x - a.x - along * dx, p.y - a.y - along * dy)
            let distance = (x * x + y * y).squareRoot()
            if distance > found.distance { found = (place, distance) }
        }
        return found
    }
}
