/// The properties of the layer kinds without symbols, as the style specification version 8 defines them.
extension PropertyDefinition {
    static let backgroundLayout: [PropertyDefinition] = [
        PropertyDefinition(
            name: "visibility", kind: .enumeration, standard: .string("visible"), names: ["visible", "none"],
            allowsZoom: false, isInterpolable: false),
    ]
    static let backgroundPaint: [PropertyDefinition] = [
        PropertyDefinition(name: "background-color", kind: .colour, standard: .colour(.black)),
        PropertyDefinition(name: "background-pattern", kind: .image, isInterpolable: false),
        PropertyDefinition(name: "background-opacity", kind: .number, standard: .number(1), minimum: 0, maximum: 1),
    ]
    static let fillLayout: [PropertyDefinition] = [
        PropertyDefinition(name: "fill-sort-key", kind: .number, isDataDriven: true, isInterpolable: false),
        PropertyDefinition(
            name: "visibility", kind: .enumeration, standard: .string("visible"), names: ["visible", "none"],
            allowsZoom: false, isInterpolable: false),
    ]
    static let fillPaint: [PropertyDefinition] = [
        PropertyDefinition(name: "fill-antialias", kind: .boolean, standard: .boolean(true), isInterpolable: false),
        PropertyDefinition(
            name: "fill-opacity", kind: .number, standard: .number(1), minimum: 0, maximum: 1, isDataDriven: true),
        PropertyDefinition(name: "fill-layer-opacity", kind: .number, standard: .number(1), minimum: 0, maximum: 1),
        PropertyDefinition(name: "fill-color", kind: .colour, standard: .colour(.black), isDataDriven: true),
        PropertyDefinition(name: "fill-outline-color", kind: .colour, isDataDriven: true),
        PropertyDefinition(
            name: "fill-translate", kind: .numbers, standard: .array([.number(0), .number(0)]), count: 2),
        PropertyDefinition(
            name: "fill-translate-anchor", kind: .enumeration, standard: .string("map"), names: ["map", "viewport"],
            isInterpolable: false),
        PropertyDefinition(name: "fill-pattern", kind: .image, isDataDriven: true, isInterpolable: false),
    ]
    static let lineLayout: [PropertyDefinition] = [
        PropertyDefinition(
            name: "line-cap", kind: .enumeration, standard: .string("butt"), names: ["butt", "round", "square"],
            isDataDriven: true, isInterpolable: false),
        PropertyDefinition(
            name: "line-join", kind: .enumeration, standard: .string("miter"), names: ["bevel", "round", "miter"],
            isDataDriven: true, isInterpolable: false),
        PropertyDefinition(name: "line-miter-limit", kind: .number, standard: .number(2), isDataDriven: true),
        PropertyDefinition(name: "line-round-limit", kind: .number, standard: .number(1.05), isDataDriven: true),
        PropertyDefinition(name: "line-sort-key", kind: .number, isDataDriven: true, isInterpolable: false),
        PropertyDefinition(
            name: "visibility", kind: .enumeration, standard: .string("visible"), names: ["visible", "none"],
            allowsZoom: false, isInterpolable: false),
    ]
    static let linePaint: [PropertyDefinition] = [
        PropertyDefinition(
            name: "line-opacity", kind: .number, standard: .number(1), minimum: 0, maximum: 1, isDataDriven: true),
        PropertyDefinition(name: "line-layer-opacity", kind: .number, standard: .number(1), minimum: 0, maximum: 1),
        PropertyDefinition(name: "line-color", kind: .colour, standard: .colour(.black), isDataDriven: true),
        PropertyDefinition(
            name: "line-translate", kind: .numbers, standard: .array([.number(0), .number(0)]), count: 2),
        PropertyDefinition(
            name: "line-translate-anchor", kind: .enumeration, standard: .string("map"), names: ["map", "viewport"],
            isInterpolable: false),
        PropertyDefinition(name: "line-width", kind: .number, standard: .number(1), minimum: 0, isDataDriven: true),
        PropertyDefinition(
            name: "line-gap-width", kind: .number, standard: .number(0), minimum: 0, isDataDriven: true),
        PropertyDefinition(name: "line-offset", kind: .number, standard: .number(0), isDataDriven: true),
        PropertyDefinition(name: "line-blur", kind: .number, standard: .number(0), minimum: 0, isDataDriven: true),
        PropertyDefinition(
            name: "line-dasharray", kind: .numbers, minimum: 0, isDataDriven: true, isInterpolable: false),
        PropertyDefinition(name: "line-pattern", kind: .image, isDataDriven: true, isInterpolable: false),
        PropertyDefinition(name: "line-gradient", kind: .colour, allowsZoom: false),
    ]
    static let circleLayout: [PropertyDefinition] = [
        PropertyDefinition(name: "circle-sort-key", kind: .number, isDataDriven: true, isInterpolable: false),
        PropertyDefinition(
            name: "visibility", kind: .enumeration, standard: .string("visible"), names: ["visible", "none"],
            allowsZoom: false, isInterpolable: false),
    ]
    static let circlePaint: [PropertyDefinition] = [
        PropertyDefinition(
            name: "circle-radius", kind: .number, standard: .number(5), minimum: 0, isDataDriven: true),
        PropertyDefinition(name: "circle-color", kind: .colour, standard: .colour(.black), isDataDriven: true),
        PropertyDefinition(name: "circle-blur", kind: .number, standard: .number(0), isDataDriven: true),
        PropertyDefinition(
            name: "circle-opacity", kind: .number, standard: .number(1), minimum: 0, maximum: 1, isDataDriven: true),
        PropertyDefinition(
            name: "circle-translate", kind: .numbers, standard: .array([.number(0), .number(0)]), count: 2),
        PropertyDefinition(
            name: "circle-translate-anchor", kind: .enumeration, standard: .string("map"), names: ["map", "viewport"],
            isInterpolable: false),
        PropertyDefinition(
            name: "circle-pitch-scale", kind: .enumeration, standard: .string("map"), names: ["map", "viewport"],
            isInterpolable: false),
        PropertyDefinition(
            name: "circle-pitch-alignment", kind: .enumeration, standard: .string("viewport"),
            names: ["map", "viewport"], isInterpolable: false),
        PropertyDefinition(
            name: "circle-stroke-width", kind: .number, standard: .number(0), minimum: 0, isDataDriven: true),
        PropertyDefinition(name: "circle-stroke-color", kind: .colour, standard: .colour(.black), isDataDriven: true),
        PropertyDefinition(
            name: "circle-stroke-opacity", kind: .number, standard: .number(1), minimum: 0, maximum: 1,
            isDataDriven: true),
    ]
}
