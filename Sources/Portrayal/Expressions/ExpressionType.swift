/// The static type of an expression in the style language.
public indirect enum ExpressionType: Hashable, Sendable, CustomStringConvertible {
    case null, number, string, boolean, colour, object, value, formatted, image, collator
    case padding, numberArray, colourArray, anchorOffsets, projection, error
    /// `count` is `nil` where any length will do.
    case array(ExpressionType, count: Int?)

    public var description: String {
        switch self {
        case .null: "null"
        case .number: "number"
        case .string: "string"
        case .boolean: "boolean"
        case .colour: "color"
        case .object: "object"
        case .value: "value"
        case .formatted: "formatted"
        case .image: "resolvedImage"
        case .collator: "collator"
        case .padding: "padding"
        case .numberArray: "numberArray"
        case .colourArray: "colorArray"
        case .anchorOffsets: "variableAnchorOffsetCollection"
        case .projection: "projectionDefinition"
        case .error: "error"
        case .array(let item, let count):
            if let count {
                "array<\(item), \(count)>"
            } else {
                item == .value ? "array" : "array<\(item)>"
            }
        }
    }

    var isArray: Bool { if case .array = self { true } else { false } }

    private static let members: [ExpressionType] = [
        .null, .number, .string, .boolean, .colour, .projection, .formatted, .object, .array(.value, count: nil),
        .padding, .numberArray, .colourArray, .image, .anchorOffsets,
    ]

    /// Whether a value of type `other` may stand where this type is wanted.
    func accepts(_ other: ExpressionType) -> Bool {
        if other == .error { return true }
        switch (self, other) {
        case (.array(let item, let count), .array(let otherItem, let otherCount)):
            return ((otherCount == 0 && otherItem == .value) || item.accepts(otherItem))
                && (count == nil || count == otherCount)
        case (.value, _): return other == .value || Self.members.contains { $0.accepts(other) }
        default: return self == other
        }
    }
}
