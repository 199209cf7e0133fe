import TileCache
import TileProduction

/// Which format a picture is sent in where its address does not say (RFC 9110 section 12.5.1).
struct PictureNegotiation {
    /// `nil` for a map that is not there, which the tile service says in its own words.
    private let map: LiveMap?

    init(_ map: LiveMap?) { self.map = map }

    /// - Parameters:
    ///   - parameter: the value of `format`, which outdoes `accept`.
    ///   - accept: the header; everything is taken where it is missing.
    /// - Throws: a problem document of status 406.
    func format(parameter: String?, accept: String?) throws(ProblemError) -> TileFormat {
        if let parameter { return try named(parameter) }
        guard let map, let accept else { return map?.preferredFormat ?? .png(ratio: 1) }
        let wishes = Self.wishes(accept)
        func takes(_ format: TileFormat) -> Double {
            let own = wishes[format.mediaType]
            return own ?? wishes["image/*"] ?? wishes["*/*"] ?? 0
        }
        // Mixed answers with either of two types, so the client has to take both.
        let candidates: [(format: TileFormat, quality: Double)] = [
            (.mixed(ratio: 1), min(takes(.jpeg(ratio: 1)), takes(.png(ratio: 1)))), (.png(ratio: 1), takes(.png(ratio: 1))),
            (.webp(ratio: 1), takes(.webp(ratio: 1))), (.jpeg(ratio: 1), takes(.jpeg(ratio: 1))),
        ].filter { map.offers($0.format) && $0.quality > 0 }
        // Of equals the first wins: what the map has ready before what must be made.
        var best: (format: TileFormat, quality: Double)?
        for candidate in candidates where candidate.quality > best?.quality ?? 0 { best = candidate }
        guard let best else {
            let offered = map.offeredFormats.joined(separator: ", ")
            throw .notAcceptable(zh: "Accept“\(accept)”中没有可提供的格式；可选：\(offered)", en: "none of \"\(accept)\" is offered; choose from \(offered)")
        }
        return best.format
    }

    private func named(_ parameter: String) throws(ProblemError) -> TileFormat {
        switch parameter.lowercased() {
        case "png", "image/png": return .png(ratio: 1)
        case "jpeg", "jpg", "image/jpeg": return .jpeg(ratio: 1)
        case "webp", "image/webp": return .webp(ratio: 1)
        case "mvt", "pbf": return .mvt
        default:
            throw .notAcceptable(
                zh: "没有格式“\(parameter)”；format 可为 png、jpeg、webp、mvt", en: "there is no format \"\(parameter)\"; format is png, jpeg, webp or mvt")
        }
    }

    /// Media ranges with their qualities.
    private static func wishes(_ accept: String) -> [String: Double] {
        var wishes: [String: Double] = [:]
        for item in accept.split(separator: ",") {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            guard let range = parts.first else { continue }
            let quality = parts.dropFirst().first { $0.hasPrefix("q=") }.flatMap { Double($0.dropFirst(2)) } ?? 1
            wishes[range] = max(wishes[range] ?? 0, min(max(quality, 0), 1))
        }
        return wishes
    }
}
