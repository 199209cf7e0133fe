public import FeatureStore
import FoundationEssentials
public import Reprojection
public import Tiling
public import Typography
import Wording

/// A data directory and everything that is read once around it.
public struct Installation: Sendable {
    public let directory: DataDirectory
    public let share: ShareDirectory
    public let city: City
    public let catalogue: Catalogue
    public let sets: TileMatrixSetRegistry
    public let registry: any FeatureRegistry
    public let policy: DatumPolicy
    public let fonts: FontCatalogue
    public let served: ServedCRSs

    /// - Parameters:
    ///   - data: the data directory; made when it is not there.
    ///   - share: where the program's own data lies; `nil` to look for it.
    ///   - pipelines: PROJ pipelines to CGCS2000 by CRS, from the operator's protected file.
    /// - Throws: whichever document or directory cannot be used, by name.
    public init(data: String, share: String? = nil, pipelines: [String: String] = [:]) throws {
        directory = try DataDirectory(data)
        self.share = try ShareDirectory(share)
        policy = DatumPolicy(operatorPipelines: pipelines)
        var catalogue = Catalogue()
        try catalogue.load(directory: self.share.tiles)
        try catalogue.load(directory: data)
        self.catalogue = catalogue
        sets = try TileMatrixSetRegistry(directory: self.share.tiles + "/matrix-sets")
        served = try ServedCRSs(sets.sets)
        registry = try GeoPackageRegistry(directory: data)
        city = try Self.decode(City.self, named: "city.json", in: [data, self.share.tiles])
        fonts = try Self.fonts(in: [data, self.share.styles])
    }

    /// The library of its maps, not yet looked at.
    public func library() throws -> MapLibrary {
        try MapLibrary(
            directory: directory, catalogue: catalogue, sets: sets, registry: registry, policy: policy,
            styles: StyleShelf(directories: [share.styles, directory.path + "/styles"], fonts: fonts))
    }

    /// The first of the directories that has the document decides.
    private static func decode<Document: Decodable>(
        _ type: Document.Type, named name: String, in directories: [String]
    ) throws(ProductionError) -> Document {
        for directory in directories {
            let path = "\(directory)/\(name)"
            guard let data = FileManager.default.contents(atPath: path) else { continue }
            do {
                return try JSONDecoder().decode(type, from: data)
            } catch {
                throw ProductionError(
                    code: .storage, message: .init(zh: "\(path) 内容无效", en: "\(path) is not valid: \(error)"), cause: error)
            }
        }
        throw ProductionError(
            code: .storage,
            message: .init(
                zh: "\(directories.joined(separator: " 或 ")) 中没有 \(name)",
                en: "there is no \(name) in \(directories.joined(separator: " or "))"))
    }

    private static func fonts(in directories: [String]) throws -> FontCatalogue {
        for directory in directories {
            guard let data = FileManager.default.contents(atPath: directory + "/fonts.json") else { continue }
            return try FontCatalogue(json: data, relativeTo: directory)
        }
        throw ProductionError(
            code: .storage,
            message: .init(
                zh: "\(directories.joined(separator: " 或 ")) 中没有 fonts.json",
                en: "there is no fonts.json in \(directories.joined(separator: " or "))"))
    }
}
