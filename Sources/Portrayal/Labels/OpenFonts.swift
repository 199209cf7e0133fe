import Typography

/// The font stacks one worker has open.
struct OpenFonts {
    private var stacks: [[String]: FontStack] = [:]

    /// - Throws: `missingFont` naming the font and where it was looked for.
    mutating func stack(_ names: [String], _ catalogue: FontCatalogue, layer: String) throws(PortrayalError) -> FontStack {
        if let open = stacks[names] { return open }
        do {
            let stack = try FontStack(names: names, catalogue: catalogue)
            stacks[names] = stack
            return stack
        } catch {
            throw PortrayalError(.missingFont, "layer \"\(layer)\": \(error.message)")
        }
    }
}

/// Texts that one worker has laid out already.
struct LayoutCache {
    struct Key: Hashable {
        var text: String
        var stack: ObjectIdentifier
        var sizeInPixels: Float
        var options: TextLayout.Options
    }
    private static let limit = 4_000
    private var layouts: [Key: TextLayout] = [:]
    private var columns: [Key: ColumnLayout] = [:]

    mutating func layout(
        _ text: String, _ stack: FontStack, sizeInPixels: Float, options: TextLayout.Options
    ) -> TextLayout {
        let key = Key(text: text, stack: ObjectIdentifier(stack), sizeInPixels: sizeInPixels, options: options)
        if let known = layouts[key] { return known }
        let layout = TextLayout(text, stack: stack, sizeInPixels: sizeInPixels, options: options)
        if layouts.count >= Self.limit { layouts.removeAll(keepingCapacity: true) }
        layouts[key] = layout
        return layout
    }

    /// The same from top to bottom.
    mutating func columns(
        _ text: String, _ stack: FontStack, sizeInPixels: Float, options: TextLayout.Options
    ) -> ColumnLayout {
        let key = Key(text: text, stack: ObjectIdentifier(stack), sizeInPixels: sizeInPixels, options: options)
        if let known = columns[key] { return known }
        let layout = ColumnLayout(text, stack: stack, sizeInPixels: sizeInPixels, options: options)
        if columns.count >= Self.limit { columns.removeAll(keepingCapacity: true) }
        columns[key] = layout
        return layout
    }
}
