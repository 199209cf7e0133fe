import Generalisation
import SimpleFeatures
import Tiling

/// Cuts the features of one prepared layer to one window: the state of a single query.
///
/// The pointers lead into the layer's mapped file, which the query holds; every range read from the file is checked
/// before it is followed, so that a damaged file gives a count, not a crash.
@safe
struct WindowCutter {
    private let ids: UnsafeBufferPointer<Int64>
    private let dimensions: UnsafeBufferPointer<UInt8>
    private let featurePartEnds: UnsafeBufferPointer<UInt32>
    private let sizes: UnsafeBufferPointer<Float>
    private let partEnds: UnsafeBufferPointer<UInt32>
    private let partSizes: UnsafeBufferPointer<Float>
    private let significance: UnsafeBufferPointer<UInt8>
    private let coordinates: UnsafeBufferPointer<Int32>
    private let boxes: UnsafeBufferPointer<StoredBox>
    private let columns: [UnsafeBufferPointer<UInt32>]
    private let filterColumns: [UnsafeBufferPointer<UInt32>]
    private let source: PreparedLayer
    private let rules: TileRules
    private let repair: RingRepair?

    private let transform: GridTransform
    private let box: ClipBox
    /// Features in here lie in the window whole.
    private let inner: StoredBox
    private let threshold: UInt8
    private let leastSquareMetres: Float
    private let leastMetres: Float
    private var polygonClipper: PolygonClipper
    private let lineClipper: LineClipper
    private var wholeEdges: WholeEdges

    private(set) var layer: TileLayer
    private var leftOut: LeftOutTally
    /// Added to value indices for the scratch, which remembers those of two files at once.
    var valueOffset = 0

    /// Rings of so few vertices that lose their area to the filter are taken unfiltered.
    private static let smallRing = 16

    init(_ source: PreparedLayer, name: String, window: TileWindow, grid: Int, rules: TileRules, repair: RingRepair?) {
        let (file, places) = (source.file, source.places)
        unsafe ids = file.values(Int64.self, at: places.ids, count: source.count)
        unsafe dimensions = file.values(UInt8.self, at: places.dimensions, count: source.count)
        unsafe featurePartEnds = file.values(UInt32.self, at: places.featurePartEnds, count: source.count)
        unsafe sizes = file.values(Float.self, at: places.sizes, count: source.count)
        unsafe partEnds = file.values(UInt32.self, at: places.partEnds, count: source.partCount)
        unsafe partSizes = file.values(Float.self, at: places.partSizes, count: source.partCount)
        unsafe significance = file.values(UInt8.self, at: places.significance, count: source.vertexCount)
        unsafe coordinates = file.values(Int32.self, at: places.coordinates[grid], count: source.vertexCount * 2)
        unsafe boxes = source.boxes(grid)
        unsafe columns = rules.tags.map { unsafe source.column($0.field) }
        unsafe filterColumns = rules.filters.map { unsafe source.column($0.field) }
        self.source = source
        self.rules = rules
        self.repair = repair

        let stored = source.grids[grid]
        transform = GridTransform(window: window, sourceOrigin: stored.origin, sourceUnit: stored.unit)
        box = ClipBox(window: window)
        let unit = 1 / window.unitsPerCRSUnit
        inner = source.storedBox(window.envelope.expanded(by: -(unit + 2 * stored.unit)), grid)
        let metresPerUnit = unit * stored.crs.metresPerUnit
        threshold = Significance.threshold(toleranceInMetres: rules.toleranceInUnits * metresPerUnit)
        leastSquareMetres = Float(rules.leastAreaInSquareUnits * metresPerUnit * metresPerUnit)
        leastMetres = Float(rules.leastLengthInUnits * metresPerUnit)
        polygonClipper = PolygonClipper(box: box)
        lineClipper = LineClipper(box: box)
        wholeEdges = WholeEdges(box: box)
        leftOut = LeftOutTally(window, countsTiles: rules.countsByTile)
        layer = TileLayer(name: name, extent: window.extent)
        layer.keys = rules.tags.map(\.key)
    }

    /// What was cut; the cutter is then of no more use.
    mutating func takeResult() -> (layer: TileLayer, leftOut: LeftOutTally) { (layer, leftOut) }

    /// Lets another cutter of the same window go on with the tile's layer.
    mutating func lendLayer(to other: inout WindowCutter) { swap(&layer, &other.layer) }

