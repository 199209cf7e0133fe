public import FeatureStore
public import Tiling

/// Everything that is being served at one moment.
public struct LibraryState: Sendable {
    /// Grows with every change that a client could notice.
    public internal(set) var generation: Int
    public internal(set) var catalogue: Catalogue
    public internal(set) var sets: TileMatrixSetRegistry
    /// Every catalogued layer and every overlay, by id.
    public internal(set) var layers: [String: LiveLayer]
    public internal(set) var maps: [String: LiveMap]
    /// Why a map has no usable style, or goes on under the last good version of it; by map id.
    public internal(set) var styleFailures: [String: String]
    /// How often the registry turned out to be another one than the files were derived from, which are made again then.
    public internal(set) var foreignFilesLeft = 0

    /// Layers from the bottom of the map to its top.
    public var layersInOrder: [LiveLayer] {
        layers.values.sorted { ($0.definition.order, $0.definition.id) < ($1.definition.order, $1.definition.id) }
    }
}
