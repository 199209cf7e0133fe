import FeatureStore
import Foundation
import TileCache

/// The versions of a map's tiles on disk, one file a map, so that a restarted service knows which tiles of its store are as the
/// data are now.
///
/// A file of other data, another style or another maker says nothing: then every tile counts as changed.
public struct TileVersionFiles: Sendable {
    private let directory: String
    private let maker: String

    private struct Document: Codable {
        var maker: String
        var style: UInt64?
        var versions: TileVersions
    }

    /// Beyond it a file would be written too long after every change.
    private static let mostEntries = 50_000

    /// - Parameters:
    ///   - directory: made when the first file is written.
    ///   - maker: everything that changes bytes and stands in no key, as `TileStore.Settings` has it.
    public init(directory: String, maker: String) {
        self.directory = directory
        self.maker = maker
    }

    private func path(_ map: String) -> String { "\(directory)/\(map).json" }

    /// What was written of the map as it is now; `nil` for anything else, a damaged file included.
    func versions(of map: LiveMap) -> TileVersions? {
        guard let bytes = FileManager.default.contents(atPath: path(map.definition.id)) else { return nil }
        do {
            var document = try JSONDecoder().decode(Document.self, from: bytes)
            guard document.maker == maker, document.style == map.style?.version, document.versions.current == map.dataVersion else {
                return nil
            }
            // What the labels were compared with is gone.
            for rung in document.versions.openRungs { document.versions.restart(rung) }
            return document.versions
        } catch {
            return nil
        }
    }

    /// - Throws: what the file system says.
    func store(_ map: LiveMap) throws {
        let path = path(map.definition.id)
        guard map.tileVersions.size <= Self.mostEntries else {
            if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
            return
        }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        let document = Document(maker: maker, style: map.style?.version, versions: map.tileVersions)
        try JSONEncoder().encode(document).write(to: URL(filePath: path), options: .atomic)
    }
}
