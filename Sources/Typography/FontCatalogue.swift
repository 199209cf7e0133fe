/// The fonts an installation may draw with, found by name.
///
/// Built from an explicit list, from scanned directories, or both; where two fonts bear one name the earlier wins. Names compare without regard to
/// case, and runs of spaces, hyphens and underscores count as one space.
public struct FontCatalogue: Sendable {
    /// In the order they were added; a font known by several names stands once for each.
    public private(set) var fonts: [FontDescription] = []
    /// Directories and lists the fonts came from, for the error that says where a font was looked for.
    public private(set) var places: [String] = []
    private var byName: [String: Int] = [:]
    private var aliases: [String: String] = [:]

    public init() {}

    /// - Parameters:
    ///   - fonts: taken as they are; the files are opened only when a stack asks for them.
    ///   - aliases: a name a style uses to a name of the catalogue, `["Noto Sans Regular": "Noto Sans CJK SC Regular"]`.
    public init(fonts: [FontDescription], aliases: [String: String] = [:]) {
        for font in fonts { add(font) }
        add(aliases: aliases)
        if !fonts.isEmpty { places.append("the list of \(fonts.count) configured fonts") }
    }

    public mutating func add(_ font: FontDescription) {
        let name = FontCatalogue.folded(font.name)
        guard byName[name] == nil else { return }
        byName[name] = fonts.count
        fonts.append(font)
    }

    /// Adds names that stand for other names; a font that bears the name itself goes before them.
    public mutating func add(aliases: [String: String]) {
        for (alias, name) in aliases { self.aliases[FontCatalogue.folded(alias)] = name }
    }

    mutating func add(place: String) {
        places.append(place)
    }

    /// The font that goes by a name, by an alias of it, or by the name with ` Regular` after it; nil when there is none.
    public func font(named name: String) -> FontDescription? {
        if let font = exact(name) { return font }
        guard let alias = aliases[FontCatalogue.folded(name)] else { return nil }
        return exact(alias)
    }

    /// The fonts of a MapLibre `text-font` in its order, each once.
    ///
    /// - Throws: `fontNotFound`, which names the font, where it was looked for and what to do.
    public func fonts(named names: [String]) throws(TypographyError) -> [FontDescription] {
        guard !names.isEmpty else {
            throw TypographyError(code: .fontNotFound, message: "the font stack is empty; name at least one font")
        }
        var found: [FontDescription] = []
        for name in names {
            guard let font = font(named: name) else { throw missing(name) }
            if !found.contains(where: { $0.path == font.path && $0.faceIndex == font.faceIndex }) { found.append(font) }
        }
        return found
    }

    private func exact(_ name: String) -> FontDescription? {
        let name = FontCatalogue.folded(name)
        guard let index = byName[name] ?? byName[name + " regular"] else { return nil }
        return fonts[index]
    }

    private func missing(_ name: String) -> TypographyError {
        let searched = places.isEmpty ? "nowhere: the catalogue has no place to look in" : places.joined(separator: ", ")
        let target = aliases[FontCatalogue.folded(name)].map { " (an alias of '\($0)')" } ?? ""
        return TypographyError(
            code: .fontNotFound,
            message: "font '\(name)'\(target) not found; looked in \(searched); \(fonts.count) fonts known. "
                + "Install a font of that name there, or map the name to an installed one in the font aliases"
        )
    }

    /// A name as it is compared.
    static func folded(_ name: String) -> String {
        name.lowercased()
            .split(whereSeparator: { $0 == " " || $0 == "-" || $0 == "_" })
            .joined(separator: " ")
    }
}
