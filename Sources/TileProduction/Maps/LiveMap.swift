public import FeatureStore
public import TileCache

/// One map as it is being served at one moment; immutable, so that a tile is made from one state of things.
public struct LiveMap: Sendable {
    public var definition: MapDefinition
    /// From bottom to top; layers without data included.
    public var layers: [LiveLayer]
    /// `nil` where the map's style document is missing or broken.
    public var style: LiveStyle?
    /// Changes with everything that any layer gives to the map's tiles, and comes back where that comes back.
    public let dataVersion: UInt64
    /// For every tile the version that changed it last.
    public internal(set) var tileVersions: TileVersions

    public init(definition: MapDefinition, layers: [LiveLayer], style: LiveStyle?) {
        self.definition = definition
        self.layers = layers
        self.style = style
        dataVersion = Self.dataVersion(of: layers)
        tileVersions = TileVersions(dataVersion)
    }

    /// One number for the versions of all these layers, in their order.
    static func dataVersion(of layers: [LiveLayer]) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for layer in layers {
            for byte in layer.definition.id.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
            hash = (hash ^ layer.dataVersion) &* 0x100_0000_01B3
            hash ^= hash >> 29
        }
        return hash
    }

    /// Whether the map's definition lets tiles be encoded so.
    public func offers(_ format: TileFormat) -> Bool {
        switch format {
        case .mvt, .png: true
        case .jpeg: definition.formats.contains(.jpeg)
        case .webp: definition.formats.contains(.webp)
        case .mixed: definition.formats.contains(.jpeg)
        }
    }

    /// Media types, the vector one last.
    public var offeredFormats: [String] {
        let all: [TileFormat] = [.png(ratio: 1), .jpeg(ratio: 1), .webp(ratio: 1), .mvt]
        return all.filter(offers).map(\.mediaType)
    }

    /// The format of a client that leaves the choice to the map.
    public var preferredFormat: TileFormat { offers(.mixed(ratio: 1)) ? .mixed(ratio: 1) : .png(ratio: 1) }

    /// Whether images are all that the map shows.
    public var isImagery: Bool { !layers.isEmpty && layers.allSatisfy(\.definition.isImagery) }

    /// The layers that nothing can be said about yet, by id.
    public var layersInPreparation: [String] {
        layers.filter { $0.state == .preparing }.map(\.definition.id)
    }
}
