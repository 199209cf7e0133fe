public import FeatureStore

/// One map as it is being served at one moment; immutable, so that a tile is made from one state of things.
public struct LiveMap: Sendable {
    public var definition: MapDefinition
    /// From bottom to top; layers without data included.
    public var layers: [LiveLayer]
    /// `nil` where the map's style document is missing or broken.
    public var style: LiveStyle?
    /// Changes with every version of any layer the map draws.
    public let dataVersion: UInt64

    public init(definition: MapDefinition, layers: [LiveLayer], style: LiveStyle?) {
        self.definition = definition
        self.layers = layers
        self.style = style
        dataVersion = Self.dataVersion(of: layers)
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

    /// The layers that nothing can be said about yet, by id.
    public var layersInPreparation: [String] {
        layers.filter { $0.state == .preparing }.map(\.definition.id)
    }
}
