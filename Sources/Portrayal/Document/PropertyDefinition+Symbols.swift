/// The properties of symbol layers, as the style specification version 8 defines them.
extension PropertyDefinition {
    static let symbolLayout: [PropertyDefinition] = [
        PropertyDefinition(
            name: "symbol-placement", kind: .enumeration, standard: .string("point"),
            names: ["point", "line", "line-center"], isInterpolable: false),
        PropertyDefinition(name: "symbol-spacing", kind: .number, standard: .number(250), minimum: 1),
        PropertyDefinition(
            name: "symbol-avoid-edges", kind: .boolean, standard: .boolean(false), isInterpolable: false),
        PropertyDefinition(name: "symbol-sort-key", kind: .number, isDataDriven: true, isInterpolable: false),
        PropertyDefinition(
            name: "symbol-z-order", kind: .enumeration, standard: .string("auto"),
            names: ["auto", "viewport-y", "source"], isInterpolable: false),
        PropertyDefinition(
            name: "icon-allow-overlap", kind: .boolean, standard: .boolean(false), isInterpolable: false),
        PropertyDefinition(
            name: "icon-overlap", kind: .enumeration, names: ["never", "always", "cooperative"],
            isInterpolable: false),
        PropertyDefinition(
            name: "icon-ignore-placement", kind: .boolean, standard: .boolean(false), isInterpolable: false),
        PropertyDefinition(name: "icon-optional", kind: .boolean, standard: .boolean(false), isInterpolable: false),
        PropertyDefinition(
            name: "icon-rotation-alignment", kind: .enumeration, standard: .string("auto"),
            names: ["map", "viewport", "auto"], isInterpolable: false),
        PropertyDefinition(name: "icon-size", kind: .number, standard: .number(1), minimum: 0, isDataDriven: true),
        PropertyDefinition(
            name: "icon-text-fit", kind: .enumeration, standard: .string("none"),
            names: ["none", "width", "height", "both"], isInterpolable: false),
        PropertyDefinition(
            name: "icon-text-fit-padding", kind: .numbers,
            standard: .array([.number(0), .number(0), .number(0), .number(0)]), count: 4),
        PropertyDefinition(
            name: "icon-image", kind: .image, isDataDriven: true, hasTokens: true, isInterpolable: false),
        PropertyDefinition(name: "icon-rotate", kind: .number, standard: .number(0), isDataDriven: true),
        PropertyDefinition(
            name: "icon-padding", kind: .padding, standard: .padding([2.0, 2.0, 2.0, 2.0]), isDataDriven: true),
        PropertyDefinition(
            name: "icon-keep-upright", kind: .boolean, standard: .boolean(false), isInterpolable: false),
        PropertyDefinition(
            name: "icon-offset", kind: .numbers, standard: .array([.number(0), .number(0)]), count: 2,
            isDataDriven: true),
        PropertyDefinition(
            name: "icon-anchor", kind: .enumeration, standard: .string("center"),
            names: ["center", "left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"],
            isDataDriven: true, isInterpolable: false),
        PropertyDefinition(
            name: "icon-pitch-alignment", kind: .enumeration, standard: .string("auto"),
            names: ["map", "viewport", "auto"], isInterpolable: false),
        PropertyDefinition(
            name: "text-pitch-alignment", kind: .enumeration, standard: .string("auto"),
            names: ["map", "viewport", "auto"], isInterpolable: false),
        PropertyDefinition(
            name: "text-rotation-alignment", kind: .enumeration, standard: .string("auto"),
            names: ["map", "viewport", "viewport-glyph", "auto"], isInterpolable: false),
        PropertyDefinition(
            name: "text-field", kind: .formatted, isDataDriven: true, hasTokens: true, isInterpolable: false),
        PropertyDefinition(
            name: "text-font", kind: .texts,
            standard: .array([.string("Open Sans Regular"), .string("Arial Unicode MS Regular")]), isDataDriven: true,
            isInterpolable: false),
        PropertyDefinition(name: "text-size", kind: .number, standard: .number(16), minimum: 0, isDataDriven: true),
        PropertyDefinition(
            name: "text-max-width", kind: .number, standard: .number(10), minimum: 0, isDataDriven: true),
        PropertyDefinition(name: "text-line-height", kind: .number, standard: .number(1.2)),
        PropertyDefinition(name: "text-letter-spacing", kind: .number, standard: .number(0), isDataDriven: true),
        PropertyDefinition(
            name: "text-justify", kind: .enumeration, standard: .string("center"),
            names: ["auto", "left", "center", "right"], isDataDriven: true, isInterpolable: false),
        PropertyDefinition(name: "text-radial-offset", kind: .number, standard: .number(0), isDataDriven: true),
        PropertyDefinition(
            name: "text-variable-anchor", kind: .enumerations,
            names: ["center", "left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"],
            isInterpolable: false),
        PropertyDefinition(name: "text-variable-anchor-offset", kind: .anchorOffsets, isDataDriven: true),
        PropertyDefinition(
            name: "text-anchor", kind: .enumeration, standard: .string("center"),
            names: ["center", "left", "right", "top", "bottom", "top-left", "top-right", "bottom-left", "bottom-right"],
            isDataDriven: true, isInterpolable: false),
        PropertyDefinition(name: "text-max-angle", kind: .number, standard: .number(45)),
        PropertyDefinition(
            name: "text-writing-mode", kind: .enumerations, names: ["horizontal", "vertical"], isInterpolable: false),
        PropertyDefinition(name: "text-rotate", kind: .number, standard: .number(0), isDataDriven: true),
        PropertyDefinition(name: "text-padding", kind: .number, standard: .number(2), minimum: 0),
        PropertyDefinition(
            name: "text-keep-upright", kind: .boolean, standard: .boolean(true), isInterpolable: false),
        PropertyDefinition(
            name: "text-transform", kind: .enumeration, standard: .string("none"),
            names: ["none", "uppercase", "lowercase"], isDataDriven: true, isInterpolable: false),
        PropertyDefinition(
            name: "text-offset", kind: .numbers, standard: .array([.number(0), .number(0)]), count: 2,
            isDataDriven: true),
        PropertyDefinition(
            name: "text-allow-overlap", kind: .boolean, standard: .boolean(false), isInterpolable: false),
        PropertyDefinition(
            name: "text-overlap", kind: .enumeration, names: ["never", "always", "cooperative"],
            isInterpolable: false),
        PropertyDefinition(
            name: "text-ignore-placement", kind: .boolean, standard: .boolean(false), isInterpolable: false),
        PropertyDefinition(name: "text-optional", kind: .boolean, standard: .boolean(false), isInterpolable: false),
        PropertyDefinition(
            name: "visibility", kind: .enumeration, standard: .string("visible"), names: ["visible", "none"],
            allowsZoom: false, isInterpolable: false),
    ]
    static let symbolPaint: [PropertyDefinition] = [
        PropertyDefinition(
            name: "icon-opacity", kind: .number, standard: .number(1), minimum: 0, maximum: 1, isDataDriven: true),
        PropertyDefinition(name: "icon-color", kind: .colour, standard: .colour(.black), isDataDriven: true),
        PropertyDefinition(
            name: "icon-halo-color", kind: .colour, standard: .colour(.transparent), isDataDriven: true),
        PropertyDefinition(
            name: "icon-halo-width", kind: .number, standard: .number(0), minimum: 0, isDataDriven: true),
        PropertyDefinition(
            name: "icon-halo-blur", kind: .number, standard: .number(0), minimum: 0, isDataDriven: true),
        PropertyDefinition(
            name: "icon-translate", kind: .numbers, standard: .array([.number(0), .number(0)]), count: 2),
        PropertyDefinition(
            name: "icon-translate-anchor", kind: .enumeration, standard: .string("map"), names: ["map", "viewport"],
            isInterpolable: false),
        PropertyDefinition(
            name: "text-opacity", kind: .number, standard: .number(1), minimum: 0, maximum: 1, isDataDriven: true),
        PropertyDefinition(name: "text-color", kind: .colour, standard: .colour(.black), isDataDriven: true),
        PropertyDefinition(
            name: "text-halo-color", kind: .colour, standard: .colour(.transparent), isDataDriven: true),
        PropertyDefinition(
            name: "text-halo-width", kind: .number, standard: .number(0), minimum: 0, isDataDriven: true),
        PropertyDefinition(
            name: "text-halo-blur", kind: .number, standard: .number(0), minimum: 0, isDataDriven: true),
        PropertyDefinition(
            name: "text-translate", kind: .numbers, standard: .array([.number(0), .number(0)]), count: 2),
        PropertyDefinition(
            name: "text-translate-anchor", kind: .enumeration, standard: .string("map"), names: ["map", "viewport"],
            isInterpolable: false),
    ]
}
