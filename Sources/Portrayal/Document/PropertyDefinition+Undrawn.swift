/// The properties of layer kinds that are checked and not drawn, or drawn flat.
extension PropertyDefinition {
    static let fillExtrusionLayout: [PropertyDefinition] = [
        PropertyDefinition(
            name: "visibility", kind: .enumeration, standard: .string("visible"), names: ["visible", "none"],
            allowsZoom: false, isInterpolable: false),
        PropertyDefinition(
            name: "fill-extrusion-rounded-corner-distance", kind: .number, standard: .number(0), minimum: 0,
            allowsZoom: false, isInterpolable: false),
    ]
    static let fillExtrusionPaint: [PropertyDefinition] = [
        PropertyDefinition(
            name: "fill-extrusion-opacity", kind: .number, standard: .number(1), minimum: 0, maximum: 1),
        PropertyDefinition(
            name: "fill-extrusion-color", kind: .colour, standard: .colour(.black), isDataDriven: true),
        PropertyDefinition(
            name: "fill-extrusion-translate", kind: .numbers, standard: .array([.number(0), .number(0)]), count: 2),
        PropertyDefinition(
            name: "fill-extrusion-translate-anchor", kind: .enumeration, standard: .string("map"),
            names: ["map", "viewport"], isInterpolable: false),
        PropertyDefinition(name: "fill-extrusion-pattern", kind: .image, isDataDriven: true, isInterpolable: false),
        PropertyDefinition(
            name: "fill-extrusion-height", kind: .number, standard: .number(0), minimum: 0, isDataDriven: true),
        PropertyDefinition(
            name: "fill-extrusion-base", kind: .number, standard: .number(0), minimum: 0, isDataDriven: true),
        PropertyDefinition(
            name: "fill-extrusion-vertical-gradient", kind: .boolean, standard: .boolean(true),
            isInterpolable: false),
    ]
    static let rasterLayout: [PropertyDefinition] = [
        PropertyDefinition(
            name: "visibility", kind: .enumeration, standard: .string("visible"), names: ["visible", "none"],
            allowsZoom: false, isInterpolable: false),
    ]
    static let rasterPaint: [PropertyDefinition] = [
        PropertyDefinition(name: "raster-opacity", kind: .number, standard: .number(1), minimum: 0, maximum: 1),
        PropertyDefinition(name: "raster-hue-rotate", kind: .number, standard: .number(0)),
        PropertyDefinition(
            name: "raster-brightness-min", kind: .number, standard: .number(0), minimum: 0, maximum: 1),
        PropertyDefinition(
            name: "raster-brightness-max", kind: .number, standard: .number(1), minimum: 0, maximum: 1),
        PropertyDefinition(name: "raster-saturation", kind: .number, standard: .number(0), minimum: -1, maximum: 1),
        PropertyDefinition(name: "raster-contrast", kind: .number, standard: .number(0), minimum: -1, maximum: 1),
        PropertyDefinition(
            name: "resampling", kind: .enumeration, standard: .string("linear"), names: ["linear", "nearest"],
            isInterpolable: false),
        PropertyDefinition(
            name: "raster-resampling", kind: .enumeration, standard: .string("linear"), names: ["linear", "nearest"],
            isInterpolable: false),
        PropertyDefinition(name: "raster-fade-duration", kind: .number, standard: .number(300), minimum: 0),
    ]
    static let heatmapLayout: [PropertyDefinition] = [
        PropertyDefinition(
            name: "visibility", kind: .enumeration, standard: .string("visible"), names: ["visible", "none"],
            allowsZoom: false, isInterpolable: false),
    ]
    static let heatmapPaint: [PropertyDefinition] = [
        PropertyDefinition(
            name: "heatmap-radius", kind: .number, standard: .number(30), minimum: 1, isDataDriven: true),
        PropertyDefinition(
            name: "heatmap-weight", kind: .number, standard: .number(1), minimum: 0, isDataDriven: true),
        PropertyDefinition(name: "heatmap-intensity", kind: .number, standard: .number(1), minimum: 0),
        PropertyDefinition(
            name: "heatmap-color", kind: .colour, standard: .colour(.transparent),
            allowsZoom: false),
        PropertyDefinition(name: "heatmap-opacity", kind: .number, standard: .number(1), minimum: 0, maximum: 1),
    ]
    static let hillshadeLayout: [PropertyDefinition] = [
        PropertyDefinition(
            name: "visibility", kind: .enumeration, standard: .string("visible"), names: ["visible", "none"],
            allowsZoom: false, isInterpolable: false),
    ]
    static let hillshadePaint: [PropertyDefinition] = [
        PropertyDefinition(name: "hillshade-illumination-direction", kind: .numberArray, minimum: 0, maximum: 359),
        PropertyDefinition(name: "hillshade-illumination-altitude", kind: .numberArray, minimum: 0, maximum: 90),
        PropertyDefinition(
            name: "hillshade-illumination-anchor", kind: .enumeration, standard: .string("viewport"),
            names: ["map", "viewport"], isInterpolable: false),
        PropertyDefinition(
            name: "hillshade-exaggeration", kind: .number, standard: .number(0.5), minimum: 0, maximum: 1),
        PropertyDefinition(name: "hillshade-shadow-color", kind: .colourArray),
        PropertyDefinition(name: "hillshade-highlight-color", kind: .colourArray),
        PropertyDefinition(name: "hillshade-accent-color", kind: .colour, standard: .colour(.black)),
        PropertyDefinition(
            name: "hillshade-method", kind: .enumeration, standard: .string("standard"),
            names: ["standard", "basic", "combined", "igor", "multidirectional"], isInterpolable: false),
        PropertyDefinition(
            name: "resampling", kind: .enumeration, standard: .string("linear"), names: ["linear", "nearest"],
            isInterpolable: false),
    ]
    static let colorReliefLayout: [PropertyDefinition] = [
        PropertyDefinition(
            name: "visibility", kind: .enumeration, standard: .string("visible"), names: ["visible", "none"],
            allowsZoom: false, isInterpolable: false),
    ]
    static let colorReliefPaint: [PropertyDefinition] = [
        PropertyDefinition(name: "color-relief-opacity", kind: .number, standard: .number(1), minimum: 0, maximum: 1),
        PropertyDefinition(name: "color-relief-color", kind: .colour, allowsZoom: false),
        PropertyDefinition(
            name: "resampling", kind: .enumeration, standard: .string("linear"), names: ["linear", "nearest"],
            isInterpolable: false),
    ]
}

extension JSONValue {
    /// What `heatmap-color` is where a style does not say: an expression, as every value of it has to be.
    static let densityRamp: JSONValue = .array(
        [.string("interpolate"), .array([.string("linear")]), .array([.string("heatmap-density")])]
            + [
                (0, "rgba(0, 0, 255, 0)"), (0.1, "royalblue"), (0.3, "cyan"), (0.5, "lime"), (0.7, "yellow"), (1, "red"),
            ].flatMap { [.number($0.0), .string($0.1)] })
}
