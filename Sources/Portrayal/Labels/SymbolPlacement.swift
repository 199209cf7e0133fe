import Raster
import Tiling
import Typography

/// Gives the symbols of all layers of a window their places: the topmost layer chooses first, and inside a layer the
/// candidate that precedes.
///
/// A symbol that gives way to others is drawn only when it lies wholly inside the window, so that none is cut where
/// two windows meet; one that overlaps in any case stands in both windows alike and may be cut.
struct SymbolPlacement {
    let frame: RenderFrame
    let catalogue: FontCatalogue
    private(set) var room: PlacementRoom
    /// Counted from the topmost; names are kept apart inside a layer.
    private var layerNumber = -1

    init(frame: RenderFrame, catalogue: FontCatalogue) {
        self.frame = frame
        self.catalogue = catalogue
        room = PlacementRoom(width: frame.width, height: frame.height)
    }

    /// Places the symbols of one layer, after those of the layers above it.
    ///
    /// - Parameter layers: of which those count that the layer draws.
    /// - Returns: the symbols in drawing order.
    mutating func place(
        _ layer: ZoomedLayer, _ layers: [TileLayer], _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> [PlacedSymbol] {
        let common = SymbolLayerFormat(layer, frame)
        layerNumber += 1
        var placed: [PlacedSymbol] = []
        for data in layers where layer.reads(data) {
            placed += try place(layer, common, data, &scratch)
        }
        return Self.inDrawingOrder(placed, common)
    }

    private mutating func place(
        _ layer: ZoomedLayer, _ common: SymbolLayerFormat, _ data: TileLayer, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> [PlacedSymbol] {
        var texts = TextSetting(layer: layer.id, common: common, catalogue: catalogue, frame: frame)
        let candidates = try SymbolCandidates(layer: layer, common: common, frame: frame).collect(data) {
            format throws(PortrayalError) in
            format.text.isEmpty ? 0 : try texts.layout(format, wraps: false, &scratch).width
        }
        var placed: [PlacedSymbol] = []
        for candidate in candidates {
            room.begin(0)
            if let symbol = try place(candidate, common, &texts, &scratch) {
                placed.append(symbol)
                scratch.statistics.labelsPlaced += 1
            } else {
                scratch.statistics.labelsRejected += 1
            }
        }
        scratch.statistics.featuresDrawn += candidates.count
        return placed
    }

    /// The turn of one candidate among others of which some that come later have their places already.
    ///
    /// - Parameters:
    ///   - owner: the candidate's number, under which the room keeps what it takes.
    ///   - ranks: of all owners.
    mutating func decide(
        _ candidate: SymbolCandidate, owner: Int32, among ranks: [SymbolRank], _ common: SymbolLayerFormat,
        _ texts: inout TextSetting, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> PlacedSymbol? {
        layerNumber = Int(ranks[Int(owner)].layer)
        room.begin(owner, among: ranks)
        return try place(candidate, common, &texts, &scratch)
    }

    mutating func release(_ claim: PlacementRoom.Claim, by owner: Int32) { room.release(claim, by: owner) }

    /// Symbols in the order in which they chose, brought into drawing order.
    static func inDrawingOrder(_ placed: [PlacedSymbol], _ common: SymbolLayerFormat) -> [PlacedSymbol] {
        guard common.ordersByY || common.sortsByKey else { return placed }
        let order = placed.indices.sorted { a, b in
            placed[a].order != placed[b].order ? placed[a].order < placed[b].order : a < b
        }
        return order.map { placed[$0] }
    }

    /// The turn of one candidate; `nil` where it finds no place.
    private mutating func place(
        _ candidate: SymbolCandidate, _ common: SymbolLayerFormat, _ texts: inout TextSetting, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> PlacedSymbol? {
        var symbol: PlacedSymbol?
        switch candidate.place {
        case .point(let x, let y, let turn): symbol = try place(candidate, common, at: (x, y), turn, &texts, &scratch)
        case .line(let line, let middle): symbol = try place(candidate, common, along: line, middle, &texts, &scratch)
        }
        symbol?.feature = candidate.id
        symbol?.order = common.sortsByKey ? candidate.format.sortKey : Double(candidate.position.y)
        return symbol
    }

    // MARK: At a point

    private mutating func place(
        _ candidate: SymbolCandidate, _ common: SymbolLayerFormat, at anchor: (x: Float, y: Float), _ turn: Rotation,
        _ texts: inout TextSetting, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> PlacedSymbol? {
        let format = candidate.format
        guard format.text.isEmpty || !isRepeated(format.text, anchor, common) else { return nil }
        let icons = IconSetting(common: common, frame: frame)
        guard format.hasLabel else { return placeIcon(format, common, at: anchor, turn, icons, &scratch) }
        guard !isHopeless(format, common, anchor, turn, icons, &scratch) else { return nil }
        let wraps = common.placement == .point
        for mode in texts.writingModes(format.text) {
            let text = try texts.pointText(format, mode, wraps: wraps, &scratch)
            if text.lacksCharacters {
                leaveOut(format, at: anchor, texts, &scratch)
                // An icon that is made for a text says nothing without it.
                return common.iconFit == "none" ? placeIcon(format, common, at: anchor, turn, icons, &scratch) : nil
            }
            if let symbol = place(text, format, common, at: anchor, turn, icons, &texts, &scratch) { return symbol }
        }
        return nil
    }

    /// A text of one writing mode, at the first of its anchors that is free.
    private mutating func place(
        _ text: PointText, _ format: SymbolFormat, _ common: SymbolLayerFormat, at anchor: (x: Float, y: Float), _ turn: Rotation,
        _ icons: IconSetting, _ texts: inout TextSetting, _ scratch: inout RenderScratch
    ) -> PlacedSymbol? {
        let anchors = Self.anchors(format, common)
        for (side, offset) in anchors.list {
            let shift = text.corner(
                side, offset: (offset.x * format.sizeInPixels, offset.y * format.sizeInPixels), isOneOfMany: anchors.areMany)
            let corner = (x: anchor.x + shift.x + common.textTranslation.x, y: anchor.y + shift.y + common.textTranslation.y)
            let block = PixelBox(left: corner.x, top: corner.y, right: corner.x + text.width, bottom: corner.y + text.height)
            let icon = icons.icon(format, at: anchor, turn, around: block, &scratch)
            let textExtent = block.grown(by: format.haloReach + Self.edgeInPixels)
            let iconExtent = icon?.box.grown(by: Self.edgeInPixels)
            let textFits = accepts(
                block.grown(by: common.textPadding), ink: textExtent, overlaps: common.textOverlaps)
            let iconFits = icon.map {
                accepts($0.box, ink: $0.box.grown(by: Self.edgeInPixels), overlaps: common.iconOverlaps)
            } ?? true
            guard textFits || common.textOptional && icon != nil, iconFits || common.iconOptional, textFits || iconFits
            else { continue }
            var symbol = PlacedSymbol(text: nil, icon: nil, order: 0, extent: textFits ? textExtent : iconExtent ?? textExtent)
            if textFits {
                take(block.grown(by: common.textPadding), unless: common.textIgnoresPlacement)
                symbol.text = PlacedSymbol.Text(
                    content: format.text, ink: texts.sharedInk(format, wraps: common.placement == .point),
                    shape: text.shape(x: corner.x, y: corner.y))
                symbol.pictures = text.pictures(x: corner.x, y: corner.y)
                if common.placement != .point { room.name(format.text, anchor, layer: layerNumber) }
            }
            if let icon, let iconExtent, iconFits {
                take(icon.box, unless: common.iconIgnoresPlacement)
                symbol.icon = icon.icon
                symbol.extent = symbol.extent.union(iconExtent)
            }
            return symbol
        }
        return nil
    }

    /// A symbol of an icon alone.
    private mutating func placeIcon(
        _ format: SymbolFormat, _ common: SymbolLayerFormat, at anchor: (x: Float, y: Float), _ turn: Rotation,
        _ icons: IconSetting, _ scratch: inout RenderScratch
    ) -> PlacedSymbol? {
        guard let icon = icons.icon(format, at: anchor, turn, around: nil, &scratch) else { return nil }
        let extent = icon.box.grown(by: Self.edgeInPixels)
        guard accepts(icon.box, ink: extent, overlaps: common.iconOverlaps) else { return nil }
        take(icon.box, unless: common.iconIgnoresPlacement)
        return PlacedSymbol(text: nil, icon: icon.icon, order: 0, extent: extent)
    }

    /// Notes a text that the fonts cannot write: a name with a hole in it would be another name.
    private func leaveOut(
        _ format: SymbolFormat, at anchor: (x: Float, y: Float), _ texts: TextSetting, _ scratch: inout RenderScratch
    ) {
        scratch.statistics.unlettered.append(
            UnletteredLabel(layer: texts.layer, text: format.text, x: anchor.x, y: anchor.y))
    }

    /// Whether no layout of the text can find a place, which costs little to see and spares the layout: where the icon
    /// has none, or where the point itself is taken that the text would cover.
    private mutating func isHopeless(
        _ format: SymbolFormat, _ common: SymbolLayerFormat, _ anchor: (x: Float, y: Float), _ turn: Rotation,
        _ icons: IconSetting, _ scratch: inout RenderScratch
    ) -> Bool {
        if format.icon != nil, common.iconFit == "none", !common.iconOptional, !common.iconOverlaps,
            let icon = icons.icon(format, at: anchor, turn, around: nil, &scratch), !room.isFree(icon.box)
        {
            return true
        }
        let mayGoWithoutText = common.textOptional && format.icon != nil
        guard !common.textOverlaps, !mayGoWithoutText, common.variableAnchors.isEmpty, format.anchorOffsets.isEmpty,
            format.anchor == .center, format.offset == (0, 0), common.textTranslation == (0, 0)
        else { return false }
        return !room.isFree(PixelBox(left: anchor.x, top: anchor.y, right: anchor.x, bottom: anchor.y))
    }

    /// Where a text may hang from its point, in order of preference.
    private static func anchors(
        _ format: SymbolFormat, _ common: SymbolLayerFormat
    ) -> (list: [(side: SymbolAnchor, offset: (x: Float, y: Float))], areMany: Bool) {
        if !format.anchorOffsets.isEmpty {
            let list = format.anchorOffsets.map { entry in
                (entry.anchor, entry.offset.count == 2 ? (Float(entry.offset[0]), Float(entry.offset[1])) : (0, 0))
            }
            return (list, true)
        }
        guard !common.variableAnchors.isEmpty else { return ([(format.anchor, format.offset)], false) }
        let list = common.variableAnchors.map { side in
            let away = format.radialOffsetInEm != 0
                ? side.away(format.radialOffsetInEm, format.radialOffsetInEm) : side.away(abs(format.offset.x), abs(format.offset.y))
            return (side, away)
        }
        return (list, true)
    }

    // MARK: Along a line

    private mutating func place(
        _ candidate: SymbolCandidate, _ common: SymbolLayerFormat, along way: TwoWayLine, _ middle: Float,
        _ texts: inout TextSetting, _ scratch: inout RenderScratch
    ) throws(PortrayalError) -> PlacedSymbol? {
        let format = candidate.format
        let given = way.forward
        let layout = try texts.layout(format, wraps: false, &scratch)
        guard layout.missing.isEmpty else {
            let anchor = given.point(at: middle)
            leaveOut(format, at: (anchor.x, anchor.y), texts, &scratch)
            return nil
        }
        guard let row = layout.lines.first, !row.run.glyphs.isEmpty else { return nil }
        let half = row.run.width / 2
        guard middle - half >= 0, middle + half <= given.length,
            given.isGentle(
                from: middle - half, to: middle + half, maximumAngle: common.maximumAngle, within: format.sizeInPixels * 1.5)
        else { return nil }
        let anchor = given.point(at: middle)
        guard !isRepeated(format.text, (anchor.x, anchor.y), common) else { return nil }
        let runsLeft = given.point(at: middle + half).x < given.point(at: middle - half).x
        let flips = common.keepsTextUpright && runsLeft
        let line = flips ? way.backward : given
        let start = (flips ? given.length - middle : middle) - half
        let drop = (TextLayout.baselineBelowMiddleInEm + format.offset.y) * format.sizeInPixels
        var glyphs: [TurnedGlyph] = []
        var boxes: [PixelBox] = []
        for glyph in row.run.glyphs {
            let centre = line.point(at: start + glyph.x + glyph.advance / 2)
            let turn = common.glyphsStandUpright ? Rotation(dx: 1, dy: 0) : centre.turn
            let origin = turn.applied(-glyph.advance / 2, drop + glyph.y)
            let (x, y) = (centre.x + common.textTranslation.x, centre.y + common.textTranslation.y)
            glyphs.append(
                TurnedGlyph(
                    glyph: glyph.glyph, face: glyph.face, x: PlacedSymbol.units(x + origin.x),
                    y: PlacedSymbol.units(y + origin.y), turn: turn))
            let reach = max(glyph.advance, format.sizeInPixels) / 2
            let aside = turn.applied(0, format.offset.y * format.sizeInPixels)
            boxes.append(
                PixelBox(
                    left: x + aside.x - reach, top: y + aside.y - reach, right: x + aside.x + reach,
                    bottom: y + aside.y + reach
                ).grown(by: common.textPadding))
        }
        // The corners of a turned glyph reach past the upright box that stands for it.
        let turned = (Float(2).squareRoot() - 1) / 2 * format.sizeInPixels
        let reach = turned + max(0, format.haloReach - common.textPadding) + Self.edgeInPixels
        for box in boxes {
            guard accepts(box, ink: box.grown(by: reach), overlaps: common.textOverlaps) else { return nil }
        }
        for box in boxes { take(box, unless: common.textIgnoresPlacement) }
        room.name(format.text, (anchor.x, anchor.y), layer: layerNumber)
        guard let first = boxes.first else { return nil }
        return PlacedSymbol(
            text: PlacedSymbol.Text(
                content: format.text, ink: texts.sharedInk(format, wraps: false), shape: .glyphs(glyphs)),
            icon: nil, order: 0, extent: boxes.reduce(first) { $0.union($1) }.grown(by: reach))
    }

    // MARK: Room

    /// Anti-aliasing and a glyph's overhang past its box.
    private static let edgeInPixels: Float = 2

    /// Whether the same name stands nearby already; two carriageways of a road are two lines and one name.
    private mutating func isRepeated(_ text: String, _ p: (x: Float, y: Float), _ common: SymbolLayerFormat) -> Bool {
        guard common.placement != .point else { return false }
        return room.isNamed(text, p, within: common.spacing * 0.6, layer: layerNumber)
    }

    /// - Parameter ink: what the symbol may paint, halo included; must lie in the window, where labels are kept whole.
    private mutating func accepts(_ box: PixelBox, ink: PixelBox, overlaps: Bool) -> Bool {
        if overlaps { return true }
        if frame.options.keepsLabelsWhole, !ink.lies(inWidth: frame.width, height: frame.height) { return false }
        return room.isFree(box)
    }

    private mutating func take(_ box: PixelBox, unless ignored: Bool) {
        if !ignored { room.take(box) }
    }
}
