import Generalisation
import SimpleFeatures
import Tiling

/// One query of one layer for one window: finds features in the file and in its amendment, and cuts them in the order that a
/// file of them all would have.
struct WindowQuery {
    private let layer: PreparedLayer
    private let window: TileWindow
    private let grid: Int
    private let limit: TileRules.DensityLimit?
    private var cutter: WindowCutter
    /// For the amendment's features; has the tile's layer and counts only while it adds to them.
    private var deltaCutter: WindowCutter?
    private var hits: [UInt32] = []
    private var deltaHits: [UInt32] = []

    init(_ layer: PreparedLayer, name: String, window: TileWindow, grid: Int, rules: TileRules, repair: RingRepair?) {
        self.layer = layer
        self.window = window
        self.grid = grid
        limit = rules.densityLimit
        cutter = WindowCutter(layer, name: name, window: window, grid: grid, rules: rules, repair: repair)
        deltaCutter = layer.amendment.map {
            var cutter = WindowCutter($0.delta, name: name, window: window, grid: grid, rules: rules.ofAmendment, repair: repair)
            cutter.valueOffset = layer.valueCount
            return cutter
        }
    }

    /// What the window and its margin cover, and a unit more: what lies just outside may be rounded onto the border.
    private var reach: Envelope { window.envelope.expanded(by: 1 / window.unitsPerCRSUnit) }

    /// The window and its margin, grown to whole cells, so that every window decides over a cell alike.
    private func cellsAround(_ limit: TileRules.DensityLimit) -> Envelope {
        window.envelope.expanded(by: (Double(limit.cellInUnits) + 1) / window.unitsPerCRSUnit)
    }

    /// Finds all features that the window may show.
    mutating func find(_ scratch: inout TileScratch) {
        let searched = limit.map(cellsAround) ?? reach
        if let amendment = layer.amendment {
            let delta = amendment.delta
            delta.findHits(delta.storedBox(searched, grid), grid, &scratch)
            deltaHits = scratch.hits
            layer.findHits(layer.storedBox(searched, grid), grid, &scratch)
            scratch.hits.removeAll { amendment.hides(Int($0)) }
        } else {
            layer.findHits(layer.storedBox(searched, grid), grid, &scratch)
        }
        // The hits are out of the scratch while features are cut in it.
        swap(&hits, &scratch.hits)
        if let limit { thinOut(limit) }
    }

    /// Looks at these features only.
    mutating func find(_ only: PreparedFeatures) {
        let box = layer.storedBox(reach, grid)
        hits = only.file.filter { unsafe layer.boxes(grid)[Int($0)].intersects(box) }
        guard let delta = layer.amendment?.delta else { return }
        let deltaBox = delta.storedBox(reach, grid)
        deltaHits = only.delta.filter { unsafe delta.boxes(grid)[Int($0)].intersects(deltaBox) }
    }

    /// Cuts what was found.
    mutating func cut(_ scratch: inout TileScratch) -> TileSelection {
        cutter.reserve(features: hits.count + deltaHits.count)
        let considered = hits.count + deltaHits.count
        if deltaHits.isEmpty {
            for f in hits { Self.add(f, with: &cutter, &scratch) }
        } else {
            cutBoth(&scratch)
        }
        var found = cutter.takeResult()
        if let others = deltaCutter?.takeResult().leftOut { found.leftOut.add(others) }
        if scratch.hits.isEmpty { swap(&hits, &scratch.hits) }
        if !deltaHits.isEmpty { found.layer.mergeEqualValues() }
        return TileSelection(
            layer: found.layer, considered: considered + found.leftOut.window[.density], leftOut: found.leftOut.window,
            leftOutByTile: found.leftOut.tiles)
    }

    private static func add(_ f: UInt32, with cutter: inout WindowCutter, _ scratch: inout TileScratch) {
        let before = cutter.layer.features.count
        cutter.add(Int(f), scratch: &scratch)
        if cutter.layer.features.count > before { cutter.addTags(Int(f), &scratch) }
    }

