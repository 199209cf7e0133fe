public import Foundation

extension FontCatalogue {
    private struct Configuration: Decodable {
        struct Font: Decodable {
            var name: String
            var path: String
            var faceIndex: Int?
        }

        var fonts: [Font]?
        var directories: [String]?
        var aliases: [String: String]?
    }

    /// Reads the list of fonts an operator keeps.
    ///
    /// `{"fonts": [{"name", "path", "faceIndex"}], "directories": [path], "aliases": {name: name}}`, every member optional. Without `faceIndex` the face
    /// of the file that bears the name is taken (or the only face). Listed fonts go before scanned ones; relative paths start at `directory`.
    ///
    /// - Throws: `configurationInvalid`, `fontNotFound`, `fontUnreadable`.
    public init(json: Data, relativeTo directory: String) throws(TypographyError) {
        self.init()
        let configuration: Configuration
        do {
            configuration = try JSONDecoder().decode(Configuration.self, from: json)
        } catch {
            throw TypographyError(code: .configurationInvalid, message: "the list of fonts does not parse; it is an object of fonts, directories and aliases", cause: error)
        }
        func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(directory)/\(path)" }
        let library = try FontLibrary()
        for font in configuration.fonts ?? [] {
            let path = absolute(font.path)
            let index: Int
            if let given = font.faceIndex { index = given } else { index = try FontCatalogue.face(named: font.name, in: path, library: library) }
            add(FontDescription(name: font.name, path: path, faceIndex: index))
            add(place: path)
        }
        for place in configuration.directories ?? [] { try scan(directory: absolute(place)) }
        add(aliases: configuration.aliases ?? [:])
    }

    private static func face(named name: String, in path: String, library: FontLibrary) throws(TypographyError) -> Int {
        let faces = try FontNames.faces(of: path, library: library)
        let wanted = folded(name)
        if let face = faces.first(where: { folded($0.name) == wanted || folded($0.name) == wanted + " regular" }) { return face.faceIndex }
        if Set(faces.map(\.faceIndex)).count == 1 { return faces[0].faceIndex }
        throw TypographyError(
            code: .fontNotFound,
            message: "no face of \(path) is named '\(name)'; it holds \(faces.map(\.name).joined(separator: ", ")). Name one of them or give faceIndex"
        )
    }
}
