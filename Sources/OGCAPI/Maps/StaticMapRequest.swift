internal import Wording
public import SimpleFeatures

/// A picture for a document or a web page, whose whole description is its address:
/// `/maps/{map}/static/{longitude},{latitude},{level}/{width}x{height}[@{ratio}x].{png|jpg|webp}`.
///
/// In place of a centre stands a box `{west},{south},{east},{north}`, or `auto` for all markers and paths. Levels are those of
/// the tiles, fractions allowed.
public struct StaticMapRequest: Hashable, Sendable {
    public enum Place: Hashable, Sendable {
        case centre(Coordinate, level: Double)
        case box(Envelope)
        case auto
    }

    /// A pin with a letter or two.
    public struct Marker: Hashable, Sendable {
        /// Longitude and latitude.
        public var position: Coordinate
        public var label: String?
        /// CSS; `nil` for the usual one.
        public var colour: String?
    }

    /// A line of longitudes and latitudes, closed and filled where it ends where it began.
    public struct Path: Hashable, Sendable {
        public var positions: [Coordinate]
        public var colour: String?
        public var width: Double
    }

    public var place: Place
    /// Logical pixels.
    public var width: Int
    public var height: Int
    public var ratio: Int
    public var format: WMSPictureFormat
    public var markers: [Marker] = []
    public var paths: [Path] = []
    /// Logical pixels kept free around what `auto` and a box show.
    public var padding = 0
    public var isTransparent = false

    static let sides = 1...2048
    static let paddings = 0...500
    private static let levels = 0.0...22.0
    static let mostMarkers = 200
    private static let mostPositions = 5000
    private static let longestLabel = 20
    private static let widths = 0.5...40.0
    private static let highestLatitude = 85.06

    /// - Parameters:
    ///   - place, size: the last two segments of the path, decoded.
    /// - Throws: for the first part that cannot be honoured.
    public init(place: String, size: String, parameters: QueryParameters) throws(ParameterError) {
        self.place = try Self.place(place)
        (width, height, ratio, format) = try Self.size(size)
        for item in parameters.items {
            switch item.name {
            case "marker": markers.append(try Self.marker(item.value))
            case "path": paths.append(try Self.path(item.value))
            case "padding":
                guard let padding = Int(item.value), Self.paddings.contains(padding), 2 * padding < min(width, height) else {
                    throw ParameterError(
                        .invalid, name: item.name, value: item.value,
                        expected: .init(zh: "0 到 500 且小于图幅一半的像素数", en: "0 to 500 pixels, less than half the picture"))
                }
                self.padding = padding
            case "transparent":
                guard let flag = Bool(item.value) else { throw ParameterError(.invalid, name: item.name, value: item.value, expected: .word("true / false")) }
                isTransparent = flag
            case "tk", "token", "access_token": break
            default:
                throw ParameterError(.unknown, name: item.name, value: item.value, expected: .word("marker, path, padding, transparent"))
            }
        }
        guard markers.count <= Self.mostMarkers, paths.reduce(0, { $0 + $1.positions.count }) <= Self.mostPositions else {
            throw ParameterError(
                .invalid, name: "marker", value: nil,
                expected: .init(zh: "至多 \(Self.mostMarkers) 个标记、\(Self.mostPositions) 个线上点", en: "at most \(Self.mostMarkers) markers and \(Self.mostPositions) positions of paths"))
        }
        if self.place == .auto, markers.isEmpty, paths.isEmpty {
            throw ParameterError(.missing, name: "marker", expected: .init(zh: "auto 所要显示的标记或线", en: "markers or paths that auto can show"))
        }
    }

    /// Everything that markers and paths hold; longitudes and latitudes.
    public var markedEnvelope: Envelope {
        var box = Envelope.empty
        for c in markers.map(\.position) + paths.flatMap(\.positions) {
            box.formUnion(Envelope(minX: c.x, minY: c.y, maxX: c.x, maxY: c.y))
        }
        return box
    }

