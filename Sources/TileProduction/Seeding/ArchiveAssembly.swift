import FeatureStore
import Foundation
import SeedJobs
import SimpleFeatures
import TileArchives
import TileCache
import Tiling
import Wording

/// Puts one archive together from its spool: the same tiles give the same bytes, whoever made them in whatever order.
struct ArchiveAssembly {
    let output: ArchiveOutput
    let plan: SeedPlan
    /// Those whose tiles go into it, by level.
    let passes: [Int]
    let versions: [UInt64]

    /// Writes the archive under its provisional name.
    ///
    /// - Returns: the blocks that are not in the spool or cannot be read; then there is no archive.
    mutating func write(map: LiveMap) throws -> [(pass: Int, place: Int)] {
        try removeRemains()
        var index = SpoolIndex(output.spool)
        try index.refresh()
        var writer = try AnyArchiveWriter(path: output.assemblyPath, kind: output.kind)
        var damaged: [(pass: Int, place: Int)] = []
        for pass in passes {
            let blocks = plan.passes[pass].blocks
            let places = blocks.map { index.place(of: $0.first, version: versions[pass]) }
            for (number, place) in places.enumerated() where place == nil { damaged.append((pass, placeInOrder(number, pass))) }
            guard damaged.isEmpty else { continue }
            var number = 0
            try output.spool.forEachBlock(at: places.compactMap { $0 }) { _, block in
                defer { number += 1 }
                guard let block, block.tiles.count == blocks[number].tileCount else {
                    return damaged.append((pass, placeInOrder(number, pass)))
                }
                guard damaged.isEmpty else { return }
                for tile in block.tiles {
                    guard case .made(let bytes) = tile.content else { continue }
                    try writer.append(bytes, at: TileAddress(level: plan.passes[pass].level, row: tile.row, column: tile.column))
                }
            }
        }
        guard damaged.isEmpty else { return damaged }
        try writer.finish(description(of: map))
        return []
    }

    private func placeInOrder(_ number: Int, _ pass: Int) -> Int { plan.passes[pass].order.firstIndex(of: number) ?? number }

    /// What a killed process has left of its putting together.
    private func removeRemains() throws {
        let manager = FileManager.default
        let directory = output.spool.directory
        try manager.createDirectory(atPath: directory, withIntermediateDirectories: true)
        for name in try manager.contentsOfDirectory(atPath: directory) where name.hasPrefix("whole.") {
            try manager.removeItem(atPath: "\(directory)/\(name)")
        }
    }

    /// Reads the archive back and compares every tile of it with what was made.
    ///
    /// - Throws: `TileArchiveError` where they differ.
    func verify(against tally: SeedTally) throws -> SeededArchive {
        let archive = try TileArchive(path: output.assemblyPath)
        var (found, sum) = (0, UInt64(0))
        try archive.forEachTile { tile in
            found += 1
            sum &+= SeedDigest.digest(of: tile.address, entityTag: EncodedTile.entityTag(of: tile.bytes))
        }
        guard found == tally.made, sum == tally.digest else {
            throw TileArchiveError(
                code: .corrupt,
                message: LocalisedText(
                    zh: "\(output.path) 读回 \(found) 张瓦片，与所生成的 \(tally.made) 张不符；请检查磁盘并重新生成",
                    en: "\(output.path) gives back \(found) tiles that are not the \(tally.made) that were made; check the disk and make it again"))
        }
        let size = try FileManager.default.attributesOfItem(atPath: output.assemblyPath)[.size] as? Int
        return SeededArchive(path: output.path, tiles: found, bytes: size ?? 0)
    }

    /// What the archive says of itself.
    private func description(of map: LiveMap) -> TileArchiveDescription {
        let extent = plan.specification.area.envelope
        let found = passes.map { plan.passes[$0].level }
        let levels = (found.min() ?? 0)...(found.max() ?? 0)
        var metadata = ArchiveMetadata()
        metadata["name"] = map.definition.title.zh
        metadata["description"] = map.definition.title.en
        metadata["attribution"] = map.definition.attribution
        metadata["version"] = "\(map.dataVersion)"
        metadata["tile_matrix_set"] = passes.first.map { plan.passes[$0].set.id }
        if output.format == .mvt {
            let layers = map.layers.flatMap { layer in
                layer.sources.sorted { $0.key < $1.key }.map { name, prepared in Self.vectorLayer(name, prepared.fields) }
            }
            metadata.set("vector_layers", json: "[" + layers.map(\.json).joined(separator: ",") + "]")
        }
        return TileArchiveDescription(
            kind: output.kind, packing: output.kind == .mvt ? .gzip : .none, levels: levels,
            bounds: [extent.minX, extent.minY, extent.maxX, extent.maxY],
            centre: [(extent.minX + extent.maxX) / 2, (extent.minY + extent.maxY) / 2],
            centreLevel: min(max(12, levels.lowerBound), levels.upperBound), metadata: metadata)
    }

    private static func vectorLayer(_ name: String, _ fields: [String]) -> ArchiveMetadata {
        var types = ArchiveMetadata()
        for field in fields { types[field] = "String" }
        var layer = ArchiveMetadata()
        layer["id"] = name
        layer.set("fields", json: types.json)
        return layer
    }
}

/// A writer of either kind of archive.
private struct AnyArchiveWriter: ~Copyable {
    private var pmtiles: PMTilesWriter?
    private var mbtiles: MBTilesWriter?

    init(path: String, kind: ArchivedTileKind) throws(TileArchiveError) {
        if path.hasSuffix(".mbtiles") {
            mbtiles = try MBTilesWriter(path: path)
        } else {
            pmtiles = try PMTilesWriter(path: path, kind: kind, packing: kind == .mvt ? .gzip : .none)
        }
    }

    mutating func append(_ bytes: [UInt8], at address: TileAddress) throws(TileArchiveError) {
        if mbtiles != nil { try mbtiles?.append(bytes, at: address) }
        if pmtiles != nil { try pmtiles?.append(bytes, at: address) }
    }

    mutating func finish(_ description: TileArchiveDescription) throws(TileArchiveError) {
        if mbtiles != nil { try mbtiles?.finish(description) }
        if pmtiles != nil { try pmtiles?.finish(description) }
    }
}
