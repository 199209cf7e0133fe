import FoundationEssentials
import Glibc
import Reprojection
import TileCache
import Typography

extension Installation {
    /// Everything that changes the bytes of tiles and stands in no tile's key, as one text: the program, its fonts, the
    /// documents that say what a layer shows. Tiles that were kept under another one are not those of this installation.
    ///
    /// - Parameter metatile: tiles along the side of a raster job; where labels have no plan, they are placed inside it.
    public func tileMaker(metatile: Int) -> String {
        var lines = ["metatile \(metatile)", policy.statement, Self.stamp(of: "/proc/self/exe")]
        for directory in [share.tiles, directory.path, share.styles] {
            for name in ["layers.json", "city.json", "fonts.json"] { lines.append(Self.content(of: "\(directory)/\(name)")) }
            for folder in ["maps", "matrix-sets"] {
                for file in Self.documents(in: "\(directory)/\(folder)") { lines.append("\(file) " + Self.content(of: file)) }
            }
        }
        for font in fonts.fonts.map(\.path) { lines.append("\(font) " + Self.stamp(of: font)) }
        return EncodedTile.entityTag(of: Array(lines.joined(separator: "\n").utf8))
    }

    /// Where a service keeps which tiles of its store the latest changes have left alone.
    public func versionFiles(metatile: Int) -> TileVersionFiles {
        TileVersionFiles(directory: directory.versionDirectory, maker: tileMaker(metatile: metatile))
    }

    /// Hash of a document; `-` for none.
    private static func content(of path: String) -> String {
        FileManager.default.contents(atPath: path).map { EncodedTile.entityTag(of: Array($0)) } ?? "-"
    }

    private static func documents(in folder: String) -> [String] {
        guard FileManager.default.fileExists(atPath: folder) else { return [] }
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".json") }.sorted().map { "\(folder)/\($0)" }
        } catch {
            return [folder]  // the catalogue says so to whoever opens it
        }
    }

    /// Size and time of a file; `-` for none.
    private static func stamp(of path: String) -> String {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return "-" }
        return "\(status.st_size) \(status.st_mtim.tv_sec) \(status.st_mtim.tv_nsec)"
    }
}
