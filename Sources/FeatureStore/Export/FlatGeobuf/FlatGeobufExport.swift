import Glibc
import SimpleFeatures

/// One layer as a FlatGeobuf with its packed Hilbert R-tree, the same bytes for the same features.
///
/// Features wait in a scratch file while their boxes and places (48 bytes each) stay in memory; then they are copied in the
/// order of the index. A layer in which a feature lacks a geometry has no index, as the format wants it.
final class FlatGeobufExport: FileExport {
    private struct Item {
        var box: Envelope
        var offset: Int
        var size: Int
    }

    private let layer: ExportLayer
    private let path: String
    private let spool: FileSink
    private var items: [Item] = []
    private var envelope = Envelope.empty
    private(set) var tally = ExportTally()

    init(_ layer: ExportLayer, directory: String) throws(WriterError) {
        self.layer = layer
        path = directory + "/export.fgb"
        spool = try FileSink(path: path + ".spool")
    }

    func append(_ features: [Feature]) throws {
        for feature in features {
            tally.features += 1
            let bytes = FlatGeobufFeature.bytes(feature, layer.schema)
            let box = feature.geometry?.envelope ?? .empty
            items.append(Item(box: box, offset: spool.count, size: bytes.count))
            envelope.formUnion(box)
            try spool.append(bytes)
        }
    }

    func finish() throws -> String {
        try spool.finish()
        defer { unsafe unlink(spool.path) }
        let isIndexed = !items.isEmpty && items.allSatisfy { !$0.box.isEmpty }
        let file = try FileSink(path: path)
        try file.append(FlatGeobufFeature.magic)
        try file.append(FlatGeobufFeature.header(layer, envelope: envelope, count: items.count, isIndexed: isIndexed))
        if isIndexed {
            order()
            try writeIndex(to: file)
        }
        let bytes = try SourceBytes(path: spool.path)
        try bytes.withBytes { bytes throws(WriterError) in
            for item in items { try file.append(bytes.array(from: item.offset, count: item.size)) }
        }
        try file.finish()
        return path
    }

    /// Puts the features along a Hilbert curve through the middles of their boxes.
    private func order() {
        let order = 16
        let last = Double(1 << order - 1)
        func cell(_ middle: Double, _ start: Double, _ length: Double) -> UInt32 {
            length > 0 ? UInt32(max(0, min(last, (middle - start) / length * last))) : 0
        }
        let keys = items.map { item in
            HilbertCurve.distance(
                x: cell(item.box.centre.x, envelope.minX, envelope.width), y: cell(item.box.centre.y, envelope.minY, envelope.height),
                order: order)
        }
        let places = items.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
        items = places.map { items[$0] }
    }

    /// The root first, the leaves last; a leaf says where its feature begins, another node which its first child is.
    private func writeIndex(to file: FileSink) throws(WriterError) {
        var levels: [[(box: Envelope, reference: Int)]] = [[]]
        var offset = 0
        for item in items {
            levels[0].append((item.box, offset))
            offset += item.size
        }
        repeat {
            let below = levels[levels.count - 1]
            var above: [(box: Envelope, reference: Int)] = []
            for first in stride(from: 0, to: below.count, by: FlatGeobufFeature.nodeSize) {
                var box = Envelope.empty
                for node in below[first..<min(first + FlatGeobufFeature.nodeSize, below.count)] { box.formUnion(node.box) }
                above.append((box, first))
            }
            levels.append(above)
        } while levels[levels.count - 1].count > 1
        // Children are numbered through the whole index, and their level follows their parents'.
        var start = 0
        for level in levels.indices.reversed() {
            start += levels[level].count
            for node in levels[level] {
                var bytes: [UInt8] = []
                for ordinate in [node.box.minX, node.box.minY, node.box.maxX, node.box.maxY] { bytes.append(little: ordinate.bitPattern) }
                bytes.append(little: UInt64(level == 0 ? node.reference : start + node.reference))
                try file.append(bytes)
            }
        }
    }
}
