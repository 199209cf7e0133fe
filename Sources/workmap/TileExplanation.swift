import TileCache
import TileProduction
import Tiling

/// The account of one tile, for people.
struct TileExplanation {
    var request: TileService.Request
    var tile: EncodedTile
    var record: ProductionRecorder

    var text: String {
        let a = request.address
        var lines = ["\(request.map) \(request.matrixSet) \(a.level)/\(a.column)/\(a.row) \(request.format.mediaType)"]
        lines.append("图层 layer                     候选 in   保留 kept    顶点 vertices        毫秒 ms   字节 bytes   未绘 left out")
        for layer in record.layers where layer.considered > 0 {
            let leftOut = layer.leftOut.map { "\($0.reason)=\($0.count)" }.joined(separator: " ")
            lines.append(
                Self.left(layer.name, 26) + Self.right("\(layer.considered)", 12) + Self.right("\(layer.kept)", 12)
                    + Self.right("\(layer.vertices)", 17) + Self.right(Self.rounded(layer.milliseconds), 15)
                    + Self.right(layer.bytes > 0 ? "\(layer.bytes)" : "-", 13) + "   " + leftOut)
        }
        let query = record.layers.reduce(0) { $0 + $1.milliseconds }
        lines.append("查询 query  \(Self.rounded(query)) ms")
        for stage in record.stages { lines.append("\(stage.name)  \(Self.rounded(stage.milliseconds)) ms") }
        lines.append("\(tile.body.count) 字节 bytes\(tile.isGzip ? " (gzip)" : "")，ETag \(tile.entityTag)")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func rounded(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }

    private static func left(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }

    private static func right(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(1, width - text.count)) + text
    }
}
