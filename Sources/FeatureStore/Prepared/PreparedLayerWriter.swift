import Generalisation
import SimpleFeatures

/// Gathers the features of one layer version and writes them as a prepared layer.
///
/// Holds the layer in memory while writing: 8 bytes a vertex and CRS, 4 a property, and the distinct values. The
/// bytes depend on the features alone, not on the order or the batches they come in (features that agree in place
/// and id keep their order).
public struct PreparedLayerWriter: Sendable {
    /// What was written.
    public struct Report: Hashable, Sendable {
        public var featureCount: Int
        public var vertexCount: Int
        /// Different values of all fields.
        public var valueCount: Int
        /// Of the file's content: equal for equal layers.
        public var contentHash: UInt64
    }

    public let path: String
    public let fields: [String]
    public let crss: [PreparedCRS]
    /// Whether neighbours share vertices, as districts and grids do: their borders are then ranked as shared arcs.
    public let sharesBorders: Bool

    var ids: [Int64] = []
    var dimensions: [UInt8] = []
    var featurePartEnds: [UInt32] = []
    var partEnds: [UInt32] = []
    var partIsHole: [Bool] = []
    var partSizes: [Float] = []
    var positions: [StoredPositions]
    var columns: [[UInt32]]
    var table = ValueTable()
    /// Of the vertices that come from files, which are ranked already.
    var significance: [UInt8]?

    /// - Parameters:
    ///   - fields: the properties that tiles may carry or filter by.
    ///   - crss: first EPSG:3857, then every other CRS that tiles are served in.
    public init(path: String, fields: [String], crss: [PreparedCRS], sharesBorders: Bool) {
        precondition(!crss.isEmpty, "a prepared layer serves at least one CRS")
        self.path = path
        self.fields = fields
        self.crss = crss
        self.sharesBorders = sharesBorders
        positions = crss.map { StoredPositions(unitExponent: $0.finestUnitExponent) }
        columns = fields.map { _ in [] }
    }

    public var count: Int { ids.count }

    /// Takes in a batch whose coordinates are given in every CRS of the layer.
    ///
    /// - Throws: `.coordinateNotFinite` naming the feature; the writer is then of no more use.
    public mutating func append(_ batch: PreparedFeatureBatch) throws(PreparedLayerError) {
        precondition(
            batch.coordinates.count == crss.count
                && batch.coordinates.allSatisfy { $0.count == batch.coordinates[0].count },
            "a batch has the same positions in every CRS")
        precondition(batch.values.count == batch.count * fields.count, "a batch has one value a field and feature")
        guard ids.count + batch.count < Int(UInt32.max), positions[0].values.count / 2 + batch.coordinates[0].count / 2 < Int(UInt32.max)
        else { throw PreparedLayerError(.layerTooLarge, "\(path) would hold more than 4 thousand million positions; split the layer") }
        var part = 0
        for f in 0..<batch.count {
            while part < batch.featurePartEnds[f] {
                let start = part == 0 ? 0 : batch.partEnds[part - 1]
                guard appendPart(batch, part, start..<batch.partEnds[part], batch.dimensions[f]) else {
                    throw PreparedLayerError(
                        .coordinateNotFinite,
                        "feature \(batch.ids[f]) has a position that is not finite or outside its CRS; reject it before preparing \(path)")
                }
                part += 1
            }
            featurePartEnds.append(UInt32(partEnds.count))
            ids.append(batch.ids[f])
            dimensions.append(batch.dimensions[f].rawValue)
            for c in columns.indices { columns[c].append(try index(of: batch.values[f * fields.count + c])) }
        }
    }

    private mutating func index(of value: PropertyValue) throws(PreparedLayerError) -> UInt32 {
        if case .text(let s) = value, s.utf8.count >= ValueTable.longestText {
            throw PreparedLayerError(.layerTooLarge, "a text of \(s.utf8.count) bytes is too long for \(path); leave its field out of the tiles")
        }
        return table.index(of: value)
    }

    /// Winds exteriors clockwise as seen on the map, holes the other way.
    private mutating func appendPart(
        _ batch: PreparedFeatureBatch, _ part: Int, _ range: Range<Int>, _ dimension: GeometryDimension
    ) -> Bool {
        let isHole = batch.partIsHole[part]
        var isReversed = false
        switch dimension {
        case .point: partSizes.append(0)
        case .line: partSizes.append(Float(Self.length(batch.coordinates[0], range)))
        case .area:
            let area = Self.area(batch.coordinates[0], range)
            isReversed = (area > 0) != isHole
            partSizes.append(Float(isHole ? -abs(area) : abs(area)))
        }
        for c in positions.indices {
            for k in 0..<range.count {
                let i = isReversed ? range.upperBound - 1 - k : range.lowerBound + k
                guard positions[c].append(x: batch.coordinates[c][2 * i], y: batch.coordinates[c][2 * i + 1]) else {
                    return false
                }
            }
        }
        partEnds.append(UInt32(positions[0].values.count / 2))
        partIsHole.append(isHole)
        return true
    }

    /// Signed, counterclockwise with y up positive.
    private static func area(_ flat: [Double], _ range: Range<Int>) -> Double {
        let (x0, y0) = (flat[2 * range.lowerBound], flat[2 * range.lowerBound + 1])
        var sum = 0.0
        var (ax, ay) = (0.0, 0.0)
        for i in range.dropFirst() {
            let (bx, by) = (flat[2 * i] - x0, flat[2 * i + 1] - y0)
            sum += ax * by - bx * ay
            (ax, ay) = (bx, by)
        }
        return sum / 2
    }

    private static func length(_ flat: [Double], _ range: Range<Int>) -> Double {
        var sum = 0.0
        for i in range.dropFirst() {
            let (dx, dy) = (flat[2 * i] - flat[2 * i - 2], flat[2 * i + 1] - flat[2 * i - 1])
            sum += (dx * dx + dy * dy).squareRoot()
        }
        return sum
    }
}
