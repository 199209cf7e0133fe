/// The members of a document's `light` and `sky`, which may follow the zoom.
extension PropertyDefinition {
    static let light: [PropertyDefinition] = [
        PropertyDefinition(
            name: "anchor", kind: .enumeration, standard: .string("viewport"), names: ["map", "viewport"], isInterpolable: false),
        PropertyDefinition(
            name: "position", kind: .numbers, standard: .array([.number(1.15), .number(210), .number(30)]), count: 3),
        PropertyDefinition(name: "color", kind: .colour, standard: .colour(.white)),
        PropertyDefinition(name: "intensity", kind: .number, standard: .number(0.5), minimum: 0, maximum: 1),
    ]
    static let sky: [PropertyDefinition] =
        ["sky-color", "horizon-color", "fog-color"].map { PropertyDefinition(name: $0, kind: .colour) }
        + ["fog-ground-blend", "horizon-fog-blend", "sky-horizon-blend", "atmosphere-blend"].map {
            PropertyDefinition(name: $0, kind: .number, minimum: 0, maximum: 1)
        }
    static let projection: [PropertyDefinition] = [
        PropertyDefinition(name: "type", kind: .projection, standard: .projection(from: "mercator", to: "mercator", transition: 1))
    ]

    /// Whether a client may let the property change in time: a paint property with values that can be mixed or faded.
    var isTransitionable: Bool {
        switch kind {
        case .enumeration, .boolean: false
        default:
            ![
                "line-gradient", "heatmap-weight", "heatmap-color", "raster-fade-duration", "hillshade-illumination-direction",
                "hillshade-illumination-altitude", "color-relief-color",
            ].contains(name)
        }
    }
}
