import CHarfBuzz

extension FontStack {
    /// Turns one line of text into placed glyphs.
    ///
    /// Every character is taken from the first face that has it; script and direction are found for each stretch. A character no face has is drawn
    /// as the first face's box and listed in `missing`: ask `requireCoverage(of:)` where that must stop the work.
    /// - Parameters:
    ///   - text: one line; line ends in it draw nothing.
    ///   - letterSpacingInPixels: added after every cluster; other than 0 it turns ligatures off.
    public func shape(_ text: String, sizeInPixels: Float, letterSpacingInPixels: Float = 0) -> ShapedRun {
        shape(text, sizeInPixels: sizeInPixels, letterSpacingInPixels: letterSpacingInPixels, direction: .automatic)
    }

    /// - Parameter direction: of the paragraph that the line is of.
    func shape(
        _ text: String, sizeInPixels: Float, letterSpacingInPixels: Float, direction: BidirectionalText.Direction
    ) -> ShapedRun {
        var itemised = ItemisedText()
        for scalar in text.unicodeScalars { append(scalar, to: &itemised) }
        let scalars = itemised.scalars
        let runsBothWays = itemised.isBidirectional || direction == .rightToLeft
        let levels = runsBothWays ? BidirectionalText(scalars, direction: direction).levels : nil
        var segments = TextSegment.segments(of: scalars, faces: itemised.faces, levels: levels)
        TextSegment.reorder(&segments)
        var run = ShapedRun(glyphs: [], width: 0, missing: itemised.missing)
        run.glyphs.reserveCapacity(scalars.count)
        for segment in segments {
            shape(segment, of: scalars, sizeInPixels: sizeInPixels, letterSpacingInPixels: letterSpacingInPixels, into: &run)
        }
        if !run.glyphs.isEmpty { run.width -= letterSpacingInPixels }
        return run
    }

    private func shape(
        _ segment: TextSegment, of scalars: [UInt32], sizeInPixels: Float, letterSpacingInPixels: Float, into run: inout ShapedRun
    ) {
        let buffer = unsafe shaper.buffer
        let face = faces[segment.face]
        unsafe hb_buffer_clear_contents(buffer)
        unsafe scalars.withUnsafeBufferPointer { scalars in
            unsafe hb_buffer_add_utf32(
                buffer, scalars.baseAddress, Int32(scalars.count), UInt32(segment.scalars.lowerBound), Int32(segment.scalars.count))
        }
        unsafe hb_buffer_set_direction(buffer, segment.level & 1 == 1 ? HB_DIRECTION_RTL : HB_DIRECTION_LTR)
        unsafe hb_buffer_set_script(buffer, segment.script)
        unsafe hb_buffer_set_language(buffer, shaper.language)
        if letterSpacingInPixels == 0 {
            unsafe hb_shape(face.font, buffer, nil, 0)
        } else {
            unsafe FontStack.ligaturesOff.withUnsafeBufferPointer { features in
                unsafe hb_shape(face.font, buffer, features.baseAddress, UInt32(features.count))
            }
        }
        append(segment.face, scale: sizeInPixels / face.unitsPerEm, letterSpacingInPixels: letterSpacingInPixels, to: &run)
    }

    private func append(_ face: Int, scale: Float, letterSpacingInPixels: Float, to run: inout ShapedRun) {
        var count: UInt32 = 0
        guard let glyphs = unsafe hb_buffer_get_glyph_infos(shaper.buffer, &count),
            let positions = unsafe hb_buffer_get_glyph_positions(shaper.buffer, &count)
        else { return }
        for index in 0..<Int(count) {
            let glyph = unsafe glyphs[index]
            let position = unsafe positions[index]
            let endsCluster = unsafe index + 1 == Int(count) || glyphs[index + 1].cluster != glyph.cluster
            let advance = Float(position.x_advance) * scale + (endsCluster ? letterSpacingInPixels : 0)
            run.glyphs.append(
                PositionedGlyph(
                    glyph: glyph.codepoint,
                    face: face,
                    x: run.width + Float(position.x_offset) * scale,
                    y: -Float(position.y_offset) * scale,
                    advance: advance,
                    cluster: Int(glyph.cluster)
                ))
            run.width += advance
        }
    }

    static let ligaturesOff: [hb_feature_t] = ["liga", "clig"].map { name in
        let tag = name.utf8.reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        return hb_feature_t(tag: tag, value: 0, start: 0, end: UInt32.max)
    }
}
