import HTTPTypes
import Hummingbird
import TileArchives
import TileCache
import TileProduction
import Tiling

/// Tiles of archives, what is said about them, and the files themselves.
struct ArchiveRoutes {
    let shelf: ArchiveShelf
    let settings: ServiceSettings

    /// What has addresses of its own, beside live maps or without them.
    func add(to router: Router<ServiceRequestContext>) {
        router.get("/archives") { request, _ in
            Response.json(documents(request).list(shelf.archives).bytes(), for: request)
        }
        router.get("/archives/{file}") { request, context in
            let name = try context.parameters.require("file")
            guard let archive = shelf.archives.first(where: { $0.fileName == name }) else { throw unknown("/archives/\(name)") }
            return try ArchiveFileAnswer(archive: archive, shelf: shelf).response(to: request)
        }
    }

    /// The addresses that live maps have, where there are none.
    func addTiles(to router: Router<ServiceRequestContext>) {
        router.get("/") { request, _ in Response.json(documents(request).list(shelf.archives).bytes(), for: request) }
        router.get("/tiles/{map}") { request, context in
            let name = try context.parameters.require("map")
            guard let response = tileJSON(name, request) else { throw unknown("/tiles/\(name)") }
            return response
        }
        router.get("/tiles/{map}/{z}/{x}/{y}") { request, _ in
            guard let path = TilePath(target: request.uri.path), let response = try await tile(path, request) else {
                throw unknown(request.uri.path)
            }
            return response
        }
    }

    /// The document of `{name}.json`; `nil` where no archive has the name.
    func tileJSON(_ file: String, _ request: Request) -> Response? {
        guard file.hasSuffix(".json"), let archive = shelf.archive(named: String(file.dropLast(5))) else { return nil }
        return .json(documents(request).tileJSON(of: archive), for: request)
    }

    /// A tile; `nil` where no archive has the name.
    ///
    /// A vector tile that the archive does not have is empty (204); of pictures, levels and formats that it does not have
    /// there is none (404).
    func tile(_ path: TilePath, _ request: Request) async throws -> Response? {
        guard let archive = shelf.archive(named: path.map) else { return nil }
        guard archive.format == path.format else {
            throw ProblemError.notFound(
                zh: "档案“\(archive.name)”的瓦片是 .\(archive.ending)", en: "the tiles of the archive '\(archive.name)' are .\(archive.ending)")
        }
        return try await tile(of: archive, TileAddress(level: path.level, row: path.row, column: path.column), request)
    }

    func tile(of archive: ServedArchive, _ address: TileAddress, _ request: Request) async throws -> Response {
        let levels = archive.description.levels
        guard levels.contains(address.level) else {
            throw ProblemError.notFound(
                zh: "档案“\(archive.name)”有第 \(levels.lowerBound) 至 \(levels.upperBound) 级，没有第 \(address.level) 级",
                en: "the archive '\(archive.name)' has levels \(levels.lowerBound) to \(levels.upperBound), not \(address.level)")
        }
        let side = 1 << address.level
        guard (0..<side).contains(address.row), (0..<side).contains(address.column) else {
            throw ProblemError.notFound(
                zh: "第 \(address.level) 级的行列号为 0 至 \(side - 1)", en: "rows and columns of level \(address.level) are 0 to \(side - 1)")
        }
        let tile = try await shelf.tile(of: archive, at: address)
        guard !tile.body.isEmpty || tile.format == .mvt else {
            throw ProblemError.notFound(zh: "档案“\(archive.name)”没有这张瓦片", en: "the archive '\(archive.name)' does not have this tile")
        }
        let wanted = TileService.Request(
            map: archive.name, matrixSet: TileRoutes.webMercator, address: address, format: archive.format)
        return try TileRoutes.response(tile, of: wanted, for: request, caching: settings.caching.fields())
    }

    private func documents(_ request: Request) -> ArchiveDocuments { ArchiveDocuments(baseURL: request.baseURL(settings)) }

    private func unknown(_ what: String) -> ProblemError {
        let known = shelf.archives.map(\.name).joined(separator: ", ")
        return .notFound(
            zh: "没有 \(what)；有档案：\(known)，见 /archives", en: "there is no \(what); there are the archives \(known), see /archives")
    }
}
