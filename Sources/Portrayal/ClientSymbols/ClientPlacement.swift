import Raster
import Tiling
import Typography

/// Gives symbols their places as MapLibre's clients do: layers from the top, in each the tiles and their features in
/// order, every symbol where it finds room for text and icon.
struct ClientPlacement {
    let frame: RenderFrame
    let blocks: (any GlyphBlocks)?
    let catalogue: FontCatalogue
    private var taken: CollisionIndex

    init(frame: RenderFrame, blocks: (any GlyphBlocks)?, catalogue: FontCatalogue) {
        self.frame = frame
        self.blocks = blocks
        self.catalogue = catalogue
        taken = CollisionIndex(width: frame.width, height: frame.height)
    }

    /// - Returns: for every layer of `zoomed` what each tile draws, in drawing order.
    mutating func place(
        _ zoomed: [ZoomedLayer], _ tiles: [PlacedTile], _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> [[DrawnSymbols]] {
        var placed = [[DrawnSymbols]](repeating: [], count: zoomed.count)
        for i in zoomed.indices.reversed() where zoomed[i].kind == .symbol {
            let common = SymbolLayerFormat(zoomed[i].onWholeZoom.first ?? zoomed[i], frame)
            let texts = ClientTextSetting(
                layer: zoomed[i].id, common: common, frame: frame, blocks: blocks, catalogue: catalogue)
            var seekers: [Seeker] = []
            var drawn: [DrawnSymbols] = []
            for (t, tile) in tiles.enumerated() where tile.feeds(zoomed[i]) {
                for (d, data) in tile.layers.enumerated() where zoomed[i].reads(data) {
                    let builder = ClientSymbolBuilder(layer: zoomed[i], common: common, frame: frame, tile: tile.placement)
                    let symbols = try builder.symbols(data) { format throws(PortrayalError) in
                        try length(format, texts, &scratch)
                    }
                    seekers += symbols.map { Seeker(symbol: $0, tile: drawn.count) }
                    drawn.append(DrawnSymbols(tile: t, data: d, isInterleaved: common.sortsByKey))
                }
            }
            // Keys rank the symbols of all tiles.
            if common.sortsByKey { seekers = Self.keyed(seekers) }
            placed[i] = try place(seekers, drawn, common, texts, &scratch)
        }
        return placed
    }

    /// A symbol that looks for a place, and which of the layer's tiles it is of.
    private struct Seeker {
        var symbol: ClientSymbol
        var tile: Int
    }

    private static func keyed(_ seekers: [Seeker]) -> [Seeker] {
        seekers.indices.sorted { a, b in
            let (x, y) = (seekers[a].symbol.format.sortKey, seekers[b].symbol.format.sortKey)
            return x != y ? x < y : a < b
        }.map { seekers[$0] }
    }

    private mutating func place(
        _ seekers: [Seeker], _ parts: [DrawnSymbols], _ common: SymbolLayerFormat, _ texts: ClientTextSetting,
        _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> [DrawnSymbols] {
        var drawn = parts
        for seeker in seekers {
            let symbol = seeker.symbol
            if var one = try place(symbol, common, texts, &scratch) {
                one.order = (common.sortsByKey ? symbol.format.sortKey : Double(symbol.y), symbol.index)
                drawn[seeker.tile].symbols.append(one)
                scratch.statistics.labelsPlaced += 1
            } else {
                scratch.statistics.labelsRejected += 1
            }
        }
        scratch.statistics.featuresDrawn += seekers.count
        guard common.ordersByY else { return drawn }
        for i in drawn.indices {
            // Of two on one line the later feature goes below.
            drawn[i].symbols.sort {
                $0.order.key != $1.order.key ? $0.order.key < $1.order.key : $0.order.index > $1.order.index
            }
        }
        return drawn
    }

    /// Device pixels that a symbol needs along a line.
    private func length(
        _ format: SymbolFormat, _ texts: ClientTextSetting, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> Float {
        var length: Float = 0
        if format.hasLabel, let hanging = texts.hangings(format).first {
            let layout = try texts.layout(format, hanging, texts.standsSteep(format) ? .steepLine : .row, wraps: false, &scratch)
            length = (layout.right - layout.left) * format.sizeInPixels / Float(GlyphRange.sizeInPixels)
        }
        if let name = format.icon, let sprite = frame.sprites.icon(name, ratio: frame.ratio) {
            // As if it were text: icons take part in the size of texts here.
            let width = Float(sprite.image.width) / sprite.ratio
            length = max(length, width * format.sizeInPixels / Float(GlyphRange.sizeInPixels))
        }
        return length
    }

    // MARK: One symbol

    private mutating func place(
        _ symbol: ClientSymbol, _ common: SymbolLayerFormat, _ texts: ClientTextSetting, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> DrawnSymbol? {
        let format = symbol.format
        var sprite: SpriteIcon?
        if let name = format.icon {
            sprite = frame.sprites.icon(name, ratio: frame.ratio)
            if sprite == nil { scratch.statistics.missingImages.insert(name) }
        }
        let drawing = ClientSymbolDrawing(common: common, frame: frame)
        guard format.hasLabel else {
            guard let sprite else { return nil }
            let icon = ClientIcon(sprite, format)
            return settle(nil, drawing.icon(icon, symbol), common)
        }
        let hangings = texts.hangings(format)
        var isUnlettered = false
        defer { if isUnlettered { note(symbol, texts, &scratch) } }
        for direction in texts.directions(format) {
            for attempt in 0..<(common.textOverlaps && hangings.count > 1 ? 2 : 1) {
                for hanging in hangings {
                    let layout = try texts.layout(format, hanging, direction, wraps: common.placement == .point, &scratch)
                    isUnlettered = !layout.missing.isEmpty
                    let steep = texts.standsSteep(format)
                        ? try texts.layout(format, hanging, .steepLine, wraps: false, &scratch) : nil
                    guard let text = drawing.text(layout, steep: steep, symbol) else { continue }
                    let icon = sprite.map { drawing.icon(fitted($0, format, layout, common), symbol, isTurned: isTurned(layout, common)) }
                    let mayOverlap = hangings.count == 1 || attempt == 1
                    if let done = settle(text, icon, common, textMayOverlap: mayOverlap) { return done }
                }
            }
        }
        return nil
    }

    /// An icon that is fitted to a column is turned with it.
    private func isTurned(_ layout: DistanceLayout, _ common: SymbolLayerFormat) -> Bool {
        layout.isColumn && common.iconFit != "none"
    }

    /// Clients draw such a text with a gap; it is told all the same.
    private func note(_ symbol: ClientSymbol, _ texts: ClientTextSetting, _ scratch: inout RenderScratch) {
        scratch.statistics.unlettered.append(
            UnletteredLabel(layer: texts.layer, text: symbol.format.text, x: symbol.x, y: symbol.y))
    }

    private func fitted(
        _ sprite: SpriteIcon, _ format: SymbolFormat, _ layout: DistanceLayout, _ common: SymbolLayerFormat
    ) -> ClientIcon {
        guard common.iconFit != "none" else { return ClientIcon(sprite, format) }
        let scale = format.sizeInPixels / frame.ratio / Float(GlyphRange.sizeInPixels)
        var box = PixelBox(
            left: layout.left * scale, top: layout.top * scale, right: layout.right * scale, bottom: layout.bottom * scale)
        if layout.isColumn { box = PixelBox(left: box.top, top: -box.right, right: box.bottom, bottom: -box.left) }
        return ClientIcon(
            sprite, format, around: box, fit: common.iconFit, padding: common.iconFitPadding.map { $0 / frame.ratio })
    }

    /// Text and icon that both find room, or one of them where the other may be missing.
    private mutating func settle(
        _ text: ClientSymbolDrawing.Piece?, _ icon: ClientSymbolDrawing.Piece?, _ common: SymbolLayerFormat,
        textMayOverlap: Bool = true
    ) -> DrawnSymbol? {
        var textFits = text.map { isFree($0.boxes, common.textOverlaps && textMayOverlap) } ?? false
        var iconFits = icon.map { isFree($0.boxes, common.iconOverlaps) } ?? false
        let needsText = !(common.textOptional || text == nil)
        let needsIcon = !(common.iconOptional || icon == nil)
        switch (needsText, needsIcon) {
        case (true, true): (textFits, iconFits) = (textFits && iconFits, textFits && iconFits)
        case (false, true): textFits = textFits && iconFits
        case (true, false): iconFits = iconFits && textFits
        case (false, false): break
        }
        guard textFits || iconFits else { return nil }
        var drawn = DrawnSymbol()
        if let text, textFits {
            (drawn.glyphs, drawn.images) = (text.glyphs, text.images)
            drawn.boxes += text.boxes
            if !common.textIgnoresPlacement { for box in text.boxes { taken.take(box) } }
        }
        if let icon, iconFits {
            drawn.icons = icon.glyphs
            drawn.images = icon.images + drawn.images
            drawn.boxes += icon.boxes
            if !common.iconIgnoresPlacement { for box in icon.boxes { taken.take(box) } }
        }
        return drawn
    }

    /// Past the picture's edge symbols are placed up to here; farther off there is no room.
    private static let reachInPixels: Float = 100

    private func isFree(_ boxes: [PixelBox], _ overlaps: Bool) -> Bool {
        let area = PixelBox(left: 0, top: 0, right: Float(frame.width), bottom: Float(frame.height))
            .grown(by: Self.reachInPixels * frame.ratio)
        guard boxes.contains(where: area.meets) else { return false }
        return overlaps || taken.areFree(boxes)
    }
}
