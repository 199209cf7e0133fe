/// Reads symbols out of a plan's bytes. A checksum has vouched for them, and still nothing is read past their end.
struct LabelPlanReader {
    let inks: [SharedInk]
    let icons: [LabelPlanContents.Icon]

    /// The symbols of a layer whose extents meet a box, in drawing order.
    func symbols(of layer: LabelPlanContents.Layer, meeting box: PixelBox, in bytes: RawSpan) -> [PlacedSymbol] {
        var found: Set<UInt32> = []
        LabelPlanGrid(layer).forEachCell(box) { place in
            let start = bytes.word(at: layer.cells + place * 4)
            let end = bytes.word(at: layer.cells + place * 4 + 4)
            guard start <= end else { return }
            for i in start..<end {
                let symbol = bytes.word(at: layer.members + Int(i) * 4)
                if extent(at: record(symbol, layer, bytes), bytes).meets(box) { found.insert(symbol) }
            }
        }
        return found.sorted().map { symbol(at: record($0, layer, bytes), bytes) }
    }

    private func record(_ symbol: UInt32, _ layer: LabelPlanContents.Layer, _ bytes: RawSpan) -> Int {
        layer.records + Int(bytes.word(at: layer.places + Int(symbol) * 4))
    }

    private func extent(at place: Int, _ bytes: RawSpan) -> PixelBox {
        PixelBox(
            left: bytes.float(at: place), top: bytes.float(at: place + 4), right: bytes.float(at: place + 8),
            bottom: bytes.float(at: place + 12))
    }

    private func symbol(at place: Int, _ bytes: RawSpan) -> PlacedSymbol {
        var symbol = PlacedSymbol(text: nil, icon: nil, order: 0, extent: extent(at: place, bytes))
        let parts = LabelPlanParts(rawValue: bytes.byte(at: place + 16))
        var at = place + 17
        if parts.contains(.text) { symbol.text = text(isGlyphs: parts.contains(.glyphs), at: &at, bytes) }
        if parts.contains(.icon) { symbol.icon = icon(at: &at, bytes) }
        if parts.contains(.pictures) {
            let count = Int(bytes.word(at: at))
            at += 4
            symbol.pictures = (0..<count).compactMap { _ in icon(at: &at, bytes) }
        }
        return symbol
    }

    private func text(isGlyphs: Bool, at place: inout Int, _ bytes: RawSpan) -> PlacedSymbol.Text? {
        let ink = Int(bytes.word(at: place))
        let content = bytes.text(at: place + 8, count: Int(bytes.word(at: place + 4)))
        place += 8 + content.utf8.count
        let shape: PlacedSymbol.Shape
        if isGlyphs {
            let count = Int(bytes.word(at: place))
            place += 4
            shape = .glyphs((0..<count).map { _ in glyph(at: &place, bytes) })
        } else {
            shape = .block(x: bytes.signedWord(at: place), y: bytes.signedWord(at: place + 4))
            place += 8
        }
        return inks.indices.contains(ink) ? PlacedSymbol.Text(content: content, ink: inks[ink], shape: shape) : nil
    }

    private func glyph(at place: inout Int, _ bytes: RawSpan) -> TurnedGlyph {
        defer { place += 24 }
        return TurnedGlyph(
            glyph: bytes.word(at: place), face: Int(bytes.word(at: place + 4)), x: bytes.signedWord(at: place + 8),
            y: bytes.signedWord(at: place + 12),
            turn: Rotation(cosine: bytes.float(at: place + 16), sine: bytes.float(at: place + 20)))
    }

    private func icon(at place: inout Int, _ bytes: RawSpan) -> PlacedSymbol.Icon? {
        let number = Int(bytes.word(at: place))
        defer { place += 24 }
        guard icons.indices.contains(number) else { return nil }
        return PlacedSymbol.Icon(
            name: icons[number].name, stretch: icons[number].stretch, x: bytes.signedWord(at: place + 4),
            y: bytes.signedWord(at: place + 8), scale: bytes.float(at: place + 12), degrees: bytes.float(at: place + 16),
            opacity: bytes.float(at: place + 20), shade: icons[number].shade?.shade)
    }
}

extension RawSpan {
    /// Zero past the end, as everything here.
    func byte(at offset: Int) -> UInt8 {
        offset >= 0 && offset < byteCount ? unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self) : 0
    }

    func word(at offset: Int) -> UInt32 {
        guard offset >= 0, offset <= byteCount - 4 else { return 0 }
        return UInt32(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    func word64(at offset: Int) -> UInt64 {
        guard offset >= 0, offset <= byteCount - 8 else { return 0 }
        return UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    fileprivate func signedWord(at offset: Int) -> Int32 { Int32(bitPattern: word(at: offset)) }

    fileprivate func float(at offset: Int) -> Float { Float(bitPattern: word(at: offset)) }

    fileprivate func text(at offset: Int, count: Int) -> String {
        guard count > 0, offset >= 0, count <= byteCount - offset else { return "" }
        return unsafe extracting(offset..<(offset + count)).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }
}
