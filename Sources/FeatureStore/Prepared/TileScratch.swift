import Generalisation

/// Room that windows are cut in: owned by one worker and used again for every window and layer.
public struct TileScratch: Sendable {
    var hits: [UInt32] = []
    var otherHits: [UInt32] = []
    /// The ring or line at hand, filtered and quantised.
    var path: [GridPosition] = []
    /// The polygon at hand before and after cutting.
    var polygon = FlatRings()
    var cut = FlatRings()
    /// The feature at hand, ready for the tile.
    var feature = FlatRings()
    var check = RingCheck()
    /// Distances along the lines and rings of the feature at hand, by position; filled on request only.
    var distances = PositionDistances()
    /// For every value index of the layer, when it was last used and as which of the tile's values.
    var valueStamps: [UInt32] = []
    var valuePlaces: [UInt32] = []
    var stamp: UInt32 = 0

    public init() {}

    /// Notes how far along the path at hand its positions lie; the first visit to a position counts.
    ///
    /// The path is the whole line or ring, so the distances are the same in every window.
    mutating func measurePath() {
        var distance: Int64 = 0
        for i in path.indices {
            if i > 0 { distance += path[i - 1].distance(to: path[i]) }
            distances.insert(path[i], distance)
        }
    }

    /// Forgets the tile's values in constant time.
    mutating func startValues(count: Int) {
        if valueStamps.count < count {
            valueStamps.append(contentsOf: repeatElement(0, count: count - valueStamps.count))
            valuePlaces.append(contentsOf: repeatElement(0, count: count - valuePlaces.count))
        }
        if stamp == .max {
            for i in valueStamps.indices { valueStamps[i] = 0 }
            stamp = 0
        }
        stamp += 1
    }
}

extension GridPosition {
    /// In whole 1/256 window units, each edge cut off to them: what a dash pattern is walked in.
    fileprivate func distance(to other: GridPosition) -> Int64 {
        let (dx, dy) = (Double(other.x) - Double(x), Double(other.y) - Double(y))
        return max(1, Int64((dx * dx + dy * dy).squareRoot() * 256))
    }
}
