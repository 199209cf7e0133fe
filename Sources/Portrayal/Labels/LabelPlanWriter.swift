import Foundation
import Tiling

/// Writes placed symbols in the form that `LabelPlanReader` reads.
struct LabelPlanWriter {
    private let width: Float
    private let height: Float
    private var sections: [UInt8] = []
    private var layers: [LabelPlanContents.Layer] = []
    private var inks: [LabelPlanContents.Ink] = []
    private var inkPlaces: [LabelPlanContents.Ink: Int] = [:]
    /// The same by object, which spares comparing.
    private var knownInks: [ObjectIdentifier: Int] = [:]
    private var icons: [LabelPlanContents.Icon] = []
    private var iconPlaces: [LabelPlanContents.Icon: Int] = [:]

    private static let leastCellInPixels: Float = 256
    private static let cellsAcross: Float = 1_024

    /// - Parameter width, height: of the canvas in pixels; what lies outside is found all the same.
    init(width: Int, height: Int) {
        self.width = Float(width)
        self.height = Float(height)
    }

    mutating func add(_ layer: String, _ symbols: [PlacedSymbol]) {
        let cell = max(Self.leastCellInPixels, max(width, height) / Self.cellsAcross)
        var entry = LabelPlanContents.Layer(
            id: layer, count: symbols.count, cell: cell, columns: max(1, Int(width / cell) + 1),
            rows: max(1, Int(height / cell) + 1), cells: 0, members: 0, places: 0, records: 0)
        let (starts, members) = Self.cells(symbols, LabelPlanGrid(entry))
        var records: [UInt8] = []
        var places: [UInt32] = []
        places.reserveCapacity(symbols.count)
        for symbol in symbols {
            places.append(UInt32(records.count))
            write(symbol, to: &records)
        }
        entry.cells = append(starts)
        entry.members = append(members)
        entry.places = append(places)
        entry.records = sections.count
        sections += records
        layers.append(entry)
    }

