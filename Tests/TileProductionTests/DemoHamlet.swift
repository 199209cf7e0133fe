import DemoCity
import FeatureStore
import Foundation
import SimpleFeatures
import TestSupport
import TileCache
import Tiling
import Wording

@testable import TileProduction

/// A data directory with the demo's hamlet in it, made once a run through the real import and removed at its end.
enum DemoHamlet {
    static let repository = Repository.path

    static let shared = Task { try await TestData.made(in: ScratchDirectory.make()) }
}

/// An installation and its library, every layer prepared.
struct TestData: Sendable {
    let installation: Installation
    let library: MapLibrary

    /// The hamlet.
    static func made(in directory: String) async throws -> TestData {
        let installation = try Installation(data: directory, share: DemoHamlet.repository)
        let files = directory + "/demo"
        let manifest = try DemoCity.generate(
            scale: .hamlet, seed: 441_900, tables: installation.share.tiles + "/demo", into: files)
        for source in manifest.sources {
            var request = LayerImportRequest(
                layer: source.layer, files: ["\(files)/\(source.file)"],
                readerOptions: ReaderOptions(layer: source.sourceLayer))
            request.title = source.title
            request.crs = source.crs
            _ = try await installation.importLayer(request)
        }
        let library = try installation.library()
        try await library.prepareAll()
        return TestData(installation: installation, library: library)
    }

    /// One layer from GeoJSON in EPSG:4490, under files of its own where some are given.
    static func made(layer: String, geoJSON: String, files: [String: String] = [:]) async throws -> TestData {
        let directory = try ScratchDirectory.make()
        for (name, content) in files {
            let path = URL(filePath: "\(directory)/\(name)")
            try FileManager.default.createDirectory(
                at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(content.utf8).write(to: path)
        }
        let installation = try Installation(data: directory, share: DemoHamlet.repository)
        let source = directory + "/source.geojson"
        try Data(geoJSON.utf8).write(to: URL(filePath: source))
        var request = LayerImportRequest(layer: layer, files: [source])
        request.crs = "EPSG:4490"
        _ = try await installation.importLayer(request)
        let library = try installation.library()
        try await library.prepareAll()
        return TestData(installation: installation, library: library)
    }

    var map: LiveMap {
        get throws {
            guard let map = library.state.maps["standard"] else {
                throw ProductionError(code: .unknownMap, message: .init(zh: "测试数据没有标准地图", en: "the test data have no standard map"))
            }
            return map
        }
    }

    func service(workers: Int = 1, metatile: Int = 4) -> TileService {
        TileService(
            library: library, cache: MemoryTier(capacity: 0), workers: workers, queueLimit: 1000, metatile: metatile)
    }

    func set(_ id: String) throws -> TileMatrixSet {
        guard let set = library.state.sets[id] else {
            throw ProductionError(code: .unknownMatrixSet, message: .init(zh: "没有瓦片矩阵集 \(id)", en: "no matrix set \(id)"))
        }
        return set
    }

    /// The tile over the middle of a layer.
    func middle(of layer: String, set: TileMatrixSet, level: Int) throws -> TileAddress? {
        guard let prepared = library.state.layers[layer]?.prepared else { return nil }
        let box = try prepared.envelope(crs: ServedCRSs.datumTwin(of: set.crs))
        return set.matrix(level: level)?.address(containing: box.centre)
    }

    /// A block of tiles over the middle of the buildings, one ring around the middle.
    func block(_ set: TileMatrixSet, level: Int) throws -> [TileAddress] {
        guard let matrix = set.matrix(level: level),
            let middle = try middle(of: "base.building", set: set, level: level)
        else { return [] }
        var addresses: [TileAddress] = []
        for row in -1...1 {
            for column in -1...1 {
                let address = TileAddress(level: level, row: middle.row + row, column: middle.column + column)
                if matrix.isInside(address) { addresses.append(address) }
            }
        }
        return addresses
    }
}
