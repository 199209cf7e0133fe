import CFreeType

extension FontStack {
    /// A glyph's fill, unhinted, 256 greys; cached.
    ///
    /// - Throws: `glyphUnreadable`, `sizeInvalid`.
    public func bitmap(_ placement: GlyphPlacement) throws(TypographyError) -> GlyphBitmap {
        let key = try GlyphKey(placement)
        if let bitmap = bitmaps.value(for: key) { return bitmap }
        let bitmap = try render(key)
        bitmaps.insert(bitmap, for: key, cost: bitmap.coverage.count + 96)
        return bitmap
    }

    /// A damaged font may name a box that would take the machine's memory.
    private static let largestGlyphInEm = 8

    private func render(_ key: GlyphKey) throws(TypographyError) -> GlyphBitmap {
        let face = faces[Int(key.face)]
        try face.load(key.glyph)
        guard let slot = unsafe face.handle.pointee.glyph else { throw face.unreadable(key.glyph, 0) }
        let scale = FT_Fixed((Float(key.size) / face.unitsPerEm * 65536).rounded())
        var matrix = FT_Matrix(xx: scale, xy: 0, yx: 0, yy: scale)
        unsafe FT_Outline_Transform(&slot.pointee.outline, &matrix)
        if key.quarter > 0 { unsafe FT_Outline_Translate(&slot.pointee.outline, FT_Pos(key.quarter) * 16, 0) }
        var box = FT_BBox()
        unsafe FT_Outline_Get_CBox(&slot.pointee.outline, &box)
        let bound = FontStack.largestGlyphInEm * Int(key.size)
        guard box.xMax - box.xMin <= bound, box.yMax - box.yMin <= bound else { throw face.unreadable(key.glyph, 0) }
        let status = unsafe FT_Render_Glyph(slot, FT_RENDER_MODE_NORMAL)
        guard status == 0 else { throw face.unreadable(key.glyph, status) }
        let bitmap = unsafe slot.pointee.bitmap
        let width = unsafe Int(bitmap.width)
        let height = unsafe Int(bitmap.rows)
        guard width > 0, height > 0, let rows = unsafe bitmap.buffer else { return .empty }
        let pitch = unsafe Int(bitmap.pitch)
        let coverage = unsafe [UInt8](unsafeUninitializedCapacity: width * height) { target, count in
            for row in 0..<height {
                unsafe (target.baseAddress! + row * width).initialize(from: rows + row * pitch, count: width)
            }
            count = width * height
        }
        return unsafe GlyphBitmap(width: width, height: height, left: Int(slot.pointee.bitmap_left), top: -Int(slot.pointee.bitmap_top), coverage: coverage)
    }
}