    /// Takes the amendment's features in at their places along the curve.
    private mutating func cutBoth(_ scratch: inout TileScratch) {
        guard let delta = layer.amendment?.delta, var other = deltaCutter.take() else { return }
        var next = 0
        for f in deltaHits {
            let place = delta.placeInOrder(Int(f))
            let end = next + hits[next...].partitionPoint { layer.placeInOrder(Int($0)).precedes(place) }
            while next < end {
                Self.add(hits[next], with: &cutter, &scratch)
                next += 1
            }
            cutter.lendLayer(to: &other)
            Self.add(f, with: &other, &scratch)
            other.lendLayer(to: &cutter)
        }
        for f in hits[next...] { Self.add(f, with: &cutter, &scratch) }
        deltaCutter = other
    }

    // MARK: density

    /// Takes out of the hits the point features beyond the limit, and all that do not reach the window.
    private mutating func thinOut(_ limit: TileRules.DensityLimit) {
        var candidates: [DensityCandidate] = []
        let kept = cutter.candidates(hits, reach: layer.storedBox(reach, grid), window, limit, isAmended: false, &candidates)
        hits = kept
        if let delta = layer.amendment?.delta, let other = deltaCutter {
            deltaHits = other.candidates(
                deltaHits, reach: delta.storedBox(reach, grid), window, limit, isAmended: true, &candidates)
        }
        candidates.sort(by: DensityCandidate.precedes)
        var inCell = 0
        for i in candidates.indices {
            inCell = i > 0 && candidates[i].isInCell(of: candidates[i - 1]) ? inCell + 1 : 1
            guard candidates[i].reaches else { continue }
            let (f, isKept) = (candidates[i].feature, inCell <= limit.featuresPerCell)
            switch (candidates[i].isAmended, isKept) {
            case (false, true): hits.append(f)
            case (true, true): deltaHits.append(f)
            case (false, false): cutter.leaveOut(Int(f), .density)
            case (true, false): deltaCutter?.leaveOut(Int(f), .density)
            }
        }
        hits.sort()
        deltaHits.sort()
    }
}

/// Features of a prepared layer by their places: in its file and in its amendment, each ascending.
public struct PreparedFeatures: Hashable, Sendable {
    var file: [UInt32] = []
    var delta: [UInt32] = []

    public init() {}

    public var isEmpty: Bool { file.isEmpty && delta.isEmpty }
    public var count: Int { file.count + delta.count }
}

/// A point feature that a density limit weighs.
struct DensityCandidate {
    var cellX: Int64
    var cellY: Int64
    var priority: Double
    var id: Int64
    var feature: UInt32
    var isAmended: Bool
    /// Whether it meets the window: others only take places in their cells.
    var reaches: Bool

    func isInCell(of other: DensityCandidate) -> Bool { (cellX, cellY) == (other.cellX, other.cellY) }

    static func precedes(_ a: DensityCandidate, _ b: DensityCandidate) -> Bool {
        if (a.cellX, a.cellY) != (b.cellX, b.cellY) { return (a.cellX, a.cellY) < (b.cellX, b.cellY) }
        if a.priority != b.priority { return a.priority > b.priority }
        return (a.id, a.feature) < (b.id, b.feature)
    }
}

/// Where a feature comes in the order of a layer: along the curve, equals by id.
struct OrderPlace {
    var distance: UInt64
    var id: Int64

    func precedes(_ other: OrderPlace) -> Bool { (distance, id) < (other.distance, other.id) }
}

extension PreparedLayer {
    func placeInOrder(_ f: Int) -> OrderPlace {
        unsafe OrderPlace(
            distance: HilbertCurve.place(of: boxes(0)[f], grids[0]),
            id: file.values(Int64.self, at: places.ids, count: count)[f])
    }
}

extension RandomAccessCollection {
    /// How many elements come before the first that `isBefore` does not hold for; they are ordered by it.
    fileprivate func partitionPoint(_ isBefore: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBefore(self[index(startIndex, offsetBy: middle)]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

extension TileLayer {
    /// Numbers values by first use and equal ones alike.
    fileprivate mutating func mergeEqualValues() {
        var merged: [PropertyValue] = []
        var places: [PropertyValue: UInt32] = [:]
        for feature in features {
            for i in stride(from: feature.tags.lowerBound + 1, to: feature.tags.upperBound, by: 2) {
                let value = values[Int(tags[i])]
                let place = places[value] ?? UInt32(merged.count)
                if Int(place) == merged.count {
                    places[value] = place
                    merged.append(value)
                }
                tags[i] = place
            }
        }
        values = merged
    }
}