    /// The file's bytes, and their table of contents with offsets from the file's start.
    consuming func finish(canvas: TileWindow) -> (bytes: Data, contents: LabelPlanContents) {
        var contents = LabelPlanContents(
            canvas: LabelPlanContents.Canvas(canvas), layers: layers, inks: inks, icons: icons)
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let table: Data
        do {
            table = try encoder.encode(contents)
        } catch {
            preconditionFailure("a table of contents is numbers and names: \(error)")
        }
        var bytes = Data(LabelPlanContents.mark)
        let padding = (8 - table.count % 8) % 8
        bytes.append(littleEndian: UInt64(table.count + padding))
        bytes.append(table)
        bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: padding))
        bytes.append(contentsOf: sections)
        bytes.append(littleEndian: unsafe bytes.withUnsafeBytes { raw in LabelPlanChecksum.of(unsafe raw.bytes) })
        contents = contents.moved(by: LabelPlanContents.headLength + table.count + padding)
        return (bytes, contents)
    }

    // MARK: Cells

    private static func cells(_ symbols: [PlacedSymbol], _ grid: LabelPlanGrid) -> (starts: [UInt32], members: [UInt32]) {
        var starts = [UInt32](repeating: 0, count: grid.columns * grid.rows + 1)
        for symbol in symbols { grid.forEachCell(symbol.extent) { starts[$0 + 1] += 1 } }
        for i in 1..<starts.count { starts[i] += starts[i - 1] }
        var next = starts
        var members = [UInt32](repeating: 0, count: Int(starts[starts.count - 1]))
        for (i, symbol) in symbols.enumerated() {
            grid.forEachCell(symbol.extent) { place in
                members[Int(next[place])] = UInt32(i)
                next[place] += 1
            }
        }
        return (starts, members)
    }

    /// Appends at a multiple of four; gives where.
    private mutating func append(_ values: [UInt32]) -> Int {
        while sections.count % 4 != 0 { sections.append(UInt8(0)) }
        let start = sections.count
        sections.reserveCapacity(start + values.count * 4)
        for value in values { sections.append(littleEndian: value) }
        return start
    }

    // MARK: Records

    private mutating func write(_ symbol: PlacedSymbol, to bytes: inout [UInt8]) {
        var parts: LabelPlanParts = []
        if symbol.icon != nil { parts.insert(.icon) }
        if !symbol.pictures.isEmpty { parts.insert(.pictures) }
        if let text = symbol.text {
            parts.insert(.text)
            if case .glyphs = text.shape { parts.insert(.glyphs) }
        }
        for value in [symbol.extent.left, symbol.extent.top, symbol.extent.right, symbol.extent.bottom] { bytes.append(value) }
        bytes.append(parts.rawValue)
        if let text = symbol.text { write(text, to: &bytes) }
        if let icon = symbol.icon { write(icon, to: &bytes) }
        guard !symbol.pictures.isEmpty else { return }
        bytes.append(littleEndian: UInt32(symbol.pictures.count))
        for picture in symbol.pictures { write(picture, to: &bytes) }
    }

    private mutating func write(_ text: PlacedSymbol.Text, to bytes: inout [UInt8]) {
        bytes.append(littleEndian: UInt32(place(of: text.ink)))
        let content = Array(text.content.utf8)
        bytes.append(littleEndian: UInt32(content.count))
        bytes += content
        switch text.shape {
        case .block(let x, let y):
            bytes.append(littleEndian: UInt32(bitPattern: x))
            bytes.append(littleEndian: UInt32(bitPattern: y))
        case .glyphs(let glyphs):
            bytes.append(littleEndian: UInt32(glyphs.count))
            for glyph in glyphs {
                bytes.append(littleEndian: glyph.glyph)
                bytes.append(littleEndian: UInt32(glyph.face))
                bytes.append(littleEndian: UInt32(bitPattern: glyph.x))
                bytes.append(littleEndian: UInt32(bitPattern: glyph.y))
                bytes.append(glyph.turn.cosine)
                bytes.append(glyph.turn.sine)
            }
        }
    }

    private mutating func write(_ icon: PlacedSymbol.Icon, to bytes: inout [UInt8]) {
        let entry = LabelPlanContents.Icon(
            name: icon.name, stretch: icon.stretch, shade: icon.shade.map(LabelPlanContents.Shade.init))
        if iconPlaces[entry] == nil {
            iconPlaces[entry] = icons.count
            icons.append(entry)
        }
        bytes.append(littleEndian: UInt32(iconPlaces[entry] ?? 0))
        bytes.append(littleEndian: UInt32(bitPattern: icon.x))
        bytes.append(littleEndian: UInt32(bitPattern: icon.y))
        for value in [icon.scale, icon.degrees, icon.opacity] { bytes.append(value) }
    }

    private mutating func place(of ink: SharedInk) -> Int {
        if let known = knownInks[ObjectIdentifier(ink)] { return known }
        let entry = LabelPlanContents.Ink(ink.ink)
        let place = inkPlaces[entry] ?? inks.count
        if place == inks.count {
            inks.append(entry)
            inkPlaces[entry] = place
        }
        knownInks[ObjectIdentifier(ink)] = place
        return place
    }
}

/// Which parts a record has.
struct LabelPlanParts: OptionSet {
    let rawValue: UInt8
    static let text = Self(rawValue: 1)
    /// The text is single glyphs and not a block.
    static let glyphs = Self(rawValue: 2)
    static let icon = Self(rawValue: 4)
    /// There are pictures in the text.
    static let pictures = Self(rawValue: 8)
}

/// The cells by which a layer's symbols are found.
struct LabelPlanGrid {
    let cell: Float
    let columns: Int
    let rows: Int

    init(_ layer: LabelPlanContents.Layer) {
        cell = layer.cell
        columns = layer.columns
        rows = layer.rows
    }

    func forEachCell(_ box: PixelBox, _ body: (Int) -> Void) {
        func held(_ value: Float, _ count: Int) -> Int {
            let place = value / cell
            guard place > 0 else { return 0 }
            return place < Float(count) ? min(Int(place), count - 1) : count - 1
        }
        for row in held(box.top, rows)...held(box.bottom, rows) {
            for column in held(box.left, columns)...held(box.right, columns) { body(row * columns + column) }
        }
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ value: Float) { append(littleEndian: value.bitPattern) }
}
