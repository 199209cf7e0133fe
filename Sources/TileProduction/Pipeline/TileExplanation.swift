import FeatureStore
public import TileCache
import Tiling

/// The account of one tile, for people: a heading, a table with one row a layer, the stages, the outcome.
///
/// Columns of the table, in order: layer; features whose boxes meet the tile and its margin; features kept; vertices
/// kept; milliseconds of the query; bytes of the layer in an unpacked vector tile (`-` in pictures, where layers have
/// none); the prepared file that was read; what was left out, as `reason=count`. In = kept + left out, where
/// `repaired` counts features that were kept after their rings had been mended.
public struct TileExplanation: Sendable {
    public var request: TileService.Request
    public var tile: EncodedTile
    public var record: ProductionRecorder

    public init(request: TileService.Request, tile: EncodedTile, record: ProductionRecorder) {
        self.request = request
        self.tile = tile
        self.record = record
    }

    private static let columns = [
        "图层 layer", "候选 in", "保留 kept", "顶点 vertices", "毫秒 ms", "字节 bytes", "来源 source", "未绘 left out",
    ]

    public var text: String {
        let a = request.address
        var lines = ["\(request.map) \(request.matrixSet) \(a.level)/\(a.column)/\(a.row) \(request.format.mediaType)"]
        lines += Self.table([Self.columns] + record.layers.filter { $0.considered > 0 }.map(Self.row))
        let query = record.layers.reduce(0) { $0 + $1.milliseconds }
        lines.append("查询 query  \(Self.rounded(query)) ms")
        for stage in record.stages {
            lines.append("\(Self.stageTitles[stage.name].map { $0 + " " } ?? "")\(stage.name)  \(Self.rounded(stage.milliseconds)) ms")
        }
        if let labels = tile.leftOut[LeftOut.Reason.noGlyph.rawValue] {
            lines.append("缺字注记 \(LeftOut.Reason.noGlyph.rawValue)  \(labels)")
        }
        lines.append("\(tile.body.count) 字节 bytes\(tile.isGzip ? " (gzip)" : "")，ETag \(tile.entityTag)")
        return lines.joined(separator: "\n") + "\n"
    }

    private static let stageTitles = ["encode": "编码", "pack": "压缩", "draw": "绘制"]

    private static func row(_ layer: ProductionRecorder.Layer) -> [String] {
        [
            layer.name, "\(layer.considered)", "\(layer.kept)", "\(layer.vertices)", rounded(layer.milliseconds),
            layer.bytes.map { "\($0)" } ?? "-", layer.source,
            layer.leftOut.map { "\($0.reason)=\($0.count)" }.joined(separator: " "),
        ]
    }

    /// Names to the left, numbers to the right, every column as wide as its widest cell.
    private static func table(_ rows: [[String]]) -> [String] {
        let widths = columns.indices.map { column in rows.map { width(of: $0[column]) }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                let room = String(repeating: " ", count: widths[column] - width(of: cell))
                let isNumber = (1...5).contains(column)
                line += (column > 0 ? "  " : "") + (isNumber ? room + cell : cell + room)
            }
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    /// Cells of a terminal: a Chinese character takes two.
    private static func width(of text: String) -> Int {
        text.unicodeScalars.reduce(0) { $0 + ($1.value >= 0x2E80 ? 2 : 1) }
    }

    private static func rounded(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
}
