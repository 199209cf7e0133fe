import ArgumentParser
import Compression
import Foundation
import TileCache
import TileProduction
import Tiling

struct TileCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tile", abstract: "生成一张瓦片 Make one tile, and say how it came about.",
        discussion: """
            --explain prints a table with one row a layer: the layer; 候选 in, features whose boxes meet the tile and \
            its margin; 保留 kept; 顶点 vertices kept; 毫秒 ms of the query; 字节 bytes of the layer in an unpacked \
            vector tile; 来源 source, the prepared file that was read; 未绘 left out, as reason=count. In = kept + left \
            out; repaired counts features that were kept after their rings had been mended. Below it the milliseconds \
            of the later stages and the size of the tile.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case png
        case jpeg
        case webp
        case mvt
    }

    @Argument(help: "地图标识 The map's id, such as standard.")
    var map: String

    @Argument(help: "瓦片地址 Z/X/Y: level, column, row from the top.")
    var address: String

    @Option(help: "瓦片矩阵集 The tile matrix set.")
    var matrixSet = "w"

    @Option(help: "格式 The format.")
    var format: Format = .png

    @Option(help: "像素比 Pixels a logical pixel, 1 or 2.")
    var ratio = 1

    @Option(help: "元瓦片边长 Tiles along the side of a raster job.")
    var metatile = 4

    @Flag(help: "说明来源与取舍 Print what was read, kept, left out, and how long each stage took.")
    var explain = false

    @Option(name: .short, help: "输出文件 The file to write; vector tiles are written unpacked.")
    var output: String?

    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        guard ratio == 1 || ratio == 2 else { throw ValidationError("--ratio is 1 or 2, not \(ratio)") }
        guard (1...16).contains(metatile) else { throw ValidationError("--metatile is 1 to 16, not \(metatile)") }
        guard explain || output != nil else { throw ValidationError("say where the tile goes with -o FILE, or ask for --explain") }
        _ = try parsedAddress()
    }

    func run() async throws {
        let opened = try installation.open()
        let library = try opened.library()
        try await library.prepareAll()
        let service = TileService(
            library: library, cache: MemoryTier(capacity: 0), workers: 1, queueLimit: 1, metatile: metatile,
            labels: LabelFiles(directory: opened.directory.labelDirectory))
        let request = TileService.Request(
            map: map, matrixSet: matrixSet, address: try parsedAddress(),
            format: tileFormat)
        let (tile, record) = try await service.explain(request)
        if explain { print(TileExplanation(request: request, tile: tile, record: record).text, terminator: "") }
        if let output { try write(tile, to: output) }
    }

    private var tileFormat: TileFormat {
        switch format {
        case .png: .png(ratio: ratio)
        case .jpeg: .jpeg(ratio: ratio)
        case .webp: .webp(ratio: ratio)
        case .mvt: .mvt
        }
    }

    private func write(_ tile: EncodedTile, to path: String) throws {
        let body = tile.isGzip
            ? try Decompressor().decompress(tile.body, format: .gzip, limit: 1 << 30) : tile.body
        do {
            try Data(body).write(to: URL(filePath: path))
        } catch {
            throw ValidationError("\(path) cannot be written: \(error.localizedDescription)")
        }
    }

    private func parsedAddress() throws -> TileAddress {
        let parts = address.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 3, let level = parts[0], let column = parts[1], let row = parts[2], level >= 0, column >= 0,
            row >= 0
        else { throw ValidationError("a tile address is written Z/X/Y, such as 12/3342/1777, not \"\(address)\"") }
        return TileAddress(level: level, row: row, column: column)
    }
}
