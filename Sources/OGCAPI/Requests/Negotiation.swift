internal import Wording

/// One form that a resource can be had in.
public struct Representation: Hashable, Sendable {
    /// What the parameter `f` calls it, such as `json`.
    public var name: String
    public var mediaType: String

    public init(_ name: String, _ mediaType: String) {
        self.name = name
        self.mediaType = mediaType
    }

    public static let json = Representation("json", MediaType.json)
    public static let geoJSON = Representation("json", MediaType.geoJSON)
    public static let html = Representation("html", MediaType.html)
    /// A schema, to clients that ask for one and to those that ask for JSON.
    public static let schemas = [Representation("json", MediaType.schema), .json]
    /// An API description, likewise.
    public static let openAPI = [Representation("json", MediaType.openAPI), .json]
}

/// The choice among the forms of a resource (RFC 9110 section 12.5.1), which the parameter `f` outdoes.
public enum Negotiation {
    /// - Parameters:
    ///   - offered: what there is, the preferred form first.
    ///   - f: the parameter's value; `nil` where it is missing.
    ///   - accept: the header's value; a missing one takes everything.
    /// - Returns: `nil` where the client takes none of them.
    /// - Throws: for an `f` that names none of them.
    public static func choose(
        among offered: [Representation], f: String?, accept: String?
    ) throws(ParameterError) -> Representation? {
        guard let f else { return best(offered, accept) }
        // A plus sign that was not escaped has become a blank.
        let wanted = String(f.lowercased().map { $0 == " " ? "+" : $0 })
        if let named = offered.first(where: { $0.name == wanted || $0.mediaType == wanted }) { return named }
        if wanted == "geojson", let json = offered.first(where: { $0.mediaType == MediaType.geoJSON }) { return json }
        var names: [String] = []
        for one in offered where !names.contains(one.name) { names.append(one.name) }
        let list = names.joined(separator: ", ")
        throw ParameterError(.invalid, name: "f", value: f, expected: .init(zh: "下列之一：\(list)", en: "one of \(list)"))
    }

    private static func best(_ offered: [Representation], _ accept: String?) -> Representation? {
        guard let accept else { return offered.first }
        let qualities = MediaRanges(accept)
        var best: (one: Representation, quality: Double)?
        for one in offered {
            let quality = qualities.quality(of: one.mediaType)
            // Of equals the first wins.
            if quality > best?.quality ?? 0 { best = (one, quality) }
        }
        return best?.one
    }
}

/// What an `Accept` header takes, and how gladly.
public struct MediaRanges: Hashable, Sendable {
    private var qualities: [String: Double] = [:]

    public init(_ accept: String) {
        for item in accept.lowercased().split(separator: ",") {
            let parts = item.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" } }
            guard let range = parts.first, !range.isEmpty else { continue }
            let stated = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 }
            let quality = min(max(stated ?? 1, 0), 1)
            qualities[range] = max(qualities[range] ?? 0, quality)
        }
    }

    /// 0 for a type that is not taken; parameters of a type other than `q` play no part.
    public func quality(of mediaType: String) -> Double {
        let type = mediaType.prefix { $0 != ";" }
        let family = type.prefix { $0 != "/" } + "/*"
        return qualities[String(type)] ?? qualities[String(family)] ?? qualities["*/*"] ?? 0
    }
}
