import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Portrayal
import Raster
import Synchronization
import TileProduction
import Typography

/// What a MapLibre client needs beside tiles: style documents, sprites, glyph ranges.
struct StyleRoutes {
    let service: ServiceContext
    private let glyphs = GlyphShelf()

    init(service: ServiceContext) {
        self.service = service
    }

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/styles/{style}/style.json") { request, context in try style(request, context) }
        router.get("/sprites/{file}") { request, context in try sprite(request, context) }
        router.get("/fonts/{stack}/{range}") { request, context in try await glyphRange(request, context) }
    }

    private func live(_ id: String) throws -> LiveStyle {
        for map in service.library.state.maps.values.sorted(by: { $0.definition.id < $1.definition.id }) {
            if let style = map.style, style.id == id { return style }
        }
        throw ProblemError.notFound(
            zh: "没有地图采用样式 \(id)",
            en: "no map is drawn in a style called \(id)")
    }

    private func style(_ request: Request, _ context: ServiceRequestContext) throws -> Response {
        let style = try live(try context.parameters.require("style"))
        let document = style.document.withAddresses(under: request.baseURL(service.settings))
        return .json(Array(document.description.utf8), for: request)
    }

    /// `standard.json`, `standard@2x.png` and so on.
    private func sprite(_ request: Request, _ context: ServiceRequestContext) throws -> Response {
        try sprite(try context.parameters.require("file"), for: request)
    }

    func sprite(_ file: some StringProtocol, for request: Request) throws -> Response {
        let parts = file.split(separator: ".")
        guard parts.count == 2, parts[1] == "json" || parts[1] == "png" else {
            throw ProblemError.notFound(
                zh: "\(file) 不是图标集；请用 {style}.json、{style}.png 或其 @2x、@3x 形式",
                en: "\(file) is no sprite; ask for {style}.json, {style}.png or their @2x and @3x forms")
        }
        let ratio = [2, 3].first { parts[0].hasSuffix("@\($0)x") } ?? 1
        let style = try live(String(ratio > 1 ? parts[0].dropLast(3) : parts[0]))
        let sheet = style.sprites.sheet(ratio: Float(ratio))
        if parts[1] == "json" { return .json(Array(sheet.index.utf8), for: request) }
        let png = PNGEncoder.encode(sheet.picture, options: PNGOptions(level: 6, palette: .truecolour))
        return .tagged(png, type: "image/png", for: request)
    }

    func glyphRange(_ request: Request, _ context: ServiceRequestContext) async throws -> Response {
        let stack = PercentEncoding.decode(try context.parameters.require("stack")) ?? ""
        let file = try context.parameters.require("range")
        let ends = file.dropLast(4).split(separator: "-").compactMap { Int($0) }
        guard file.hasSuffix(".pbf"), ends.count == 2, ends[0] % 256 == 0, ends[1] == ends[0] + 255, ends[1] <= 0x10FFFF else {
            throw ProblemError.notFound(
                zh: "\(file) 不是字形区段；请用 0-255.pbf、256-511.pbf 等",
                en: "\(file) is no glyph range; ask for 0-255.pbf, 256-511.pbf and so on")
        }
        let names = stack.split(separator: ",").map(String.init)
        let fonts = service.installation.fonts
        guard !names.isEmpty, names.allSatisfy({ fonts.font(named: $0) != nil }) else {
            throw ProblemError.notFound(
                zh: "字体组“\(stack)”未安装；字体名见 Styles/fonts.json",
                en: "the font stack \"\(stack)\" is not installed; fonts are named in Styles/fonts.json")
        }
        let bytes = try await glyphs.range(stack: stack, names: names, first: ends[0], fonts: fonts)
        return .tagged(bytes, type: "application/x-protobuf", cacheControl: "public, max-age=86400", for: request)
    }
}

/// Glyph ranges that have been asked for; made once each, away from the event loops.
final class GlyphShelf: Sendable {
    private let ranges = Mutex<[String: [UInt8]]>([:])
    /// A CJK font has some 120 ranges of about 100 KB.
    private static let capacity = 512

    @concurrent
    func range(stack: String, names: [String], first: Int, fonts: FontCatalogue) async throws -> [UInt8] {
        let key = "\(stack) \(first)"
        if let bytes = ranges.withLock({ $0[key] }) { return bytes }
        let open = try FontStack(names: names, catalogue: fonts)
        let bytes = try GlyphRange.pbf(stackName: stack, range: first..<(first + 256), stack: open)
        ranges.withLock {
            if $0.count >= Self.capacity { $0.removeAll() }
            $0[key] = bytes
        }
        return bytes
    }
}

extension JSONValue {
    /// The style document with its relative addresses made absolute, as MapLibre wants them.
    func withAddresses(under base: String) -> JSONValue {
        guard case .object(var members) = self else { return self }
        for name in ["sprite", "glyphs"] {
            if let path = members[name]?.text, path.hasPrefix("/") { members[name] = .string(base + path) }
        }
        if case .object(var sources)? = members["sources"] {
            for (id, source) in sources {
                guard case .object(var source) = source, let path = source["url"]?.text, path.hasPrefix("/") else { continue }
                source["url"] = .string(base + path)
                sources[id] = .object(source)
            }
            members["sources"] = .object(sources)
        }
        return .object(members)
    }
}
