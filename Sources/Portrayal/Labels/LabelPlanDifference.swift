import Foundation
public import Tiling

extension LabelPlan {
    /// The tiles on which two plans of one level do not draw the same labels; `nil` where they cannot be compared, because they
    /// were placed on different canvases.
    public func tilesThatDiffer(from former: LabelPlan) -> Set<TileAddress>? {
        guard canvas == former.canvas else { return nil }
        var tiles: Set<TileAddress> = []
        for id in Set(layers.keys).union(former.layers.keys) {
            var digests: [UInt64: Int] = [:]
            former.forEachDigest(of: id) { digest, _ in digests[digest, default: 0] += 1 }
            // What is left over of either has come or gone; the order of those in both does not change.
            forEachDigest(of: id) { digest, extent in
                if let count = digests[digest] {
                    digests[digest] = count == 1 ? nil : count - 1
                } else {
                    add(extent, to: &tiles)
                }
            }
            guard !digests.isEmpty else { continue }
            former.forEachDigest(of: id) { digest, extent in
                if digests[digest] != nil { add(extent, to: &tiles) }
            }
        }
        return tiles
    }

    /// A pixel more on every side: edges are smoothed.
    private func add(_ extent: PixelBox, to tiles: inout Set<TileAddress>) {
        let side = Float(canvas.extent / PixelGeometry.unitsPerPixel)
        func place(_ pixels: Float) -> Int { Int((pixels / side).rounded(.down)) }
        let reach = Float(1 << 30)
        let box = PixelBox(
            left: max(-reach, extent.left - 1), top: max(-reach, extent.top - 1), right: min(reach, extent.right + 1),
            bottom: min(reach, extent.bottom + 1))
        guard box.left <= box.right, box.top <= box.bottom else { return }
        for row in place(box.top)...place(box.bottom) {
            for column in place(box.left)...place(box.right) {
                tiles.insert(
                    TileAddress(level: canvas.origin.level, row: canvas.origin.row + row, column: canvas.origin.column + column))
            }
        }
    }

    /// Calls `body` with a digest of each symbol of a layer, equal for equal ones of any plan, and what it may paint.
    private func forEachDigest(of id: String, _ body: (UInt64, PixelBox) -> Void) {
        guard let layer = layers[id] else { return }
        let (inkDigests, iconDigests) = (contents.inks.map(SymbolDigest.of), contents.icons.map(SymbolDigest.of))
        unsafe bytes.withUnsafeBytes { raw in
            let span = unsafe raw.bytes
            for i in 0..<layer.count {
                let place = layer.records + Int(span.word(at: layer.places + i * 4))
                let edges = (0..<4).map { Float(bitPattern: span.word(at: place + 4 * $0)) }
                body(
                    SymbolDigest.of(record: place, in: span, inks: inkDigests, icons: iconDigests),
                    PixelBox(left: edges[0], top: edges[1], right: edges[2], bottom: edges[3]))
            }
        }
    }
}

/// Digests one record of a plan, which names inks and icons by numbers that other plans give to other ones.
private struct SymbolDigest {
    private var value: UInt64 = 0xCBF2_9CE4_8422_2325

    static func of(record place: Int, in span: RawSpan, inks: [UInt64], icons: [UInt64]) -> UInt64 {
        var digest = SymbolDigest()
        let parts = LabelPlanParts(rawValue: span.byte(at: place + 16))
        digest.add(span, from: place, to: place + 17)
        var at = place + 17
        if parts.contains(.text) {
            digest.add(named: span.word(at: at), of: inks)
            let content = Int(span.word(at: at + 4))
            var end = at + 8 + content
            end += parts.contains(.glyphs) ? 4 + 24 * Int(span.word(at: end)) : 8
            digest.add(span, from: at + 4, to: end)
            at = end
        }
        var iconCount = parts.contains(.icon) ? 1 : 0
        if parts.contains(.pictures) {
            // The icon comes before the count of the pictures.
            if iconCount == 1 { digest.addIcon(span, &at, icons) }
            iconCount = Int(span.word(at: at))
            at += 4
        }
        for _ in 0..<min(iconCount, span.byteCount) { digest.addIcon(span, &at, icons) }
        return digest.value
    }

    private mutating func addIcon(_ span: RawSpan, _ place: inout Int, _ icons: [UInt64]) {
        add(named: span.word(at: place), of: icons)
        add(span, from: place + 4, to: place + 24)
        place += 24
    }

    private mutating func add(named number: UInt32, of digests: [UInt64]) {
        add(Int(number) < digests.count ? digests[Int(number)] : UInt64(number))
    }

    private mutating func add(_ word: UInt64) {
        value = (value ^ word) &* 0x9E37_79B9_7F4A_7C15
        value ^= value >> 29
    }

    /// Reading past the end gives zeros.
    private mutating func add(_ span: RawSpan, from start: Int, to end: Int) {
        var at = start
        let held = min(end, span.byteCount)
        while at + 8 <= held {
            add(span.word64(at: at))
            at += 8
        }
        while at < held {
            add(UInt64(span.byte(at: at)))
            at += 1
        }
    }

    static func of<Entry: Encodable>(_ entry: Entry) -> UInt64 {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var digest = SymbolDigest()
        do {
            for byte in try encoder.encode(entry) { digest.add(UInt64(byte)) }
        } catch {
            preconditionFailure("a table of contents is numbers and names: \(error)")
        }
        return digest.value
    }
}
