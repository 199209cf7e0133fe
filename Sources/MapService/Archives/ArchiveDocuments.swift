import OGCAPI
import SimpleFeatures
import TileArchives
import TileCache
import Tiling

/// What the service says about archives, with addresses under one base URL.
struct ArchiveDocuments {
    let baseURL: String

    /// TileJSON 3.0.0; the archive's own words where it has them, `vector_layers` as they are.
    func tileJSON(of archive: ServedArchive) -> [UInt8] {
        let (description, own) = (archive.description, archive.description.metadata)
        var document = ArchiveMetadata()
        for name in ["name", "description", "attribution"] { document[name] = own[name] }
        if own["name"] == nil { document["name"] = archive.name }
        document["tilejson"] = "3.0.0"
        document["scheme"] = "xyz"
        document["version"] = "1.0.\(archive.version % 1_000_000)"
        if description.kind == .mvt { document.set("vector_layers", json: own.members["vector_layers"] ?? "[]") }
        let values: [(String, JSONDocument)] = [
            ("tiles", .strings(["\(baseURL)/tiles/\(archive.name)/{z}/{x}/{y}.\(archive.ending)"])),
            ("minzoom", .integer(description.levels.lowerBound)), ("maxzoom", .integer(description.levels.upperBound)),
            ("bounds", .numbers(description.bounds)), ("center", .numbers(description.centre + [Double(description.centreLevel)])),
        ]
        for (name, value) in values { document.set(name, json: String(decoding: value.bytes(), as: UTF8.self)) }
        return Array(document.json.utf8)
    }

    /// All archives, with where their tiles and they themselves are.
    func list(_ archives: [ServedArchive]) -> JSONDocument {
        [
            "archives": .array(archives.map { archive in
                [
                    "name": .string(archive.name), "title": archive.description.metadata["name"].map { .string($0) },
                    "kind": .string(archive.description.kind.rawValue), "bytes": .integer(Int(clamping: archive.file.length)),
                    "minzoom": .integer(archive.description.levels.lowerBound),
                    "maxzoom": .integer(archive.description.levels.upperBound), "bounds": .numbers(archive.description.bounds),
                    "tilejson": .string("\(baseURL)/tiles/\(archive.name).json"),
                    "file": .string("\(baseURL)/archives/\(archive.fileName)"),
                ]
            })
        ]
    }
}

extension ServedArchive {
    /// Of a tile's address.
    var ending: String {
        switch format {
        case .mvt: "mvt"
        case .png, .mixed: "png"
        case .jpeg: "jpg"
        case .webp: "webp"
        }
    }
}
