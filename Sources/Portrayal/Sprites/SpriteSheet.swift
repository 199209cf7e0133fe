import Raster

/// A sprite sheet in MapLibre's form: one picture and an index of the icons in it.
public struct SpriteSheet: Sendable {
    /// By name.
    public let icons: [String: SpriteIcon]

    /// Reads a sheet.
    ///
    /// - Parameters:
    ///   - id: the sheet's identifier in the style; icons of a sheet other than `default` are named `id:name`.
    ///   - index: the JSON index, UTF-8.
    ///   - png: the picture.
    /// - Throws: `invalidJSON`, or `invalidSprite` naming the icon and what is wrong with it.
    public init(id: String = "default", index: [UInt8], png: [UInt8]) throws(PortrayalError) {
        let picture: Pixmap
        do {
            picture = try PNGDecoder.decode(png)
        } catch {
            throw PortrayalError(.invalidSprite, "the picture of the sprite sheet \"\(id)\" cannot be read: \(error)")
        }
        guard case .object(let members) = try JSONReader.value(of: index) else {
            throw PortrayalError(.invalidSprite, "the index of the sprite sheet \"\(id)\" is not an object")
        }
        var icons: [String: SpriteIcon] = [:]
        for (name, entry) in members {
            let full = id == "default" ? name : "\(id):\(name)"
            icons[full] = try Self.icon(full, entry, picture)
        }
        self.icons = icons
    }

    public init(icons: [SpriteIcon]) {
        self.icons = Dictionary(icons.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    private static func icon(
        _ name: String, _ entry: JSONValue, _ picture: Pixmap
    ) throws(PortrayalError) -> SpriteIcon {
        func whole(_ member: String) throws(PortrayalError) -> Int {
            guard let n = entry.object?[member]?.number, n >= 0, n == n.rounded(), n < 1e6 else {
                throw PortrayalError(.invalidSprite, "icon \"\(name)\": \(member) is not a whole number of pixels")
            }
            return Int(n)
        }
        let (x, y, width, height) = (try whole("x"), try whole("y"), try whole("width"), try whole("height"))
        guard width > 0, height > 0, x + width <= picture.width, y + height <= picture.height else {
            throw PortrayalError(
                .invalidSprite,
                "icon \"\(name)\": \(width) x \(height) at \(x), \(y) does not lie in the picture of "
                    + "\(picture.width) x \(picture.height)")
        }
        func spans(_ member: String) -> [[Float]] {
            (entry.object?[member]?.array ?? []).compactMap { span in
                let v = (span.array ?? []).compactMap(\.number).map { Float($0) }
                return v.count == 2 && v[0] < v[1] ? v : nil
            }
        }
        let content = (entry.object?["content"]?.array ?? []).compactMap(\.number).map { Float($0) }
        return SpriteIcon(
            name: name, image: picture.cropped(x: x, y: y, width: width, height: height),
            ratio: Float(entry.object?["pixelRatio"]?.number ?? 1), content: content.count == 4 ? content : nil,
            stretchAcross: spans("stretchX"), stretchDown: spans("stretchY"),
            isDistances: entry.object?["sdf"]?.boolean ?? false)
    }
}
