import Portrayal
import Synchronization
public import Typography
import Wording

/// The style documents of an installation, and the variants that derive from them (`StyleFolder` says where they lie).
///
/// A later directory replaces styles of the same id. A document that changes on disk is taken over when it is valid;
/// a broken new version leaves the last good one in use and says why. A variant of style `standard` in the file
/// `night.json` is the style `standard-night`.
public final class StyleShelf: Sendable {
    /// What a style is made from.
    private struct Material {
        var document: JSONValue
        var variant: StyleVariant?
        var sprites: SpriteBuilder
        var sheets: [SpriteSheet]
    }

    private struct Entry {
        /// The last that compiled, be it of an earlier version than that on disk; `nil` where none ever did.
        var material: Material?
        var stamp: String
        var failure: PortrayalError?
    }

    private struct Shelf {
        var entries: [String: Entry] = [:]
        /// By id of the source.
        var stamps: [String: String] = [:]
        /// What each style was made last, by id: most changes are of data and leave styles alone.
        var made: [String: Made] = [:]
    }

    private struct Made {
        /// With the symbols of overlays, before its variant is applied.
        var document: JSONValue
        var stamp: String
        var style: LiveStyle
    }

    private let directories: [String]
    public let fonts: FontCatalogue
    private let shelf = Mutex(Shelf())

    public init(directories: [String], fonts: FontCatalogue) {
        self.directories = directories
        self.fonts = fonts
        reload()
    }

    /// Reads what changed on disk.
    ///
    /// - Returns: whether anything did.
    @discardableResult
    public func reload() -> Bool {
        var changed = false
        for source in StyleFolder.all(in: directories) {
            let stamp = source.stamp
            guard shelf.withLock({ $0.stamps[source.id] }) != stamp else { continue }
            changed = true
            take(Self.read(source, fonts), of: source, stamp: stamp)
        }
        return changed
    }

    /// Identifiers of the styles on the shelf.
    public var identifiers: [String] { shelf.withLock { $0.entries.keys.sorted() } }

    /// The style, with default symbols for overlays appended.
    func style(_ id: String, overlays: [LiveLayer]) -> Result<LiveStyle, ProductionError> {
        guard let entry = shelf.withLock({ $0.entries[id] }) else {
            return .failure(
                ProductionError(
                    code: .portrayal,
                    message: .init(
                        zh: "\(directories.joined(separator: " 或 ")) 中没有样式“\(id)”；请添加 \(id)/style.json",
                        en: "there is no style \"\(id)\" in \(directories.joined(separator: " or ")); add \(id)/style.json")))
        }
        do {
            guard let material = entry.material else {
                throw entry.failure
                    ?? PortrayalError(.invalidStyle, "样式从未有效 / the style has never been valid")
            }
            return .success(try live(id, material, stamp: entry.stamp, overlays: overlays))
        } catch {
            return .failure(
                ProductionError(
                    code: .portrayal, message: .init(zh: "样式“\(id)”无法使用", en: "style \"\(id)\": \(error)"), cause: error))
        }
    }

    /// Why the document on disk is not the one in use; `nil` where it is.
    func failure(of id: String) -> String? {
        shelf.withLock { $0.entries[id]?.failure }.map {
            "样式“\(id)”的新版本未启用，仍用上一个有效版本 / the new version of style \"\(id)\" is not in use, the last valid one still is\n\($0)"
        }
    }

    private func live(
        _ id: String, _ material: Material, stamp: String, overlays: [LiveLayer]
    ) throws(PortrayalError) -> LiveStyle {
        let whole = OverlayStyle.append(overlays, to: material.document)
        if let made = shelf.withLock({ $0.made[id] }), made.stamp == stamp, made.document == whole { return made.style }
        var document = whole
        if let variant = material.variant { document = try variant.applied(to: document) }
        let style = try Style(document)
        let renderer = StyleRenderer(style: style, sprites: material.sheets, fonts: fonts)
        let live = LiveStyle(
            id: id, version: Self.hash(document.description + stamp), renderer: renderer, document: document,
            sprites: material.sprites)
        shelf.withLock { $0.made[id] = Made(document: whole, stamp: stamp, style: live) }
        return live
    }

    /// Puts what was read on the shelf; what broke keeps the material it had, what is gone goes.
    private func take(_ read: [String: Result<Material, PortrayalError>], of source: StyleFolder, stamp: String) {
        shelf.withLock { shelf in
            let gone = shelf.entries.keys.filter { id in
                shelf.entries[id]?.material?.variant?.source == source.id && read[id] == nil
            }
            for id in gone { shelf.entries[id] = nil }
            for (id, result) in read {
                switch result {
                case .success(let material): shelf.entries[id] = Entry(material: material, stamp: stamp)
                case .failure(let error):
                    shelf.entries[id] = Entry(material: shelf.entries[id]?.material, stamp: stamp, failure: error)
                }
            }
            shelf.stamps[source.id] = stamp
        }
    }

    private static func read(_ source: StyleFolder, _ fonts: FontCatalogue) -> [String: Result<Material, PortrayalError>] {
        let own = Result { () throws(PortrayalError) -> Material in
            let (document, sprites) = try source.read()
            let made = material(document, sprites, variant: nil)
            try check(try Style(document), made, fonts)
            return made
        }
        var read = [source.id: own]
        for (name, file) in source.variants {
            read["\(source.id)-\(name)"] = Result { () throws(PortrayalError) -> Material in
                let base = try own.get()
                let variant = try source.variant(name, file: file)
                // An overlay may join at any time: its colours must be known before it does.
                let style = try Style(try variant.applied(to: OverlayStyle.withSamples(base.document)))
                let made = material(base.document, try base.sprites.recoloured(by: variant), variant: variant)
                try check(style, made, fonts)
                return made
            }
        }
        return read
    }

    /// A font or an image that is not there is better known before the first tile.
    private static func check(_ style: Style, _ material: Material, _ fonts: FontCatalogue) throws(PortrayalError) {
        let images = Set(material.sheets.flatMap(\.icons.keys))
        let missing = style.missingAssets(images: images, fonts: fonts)
        guard missing.isEmpty else {
            throw PortrayalError(
                .invalidStyle,
                "样式所用的 \(missing.count) 个字体或图片不存在 / \(missing.count) font(s) or image(s) of the style are not there", issues: missing)
        }
    }

    private static func material(_ document: JSONValue, _ sprites: SpriteBuilder, variant: StyleVariant?) -> Material {
        Material(
            document: document, variant: variant, sprites: sprites,
            sheets: [1, 2].map { SpriteSheet(icons: sprites.icons(ratio: Float($0))) })
    }

    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
