import CHarfBuzz

/// The glyph of a character that stands upright in a column.
struct UprightGlyph {
    var glyph: UInt32
    /// Index into the faces of the stack.
    var face: Int
    /// Of the glyph in a row, by which it is centred.
    var advanceInEm: Float
    /// Whether no face has the character.
    var isMissing = false
}

extension FontStack {
    /// The font's own form for columns where it has one, else that of the character which Unicode has for it, else the one for rows.
    func upright(_ scalar: Unicode.Scalar) -> UprightGlyph {
        guard let number = face(for: scalar) else { return UprightGlyph(glyph: 0, face: 0, advanceInEm: 1, isMissing: true) }
        let nominal = faces[number].glyph(of: scalar)
        let substitute = columnGlyph(of: scalar, face: number)
        if substitute == nominal, let form = scalar.formInColumns, let other = face(for: form) {
            return made(faces[other].glyph(of: form), other)
        }
        return made(substitute, number)
    }

    /// Whether a sign for rows has another form for columns.
    func hasColumnForm(of scalar: Unicode.Scalar) -> Bool {
        guard let number = face(for: scalar) else { return false }
        if let form = scalar.formInColumns, face(for: form) != nil { return true }
        return columnGlyph(of: scalar, face: number) != faces[number].glyph(of: scalar)
    }

    private func made(_ glyph: UInt32, _ face: Int) -> UprightGlyph {
        UprightGlyph(glyph: glyph, face: face, advanceInEm: faces[face].advance(of: glyph) / faces[face].unitsPerEm)
    }

    /// HarfBuzz puts the features of vertical text (`vert`) to work where text runs down.
    private func columnGlyph(of scalar: Unicode.Scalar, face number: Int) -> UInt32 {
        let buffer = unsafe shaper.buffer
        unsafe hb_buffer_clear_contents(buffer)
        unsafe hb_buffer_add(buffer, scalar.value, 0)
        unsafe hb_buffer_set_content_type(buffer, HB_BUFFER_CONTENT_TYPE_UNICODE)
        unsafe hb_buffer_set_direction(buffer, HB_DIRECTION_TTB)
        unsafe hb_buffer_set_script(buffer, HB_SCRIPT_HAN)
        unsafe hb_buffer_set_language(buffer, shaper.language)
        unsafe hb_shape(faces[number].font, buffer, nil, 0)
        var count: UInt32 = 0
        guard let glyphs = unsafe hb_buffer_get_glyph_infos(buffer, &count), count > 0 else {
            return faces[number].glyph(of: scalar)
        }
        return unsafe glyphs[0].codepoint
    }
}
