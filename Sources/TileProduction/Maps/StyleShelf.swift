import FoundationEssentials
import Portrayal
import Raster
import Synchronization
public import Typography
import Wording

/// The style documents of an installation: `<id>/style.json` with icons beside it in `<id>/icons/*.json`.
///
/// A later directory replaces styles of the same id. A document that changes on disk is taken over when it is valid;
/// a broken new version leaves the last good one in use and says why.
public final class StyleShelf: Sendable {
    private struct Entry {
        var document: JSONValue
        var sprites: SpriteBuilder
        var stamp: String
        var failure: PortrayalError?
        /// Whether `document` is one that compiled, be it an earlier one than that on disk.
        var isUsable: Bool
    }

    private let directories: [String]
    public let fonts: FontCatalogue
    private let entries = Mutex<[String: Entry]>([:])

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
        for (id, directory) in styleDirectories() {
            let stamp = Self.stamp(of: directory)
            let known = entries.withLock { $0[id] }
            guard known?.stamp != stamp else { continue }
            changed = true
            var entry = Self.read(directory, stamp: stamp)
            if entry.failure != nil, let known, known.isUsable {
                entry.document = known.document
                entry.sprites = known.sprites
                entry.isUsable = true
            }
            entries.withLock { $0[id] = entry }
        }
        return changed
    }

    /// Identifiers of the styles on the shelf.
    public var identifiers: [String] { entries.withLock { $0.keys.sorted() } }

    /// The style, with default symbols for overlays appended.
    func style(_ id: String, overlays: [LiveLayer]) -> Result<LiveStyle, ProductionError> {
        guard let entry = entries.withLock({ $0[id] }) else {
            return .failure(
                ProductionError(
                    code: .portrayal,
                    message: .init(
                        zh: "\(directories.joined(separator: " 或 ")) 中没有样式“\(id)”；请添加 \(id)/style.json",
                        en: "there is no style \"\(id)\" in \(directories.joined(separator: " or ")); add \(id)/style.json")))
        }
        do {
            let document = OverlayStyle.append(overlays, to: entry.document)
            let style = try Style(document)
            try requireFonts(of: style)
            let sheets = [1, 2].map { SpriteSheet(icons: entry.sprites.icons(ratio: Float($0))) }
            let renderer = StyleRenderer(style: style, sprites: sheets, fonts: fonts)
            let version = Self.hash(document.description + entry.stamp)
            return .success(
                LiveStyle(id: id, version: version, renderer: renderer, document: document, sprites: entry.sprites))
        } catch {
            let reason = entry.failure ?? error
            return .failure(
                ProductionError(
                    code: .portrayal, message: .init(zh: "样式“\(id)”无法使用", en: "style \"\(id)\": \(reason)"), cause: reason))
        }
    }

    /// Why the document on disk is not the one in use; `nil` where it is.
    func failure(of id: String) -> String? {
        entries.withLock { $0[id]?.failure }.map { "style \"\(id)\": \($0)" }
    }

    /// A font that the style names and the catalogue lacks is better known before the first tile.
    private func requireFonts(of style: Style) throws(PortrayalError) {
        for stack in style.fontStacks.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            do {
                _ = try fonts.fonts(named: stack)
            } catch {
                throw PortrayalError(.missingFont, error.message)
            }
        }
    }

    private func styleDirectories() -> [(id: String, path: String)] {
        var found: [String: String] = [:]
        for directory in directories {
            guard let names = try? FileManager.default.contentsOfDirectory(atPath: directory) else { continue }  // absent is empty
            for name in names where FileManager.default.fileExists(atPath: "\(directory)/\(name)/style.json") {
                found[name] = "\(directory)/\(name)"
            }
        }
        return found.sorted { $0.key < $1.key }.map { (id: $0.key, path: $0.value) }
    }

    private static func files(of directory: String) -> [String] {
        let icons = (try? FileManager.default.contentsOfDirectory(atPath: directory + "/icons")) ?? []  // none is fine
        return [directory + "/style.json"]
            + icons.filter { $0.hasSuffix(".json") || $0.hasSuffix(".png") }.sorted().map { "\(directory)/icons/\($0)" }
    }

    /// Sizes and times of modification of everything the style is made of.
    private static func stamp(of directory: String) -> String {
        files(of: directory).map { file in
            let attributes = try? FileManager.default.attributesOfItem(atPath: file)  // a vanished file changes the stamp
            let time = (attributes?[.modificationDate] as? Date)?.timeIntervalSinceReferenceDate ?? 0
            return "\(file) \(attributes?[.size] ?? 0) \(time)"
        }.joined(separator: "\n")
    }

    private static func read(_ directory: String, stamp: String) -> Entry {
        var entry = Entry(document: .object([:]), sprites: SpriteBuilder(), stamp: stamp, failure: nil, isUsable: false)
        do {
            for file in files(of: directory) {
                guard let data = FileManager.default.contents(atPath: file) else {
                    throw PortrayalError(.invalidJSON, "\(file) cannot be read; check its permissions")
                }
                if file.hasSuffix("/style.json") {
                    entry.document = try JSONValue(json: [UInt8](data))
                } else {
                    try add(icon: [UInt8](data), file: file, to: &entry.sprites)
                }
            }
            _ = try Style(entry.document)
            entry.isUsable = true
        } catch let error as PortrayalError {
            entry.failure = error
        } catch {
            entry.failure = PortrayalError(.invalidJSON, "\(directory): \(error)")
        }
        return entry
    }

    /// `name.json` describes shapes; `name.png` is a picture at one pixel a logical pixel, `name@2x.png` at two.
    private static func add(icon data: [UInt8], file: String, to sprites: inout SpriteBuilder) throws {
        let name = String(file.split(separator: "/").last ?? "")
        if name.hasSuffix(".json") {
            sprites.add(try IconDescription(name: String(name.dropLast(5)), json: data))
            return
        }
        let isDouble = name.hasSuffix("@2x.png")
        do {
            let picture = try PNGDecoder.decode(data)
            sprites.add(
                SpriteIcon(name: String(name.dropLast(isDouble ? 7 : 4)), image: picture, ratio: isDouble ? 2 : 1))
        } catch {
            throw PortrayalError(.invalidSprite, "\(file): \(error); save it as PNG again")
        }
    }

    private static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
