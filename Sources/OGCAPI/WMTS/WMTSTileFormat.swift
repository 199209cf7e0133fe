/// The tile formats that requests name.
public enum WMTSTileFormat: Hashable, Sendable {
    case png
    case jpeg
    case webp
    case vectorTile
    /// Tianditu's literal `tiles`: whatever the layer draws as, PNG for maps and JPEG for imagery.
    case tiles

    /// - Parameter text: the value of FORMAT, or a file extension; parameters after a semicolon are ignored.
    public init?(_ text: String) {
        switch text.split(separator: ";").first.map({ $0.lowercased().filter { $0 != " " } }) {
        case "png", "image/png": self = .png
        case "jpeg", "jpg", "image/jpeg": self = .jpeg
        case "webp", "image/webp": self = .webp
        case "mvt", "pbf", "application/vnd.mapbox-vector-tile", "application/x-protobuf": self = .vectorTile
        case "tiles": self = .tiles
        default: return nil
        }
    }

    /// The literal of capabilities and requests.
    public var formatParameter: String {
        switch self {
        case .png: "image/png"
        case .jpeg: "image/jpeg"
        case .webp: "image/webp"
        case .vectorTile: "application/vnd.mapbox-vector-tile"
        case .tiles: "tiles"
        }
    }

    public var fileExtension: String {
        switch self {
        case .png, .tiles: "png"
        case .jpeg: "jpg"
        case .webp: "webp"
        case .vectorTile: "mvt"
        }
    }
}