    mutating func reserve(features: Int) {
        layer.features.reserveCapacity(features)
        layer.partEnds.reserveCapacity(features)
        layer.tags.reserveCapacity(features * rules.tags.count * 2)
        layer.coordinates.reserveCapacity(features * 10)
    }

    /// Whether the feature passes the rules' filters.
    @inline(__always)
    private func passesFilters(_ f: Int) -> Bool {
        for i in rules.filters.indices {
            guard unsafe rules.filters[i].allows(filterColumns[i][f]) else { return false }
        }
        return true
    }

    mutating func add(_ f: Int, scratch: inout TileScratch) {
        guard passesFilters(f) else {
            leaveOut(f, .filtered)
            return
        }
        let parts = unsafe (f == 0 ? 0 : Int(featurePartEnds[f - 1]))..<max(0, Int(featurePartEnds[f]))
        guard parts.upperBound <= source.partCount else {
            leaveOut(f, .unreadable)
            return
        }
        if !scratch.feature.positions.isEmpty { scratch.feature.removeAll() }
        if rules.measuresDistances { scratch.distances.removeAll() }
        let isInside = unsafe inner.contains(boxes[f])
        switch unsafe GeometryDimension(rawValue: dimensions[f]) {
        case .point: addPoints(f, parts)
        case .line: addLines(f, parts, isInside, &scratch)
        case .area: addPolygons(f, parts, isInside, &scratch)
        case nil: leaveOut(f, .unreadable)
        }
        if !scratch.feature.ends.isEmpty {
            emit(f, unsafe dimensions[f] == GeometryDimension.line.rawValue ? .line : .polygon, &scratch)
        }
    }

    /// The vertices of a part; empty where the file contradicts itself.
    @inline(__always)
    private func vertices(_ p: Int) -> Range<Int> {
        let start = p == 0 ? 0 : unsafe Int(partEnds[p - 1])
        let end = unsafe Int(partEnds[p])
        return start <= end && end <= source.vertexCount ? start..<end : 0..<0
    }

    // MARK: points

    private mutating func addPoints(_ f: Int, _ parts: Range<Int>) {
        let start = layer.coordinates.count
        for p in parts {
            for v in vertices(p) {
                let x = unsafe transform.x(coordinates[2 * v])
                let y = unsafe transform.y(coordinates[2 * v + 1])
                guard box.contains(x: x, y: y) else { continue }
                layer.coordinates.append(x)
                layer.coordinates.append(y)
            }
        }
        guard layer.coordinates.count > start else { return }
        layer.partEnds.append(layer.coordinates.count / 2)
        let place = layer.partEnds.count
        layer.features.append(
            TileFeature(id: unsafe UInt64(bitPattern: ids[f]), kind: .point, tags: noTags, parts: (place - 1)..<place))
    }

    /// The window position of a point feature's first vertex; `nil` for none.
    private func firstPosition(_ f: Int) -> GridPosition? {
        let p = f == 0 ? 0 : unsafe Int(featurePartEnds[f - 1])
        guard unsafe dimensions[f] == GeometryDimension.point.rawValue, p < source.partCount else { return nil }
        guard let v = vertices(p).first else { return nil }
        return unsafe GridPosition(x: transform.x(coordinates[2 * v]), y: transform.y(coordinates[2 * v + 1]))
    }

    /// Adds the point features among the hits to those that a density limit weighs.
    ///
    /// - Parameters:
    ///   - hits: in the window's cells.
    ///   - reach: the window in this file's grid.
    /// - Returns: the hits that no limit concerns and that reach the window.
    func candidates(
        _ hits: [UInt32], reach: StoredBox, _ window: TileWindow, _ limit: TileRules.DensityLimit, isAmended: Bool,
        _ candidates: inout [DensityCandidate]
    ) -> [UInt32] {
        let cell = Int64(limit.cellInUnits)
        let corner = (
            x: Int64(window.origin.column) * Int64(window.extent), y: Int64(window.origin.row) * Int64(window.extent))
        var others: [UInt32] = []
        for f in hits {
            let reaches = unsafe boxes[Int(f)].intersects(reach)
            guard passesFilters(Int(f)), let p = firstPosition(Int(f)) else {
                if reaches { others.append(f) }
                continue
            }
            candidates.append(
                DensityCandidate(
                    cellX: Self.floorDivide(Int64(p.x) + corner.x, cell), cellY: Self.floorDivide(Int64(p.y) + corner.y, cell),
                    priority: priority(Int(f), limit.priorityField), id: unsafe ids[Int(f)], feature: f, isAmended: isAmended,
                    reaches: reaches))
        }
        return others
    }

