public import SimpleFeatures

/// Features on their way into a prepared layer: flat arrays, so that one call reprojects a whole batch.
///
/// The first CRS of the layer must be EPSG:3857 (ranking and areas are in its metres). Fill `coordinates[0]` by
/// `append`, then set `coordinates[1]` and so on to the same positions in the layer's other CRSs, in the same order.
public struct PreparedFeatureBatch: Sendable {
    public private(set) var ids: [Int64] = []
    public private(set) var dimensions: [GeometryDimension] = []
    /// Where each feature's parts end in `partEnds`.
    public private(set) var featurePartEnds: [Int] = []
    /// Where each part ends, counted in positions. A ring has no repeated closing position.
    public private(set) var partEnds: [Int] = []
    /// Whether the part is a hole of the exterior before it.
    public private(set) var partIsHole: [Bool] = []
    /// One value a field and feature, feature by feature.
    public private(set) var values: [PropertyValue] = []
    /// For every CRS of the layer the positions, flat: x, y, x, y, …
    public var coordinates: [[Double]]

    /// - Parameter crsCount: how many CRSs the layer serves, 1 or more.
    public init(crsCount: Int) {
        precondition(crsCount > 0, "a prepared layer serves at least one CRS")
        coordinates = [[Double]](repeating: [], count: crsCount)
    }

    public var count: Int { ids.count }

    public mutating func removeAll() {
        ids.removeAll(keepingCapacity: true)
        dimensions.removeAll(keepingCapacity: true)
        featurePartEnds.removeAll(keepingCapacity: true)
        partEnds.removeAll(keepingCapacity: true)
        partIsHole.removeAll(keepingCapacity: true)
        values.removeAll(keepingCapacity: true)
        for i in coordinates.indices { coordinates[i].removeAll(keepingCapacity: true) }
    }

    /// Adds a feature whose geometry is in the first CRS.
    ///
    /// Lines of one position and rings of fewer than three are left out. A collection becomes one feature for each
    /// dimension it holds, all with the same id.
    /// - Parameter values: one a field of the layer, in the layer's order.
    /// - Returns: whether anything was left to draw.
    @discardableResult
    public mutating func append(id: Int64, geometry: Geometry, values: [PropertyValue]) -> Bool {
        let before = ids.count
        for dimension in [GeometryDimension.point, .line, .area] {
            let start = partEnds.count
            collect(geometry, dimension)
            guard partEnds.count > start else { continue }
            ids.append(id)
            dimensions.append(dimension)
            featurePartEnds.append(partEnds.count)
            self.values.append(contentsOf: values)
        }
        return ids.count > before
    }

    /// Leaves out the features that some CRS has no place for, as a transverse Mercator has none a quarter of the globe away.
    ///
    /// - Returns: how many.
    public mutating func removeUnplaced() -> Int {
        guard coordinates.contains(where: { !$0.allSatisfy(Self.isEarthly) }) else { return 0 }
        var kept = PreparedFeatureBatch(crsCount: coordinates.count)
        let fieldCount = values.count / max(1, count)
        for feature in ids.indices {
            let parts = (feature == 0 ? 0 : featurePartEnds[feature - 1])..<featurePartEnds[feature]
            let start = parts.lowerBound == 0 ? 0 : partEnds[parts.lowerBound - 1]
            let numbers = 2 * start..<2 * partEnds[parts.upperBound - 1]
            guard coordinates.allSatisfy({ $0[numbers].allSatisfy(Self.isEarthly) }) else { continue }
            let shift = kept.coordinates[0].count / 2 - start
            for c in coordinates.indices { kept.coordinates[c] += coordinates[c][numbers] }
            kept.partEnds += partEnds[parts].map { $0 + shift }
            kept.partIsHole += partIsHole[parts]
            kept.ids.append(ids[feature])
            kept.dimensions.append(dimensions[feature])
            kept.featurePartEnds.append(kept.partEnds.count)
            kept.values += values[feature * fieldCount..<(feature + 1) * fieldCount]
        }
        defer { self = kept }
        return count - kept.count
    }

    /// Finite, and no farther out than any position on earth is in degrees or metres.
    private static func isEarthly(_ ordinate: Double) -> Bool { ordinate.magnitude < 1e8 }

    /// Adds the parts of one dimension.
    private mutating func collect(_ geometry: Geometry, _ dimension: GeometryDimension) {
        switch (geometry, dimension) {
        case (.point(let c), .point): appendPart([c][...], isHole: false)
        case (.multiPoint(let c), .point): if !c.isEmpty { appendPart(c[...], isHole: false) }
        case (.lineString(let c), .line): appendLine(c)
        case (.multiLineString(let lines), .line): for line in lines { appendLine(line) }
        case (.polygon(let p), .area): appendPolygon(p)
        case (.multiPolygon(let polygons), .area): for p in polygons { appendPolygon(p) }
        // A stack instead of recursion: collections nest as deep as a file likes.
        case (.geometryCollection(let parts), _):
            var stack = Array(parts.reversed())
            while let part = stack.popLast() {
                if case .geometryCollection(let inner) = part {
                    stack.append(contentsOf: inner.reversed())
                } else {
                    collect(part, dimension)
                }
            }
        default: break
        }
    }

    private mutating func appendLine(_ line: [Coordinate]) {
        if line.count > 1 { appendPart(line[...], isHole: false) }
    }

    private mutating func appendPolygon(_ polygon: Polygon) {
        for (r, ring) in polygon.rings.enumerated() {
            let open = ring.count > 1 && ring.first == ring.last ? ring.dropLast() : ring[...]
            guard open.count > 2 else {
                if r == 0 { return }
                continue
            }
            appendPart(open, isHole: r > 0)
        }
    }

    private mutating func appendPart(_ part: ArraySlice<Coordinate>, isHole: Bool) {
        for c in part {
            coordinates[0].append(c.x)
            coordinates[0].append(c.y)
        }
        partEnds.append(coordinates[0].count / 2)
        partIsHole.append(isHole)
    }
}
