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
    /// For every value index of the layer, when it was last used and as which of the tile's values.
    var valueStamps: [UInt32] = []
    var valuePlaces: [UInt32] = []
    var stamp: UInt32 = 0

    public init() {}

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