    private static func floorDivide(_ a: Int64, _ b: Int64) -> Int64 {
        let (quotient, rest) = a.quotientAndRemainder(dividingBy: b)
        return rest < 0 ? quotient - 1 : quotient
    }

    /// The number that a density limit ranks by; the least where there is none.
    private func priority(_ f: Int, _ field: Int?) -> Double {
        guard let field else { return 0 }
        switch source.value(at: Int32(truncatingIfNeeded: f), field: field) {
        case .integer(let i): return Double(i)
        case .real(let d): return d
        default: return -.infinity
        }
    }

    mutating func leaveOut(_ f: Int, _ reason: LeftOut.Reason) {
        leftOut.add(reason)
        guard leftOut.countsTiles else { return }
        let box = unsafe boxes[f]
        leftOut.addToTiles(
            reason, low: (transform.x(box.minX), transform.y(box.maxY)), high: (transform.x(box.maxX), transform.y(box.minY)))
    }

    // MARK: lines

    private mutating func addLines(_ f: Int, _ parts: Range<Int>, _ isInside: Bool, _ scratch: inout TileScratch) {
        guard unsafe sizes[f] >= leastMetres else {
            leaveOut(f, .tooSmall)
            return
        }
        for p in parts {
            quantise(vertices(p), threshold, into: &scratch.path)
            LineClipper.straighten(&scratch.path)
            if rules.measuresDistances { scratch.measurePath() }
            if isInside {
                if scratch.path.count > 1 { scratch.feature.append(scratch.path) }
            } else if rules.cutting == .wholeEdges {
                wholeEdges.keep(line: scratch.path, into: &scratch.feature)
            } else {
                lineClipper.clip(scratch.path, into: &scratch.feature)
            }
        }
        if isInside && scratch.feature.ends.isEmpty { leaveOut(f, .collapsed) }
    }

    // MARK: polygons

    private mutating func addPolygons(_ f: Int, _ parts: Range<Int>, _ isInside: Bool, _ scratch: inout TileScratch) {
        guard unsafe sizes[f] >= leastSquareMetres else {
            leaveOut(f, .tooSmall)
            return
        }
        if scratch.polygon.count > 0 { scratch.polygon.removeAll() }
        var hasExterior = false
        var hasCollapsed = false
        for p in parts {
            let size = unsafe partSizes[p]
            let isHole = size.sign == .minus
            guard hasExterior || !isHole else { continue }
            if !isHole && !isInside { cutPolygon(&scratch) }
            let isKept = abs(size) >= leastSquareMetres && addRing(vertices(p), isHole, isInside, &scratch)
            if !isHole {
                hasExterior = isKept
                if !isKept { hasCollapsed = true }
            }
        }
        if !isInside { cutPolygon(&scratch) }
        guard !scratch.feature.ends.isEmpty else {
            if hasCollapsed { leaveOut(f, .collapsed) }
            return
        }
        if repair != nil && rules.cutting == .atMargin && !scratch.check.isSimple(scratch.feature) {
            repairRings(f, &scratch)
        }
    }

    private func addRing(_ range: Range<Int>, _ isHole: Bool, _ isInside: Bool, _ scratch: inout TileScratch) -> Bool {
        quantise(range, threshold, into: &scratch.path)
        if rules.measuresDistances { scratch.measurePath() }
        if append(isHole, isInside, &scratch) { return true }
        guard threshold > 0 && range.count <= Self.smallRing && scratch.path.count < range.count else { return false }
        quantise(range, 0, into: &scratch.path)
        return append(isHole, isInside, &scratch)
    }

    @inline(__always)
    private func append(_ isHole: Bool, _ isInside: Bool, _ scratch: inout TileScratch) -> Bool {
        if isInside { return RingCleaning.append(scratch.path, isHole: isHole, to: &scratch.feature) != nil }
        return RingCleaning.append(scratch.path, isHole: isHole, to: &scratch.polygon) != nil
    }

