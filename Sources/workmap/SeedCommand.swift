import ArgumentParser
import Foundation
import SimpleFeatures
import TileArchives
import TileCache
import TileProduction
import Tiling

struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed", abstract: "把一张地图的瓦片预先全部生成 Make all tiles of a map ahead of demand, into an archive.",
        discussion: """
            The archive, PMTiles (.pmtiles) or MBTiles (.mbtiles), gets its name only when it is whole. It is read back and \
            compared with what was made before the command says so: 应有 expected = 写入 made + 空白 empty + 失败 failed. Tiles \
            on which nothing is drawn are not kept. Failed tiles are listed with their reason, and the command ends with 1 \
            where there are more than --fail-above allows.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case mvt
        case png
        case jpeg
        case webp
    }

    @Argument(help: "地图标识 The map's id, such as standard.")
    var map: String

    @Option(help: "瓦片矩阵集 The tile matrix set; an archive counts its rows and columns as a quadtree.")
    var matrixSet = "w"

    @Option(help: "级别 The levels, such as 8-16 or 14.")
    var levels = "8-16"

    @Option(help: "格式 The format.")
    var format: Format = .mvt

    @Option(help: "像素比 Pixels a logical pixel, 1 or 2.")
    var ratio = 1

    @Option(help: "范围 WEST,SOUTH,EAST,NORTH in degrees; without it, the city.")
    var area: String?

    @Option(help: "写入的档案 The archive to write: FILE.pmtiles or FILE.mbtiles.")
    var into: String?

    @Option(help: "线程数 Threads; all cores by default.")
    var workers: Int?

    @Option(help: "元瓦片边长 Tiles along the side of a raster job: 1, 2, 4, 8 or 16.")
    var metatile = 8

    @Option(help: "允许失败的比例 How many tiles of a hundred may fail before the command does.")
    var failAbove = 0.0

    @Flag(help: "只数不做 Count the tiles level by level and stop.")
    var dryRun = false

    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        guard ratio == 1 || ratio == 2 else { throw ValidationError("--ratio is 1 or 2, not \(ratio)") }
        guard [1, 2, 4, 8, 16].contains(metatile) else { throw ValidationError("--metatile is 1, 2, 4, 8 or 16, not \(metatile)") }
        guard workers.map({ (1...64).contains($0) }) ?? true else { throw ValidationError("--workers is 1 to 64") }
        guard (0...100).contains(failAbove) else { throw ValidationError("--fail-above is a percentage, 0 to 100") }
        guard dryRun || into != nil else { throw ValidationError("say where the tiles go with --into FILE.pmtiles, or ask for --dry-run") }
        if let into, !into.hasSuffix(".pmtiles"), !into.hasSuffix(".mbtiles") {
            throw ValidationError("--into is a file that ends in .pmtiles or .mbtiles, not \"\(into)\"")
        }
        _ = try LevelRange(levels)
        _ = try box()
    }

    func run() async throws {
        let opened = try installation.open()
        let library = try opened.library()
        try await library.prepareAll()
        let seeder = try Seeder(
            library: library, map: map, matrixSet: matrixSet, format: tileFormat,
            workers: workers ?? ProcessInfo.processInfo.activeProcessorCount, metatile: metatile,
            labels: LabelFiles(directory: opened.directory.labelDirectory))
        let area = try box() ?? opened.city.box
        let limits = try seeder.limits(LevelRange(levels).levels, area: area, policy: opened.policy)
        if dryRun {
            for block in limits { print("\(block.level)\t\(block.tileCount)") }
            print("应有 expected\t\(limits.reduce(0) { $0 + $1.tileCount })")
            return
        }
        guard let into else { return }
        var archive = try SeedArchive(path: into, format: tileFormat)
        let meter = SeedMeter()
        let report = try await seeder.run(limits, keep: { try archive.keep($0) }, progress: { meter.show($0) })
        meter.clear()
        let progress = report.progress
        for failure in report.failures.prefix(100) {
            print("失败 failed \(failure.address.level)/\(failure.address.column)/\(failure.address.row): \(failure.reason)")
        }
        // A worse archive must not take the place of a better one.
        let isEnough = Double(progress.failed) <= failAbove / 100 * Double(progress.expected)
        var size = ""
        if isEnough {
            try archive.finish(seeder.description(limits, of: area))
            size = "；\(try archive.verify()) 字节 bytes, \(meter.seconds) s"
        }
        print(
            "\(into): 应有 expected \(progress.expected) = 写入 made \(progress.made) + 空白 empty \(progress.empty) + 失败 failed \(progress.failed)"
                + size)
        guard isEnough else {
            print("失败过多，档案未写 too many failed, the archive is not written: --fail-above \(failAbove)")
            throw ExitCode(1)
        }
    }

    private var tileFormat: TileFormat {
        switch format {
        case .mvt: .mvt
        case .png: .png(ratio: ratio)
        case .jpeg: .jpeg(ratio: ratio)
        case .webp: .webp(ratio: ratio)
        }
    }

    private func box() throws -> Envelope? {
        guard let area else { return nil }
        let ends = area.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0.filter { $0 != " " }) }
        guard ends.count == 4, ends.allSatisfy(\.isFinite), ends[0] < ends[2], ends[1] < ends[3] else {
            throw ValidationError("--area is WEST,SOUTH,EAST,NORTH in degrees, such as 113.6,22.9,113.9,23.1, not \"\(area)\"")
        }
        return Envelope(minX: ends[0], minY: ends[1], maxX: ends[2], maxY: ends[3])
    }
}