    private static func place(_ text: String) throws(ParameterError) -> Place {
        if text == "auto" { return .auto }
        let n = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
        if n.count == 3, let c = position(n[0], n[1]), levels.contains(n[2]) { return .centre(c, level: n[2]) }
        if n.count == 4, let low = position(n[0], n[1]), let high = position(n[2], n[3]), low.x < high.x, low.y < high.y {
            return .box(Envelope(minX: low.x, minY: low.y, maxX: high.x, maxY: high.y))
        }
        throw ParameterError(
            .invalid, name: "place", value: text,
            expected: .init(zh: "经度,纬度,级别（0 到 22）、西,南,东,北 或 auto", en: "longitude,latitude,level (0 to 22), or west,south,east,north, or auto"))
    }

    private static func position(_ x: Double, _ y: Double) -> Coordinate? {
        (-180...180).contains(x) && (-highestLatitude...highestLatitude).contains(y) ? Coordinate(x: x, y: y) : nil
    }

    private static func size(_ text: String) throws(ParameterError) -> (Int, Int, Int, WMSPictureFormat) {
        let file = text.split(separator: ".", omittingEmptySubsequences: false)
        let scaled = (file.first ?? "").split(separator: "@", omittingEmptySubsequences: false)
        let sides = (scaled.first ?? "").split(separator: "x", omittingEmptySubsequences: false).compactMap { Int($0) }
        let ratio = scaled.count == 1 ? 1 : scaled.count == 2 && scaled[1].last == "x" ? Int(scaled[1].dropLast()) : nil
        guard file.count == 2, let format = WMSPictureFormat(String(file[1])), sides.count == 2, sides.allSatisfy(Self.sides.contains),
            let ratio, (1...3).contains(ratio), sides.allSatisfy({ $0 * ratio <= 4096 })
        else {
            throw ParameterError(
                .invalid, name: "size", value: text,
                expected: .init(zh: "600x400.png 或 600x400@2x.jpg 之类，每边至多 2048", en: "such as 600x400.png or 600x400@2x.jpg, at most 2048 a side"))
        }
        return (sides[0], sides[1], ratio, format)
    }

    private static func marker(_ text: String) throws(ParameterError) -> Marker {
        let parts = text.split(separator: ",", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
        guard parts.count >= 2, let x = Double(parts[0]), let y = Double(parts[1]), let c = position(x, y),
            parts.count < 3 || parts[2].count <= longestLabel
        else {
            throw ParameterError(
                .invalid, name: "marker", value: text,
                expected: .init(zh: "经度,纬度[,标签[,颜色]]，标签至多 \(longestLabel) 字", en: "longitude,latitude[,label[,colour]], a label of at most \(longestLabel) characters"))
        }
        return Marker(
            position: c, label: parts.count > 2 && !parts[2].isEmpty ? parts[2] : nil, colour: parts.count > 3 && !parts[3].isEmpty ? parts[3] : nil)
    }

    private static func path(_ text: String) throws(ParameterError) -> Path {
        var path = Path(positions: [], colour: nil, width: 3)
        for part in text.split(separator: "|", omittingEmptySubsequences: true) {
            if part.hasPrefix("colour:") || part.hasPrefix("color:") {
                path.colour = part.split(separator: ":").dropFirst().first.map(String.init)
            } else if part.hasPrefix("width:"), let width = Double(part.dropFirst(6)), widths.contains(width) {
                path.width = width
            } else {
                let n = part.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
                guard n.count == 2, let c = position(n[0], n[1]) else { path.positions = []; break }
                path.positions.append(c)
            }
        }
        guard path.positions.count >= 2 else {
            throw ParameterError(
                .invalid, name: "path", value: text,
                expected: .init(zh: "[colour:颜色|][width:像素|]经度,纬度|经度,纬度…", en: "[colour:C|][width:pixels|]longitude,latitude|longitude,latitude…"))
        }
        return path
    }
}