    /// Cuts the polygon gathered so far to the box and moves it to the feature.
    private mutating func cutPolygon(_ scratch: inout TileScratch) {
        guard scratch.polygon.count > 0 else { return }
        defer { scratch.polygon.removeAll() }
        switch rules.cutting {
        case .atMargin:
            scratch.cut.removeAll()
            polygonClipper.clip(scratch.polygon, into: &scratch.cut)
            appendCleaned(scratch.cut, cutTo: box, to: &scratch.feature)
        case .wholeEdges:
            // Clean already; to clean again would look at the edges that stand for what was left out, and those differ
            // from window to window: they can even turn the sign of the area, and with it the ring.
            for r in 0..<scratch.polygon.count {
                wholeEdges.keep(ring: r, of: scratch.polygon, into: &scratch.feature)
            }
        }
    }

    /// Cleans rings whose sign says what they are; the holes of an exterior that vanishes go with it.
    private func appendCleaned(_ rings: FlatRings, cutTo box: ClipBox? = nil, to output: inout FlatRings) {
        var hasExterior = false
        for r in 0..<rings.count {
            let isHole = rings.doubleArea(r) < 0
            guard hasExterior || !isHole else { continue }
            let area = RingCleaning.append(ring: r, of: rings, isHole: isHole, cutTo: box, to: &output)
            if !isHole { hasExterior = area != nil }
        }
    }

    private mutating func repairRings(_ f: Int, _ scratch: inout TileScratch) {
        guard let repaired = repair?(scratch.feature) else { return }
        scratch.feature.removeAll()
        appendCleaned(repaired, to: &scratch.feature)
        leaveOut(f, scratch.feature.ends.isEmpty ? .notRepairable : .repaired)
    }

    // MARK: all

    /// Keeps the vertices that reach the threshold and puts them on the window's grid.
    @inline(__always)
    private func quantise(_ range: Range<Int>, _ threshold: UInt8, into path: inout [GridPosition]) {
        path.removeAll(keepingCapacity: true)
        path.append(contentsOf: repeatElement(GridPosition(x: 0, y: 0), count: range.count))
        let kept = quantise(range, threshold, path.mutableSpan)
        path.removeLast(range.count - kept)
    }

    /// Writes into room for the whole range, which spares an array's check a vertex.
    @inline(__always)
    private func quantise(_ range: Range<Int>, _ threshold: UInt8, _ path: consuming MutableSpan<GridPosition>) -> Int {
        var kept = 0
        for v in range where unsafe significance[v] >= threshold {
            unsafe path[kept] = GridPosition(x: transform.x(coordinates[2 * v]), y: transform.y(coordinates[2 * v + 1]))
            kept &+= 1
        }
        return kept
    }

    private var noTags: Range<Int> { layer.tags.count..<layer.tags.count }

    private mutating func emit(_ f: Int, _ kind: TileGeometryKind, _ scratch: inout TileScratch) {
        let firstPosition = layer.coordinates.count / 2
        let firstPart = layer.partEnds.count
        unsafe scratch.feature.positions.withUnsafeBufferPointer { positions in
            unsafe positions.withMemoryRebound(to: Int32.self) { unsafe layer.coordinates.append(contentsOf: $0) }
        }
        for end in scratch.feature.ends { layer.partEnds.append(firstPosition + end) }
        if rules.measuresDistances {
            // Points of the same layer have none.
            while layer.distances.count < firstPosition { layer.distances.append(-1) }
            layer.distances += scratch.feature.positions.map { scratch.distances[$0] ?? -1 }
        }
        layer.features.append(
            TileFeature(
                id: unsafe UInt64(bitPattern: ids[f]), kind: kind, tags: noTags,
                parts: firstPart..<layer.partEnds.count))
    }

    /// Gives the newest feature its tags.
    mutating func addTags(_ f: Int, _ scratch: inout TileScratch) {
        let start = layer.tags.count
        for i in rules.tags.indices {
            let value = unsafe columns[i][f]
            guard value != 0 && value < source.valueCount else { continue }
            let place = Int(value) + valueOffset
            if scratch.valueStamps[place] != scratch.stamp {
                scratch.valueStamps[place] = scratch.stamp
                scratch.valuePlaces[place] = UInt32(layer.values.count)
                layer.values.append(source.value(value))
            }
            layer.tags.append(UInt32(truncatingIfNeeded: i))
            layer.tags.append(scratch.valuePlaces[place])
        }
        layer.features[layer.features.count - 1].tags = start..<layer.tags.count
    }
}
