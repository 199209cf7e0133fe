import Foundation

extension FontCatalogue {
    private static let fileExtensions: Set<String> = ["ttf", "ttc", "otf", "otc"]

    /// Adds every face of every font file below a directory, in the order of the paths.
    ///
    /// A file that is no font is left out: a directory of fonts holds other things too. A font known under a localised name is found by that too.
    ///
    /// - Returns: the files with a font's extension that do not open, each with the reason, for a report.
    /// - Throws: `fontNotFound` when there is no such directory.
    @discardableResult
    public mutating func scan(directory: String) throws(TypographyError) -> [TypographyError] {
        var isDirectory: ObjCBool = false
        let files = FileManager.default
        guard unsafe files.fileExists(atPath: directory, isDirectory: &isDirectory), isDirectory.boolValue,
            let walk = files.enumerator(atPath: directory)
        else {
            throw TypographyError(code: .fontNotFound, message: "font directory \(directory) does not exist; create it or take it out of the configuration")
        }
        var paths: [String] = []
        while let entry = walk.nextObject() as? String {
            let suffix = entry.split(separator: ".").last.map { $0.lowercased() } ?? ""
            if FontCatalogue.fileExtensions.contains(suffix) { paths.append("\(directory)/\(entry)") }
        }
        let library = try FontLibrary()
        var refused: [TypographyError] = []
        for path in paths.sorted() {
            do throws(TypographyError) {
                for font in try FontNames.faces(of: path, library: library) { add(font) }
            } catch {
                refused.append(error)
            }
        }
        add(place: directory)
        return refused
    }
}
