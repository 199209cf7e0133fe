import CHarfBuzz

/// A line's characters, each with the face that it is drawn from.
struct ItemisedText {
    fileprivate(set) var scalars: [UInt32] = []
    /// Index into the faces of the stack.
    fileprivate(set) var faces: [Int] = []
    /// Characters no face has, each once.
    fileprivate(set) var missing: [Unicode.Scalar] = []
    /// Whether some of it may run from right to left.
    fileprivate(set) var isBidirectional = false
}

extension FontStack {
    /// Stands for a control, which fonts draw as a box.
    private static let nothing: UInt32 = 0x200B

    func append(_ scalar: Unicode.Scalar, to text: inout ItemisedText) {
        if scalar == DistanceText.object {
            // A picture comes here; its room is made when the line has been shaped.
            text.scalars.append(0x20)
            text.faces.append(text.faces.last ?? 0)
            return
        }
        if scalar.drawsNothing {
            let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
            text.scalars.append(isControl ? Self.nothing : scalar.value)
            text.faces.append(text.faces.last ?? 0)
            text.isBidirectional = text.isBidirectional || BidirectionalText.isNeeded(scalar.value)
            return
        }
        if scalar.isMark, let face = face(ofMark: scalar, in: &text) {
            text.scalars.append(scalar.value)
            text.faces.append(face)
            return
        }
        text.scalars.append(scalar.value)
        text.isBidirectional = text.isBidirectional || BidirectionalText.isNeeded(scalar.value)
        if let face = face(for: scalar) {
            text.faces.append(face)
        } else {
            if !text.missing.contains(scalar) { text.missing.append(scalar) }
            text.faces.append(0)
        }
    }

    /// The face that sets a mark on the letter before it, by itself or as one sign with it; the letter goes over to it.
    private func face(ofMark mark: Unicode.Scalar, in text: inout ItemisedText) -> Int? {
        guard let letter = text.scalars.last, let own = text.faces.last else { return nil }
        if faces[own].glyph(of: mark) != 0 { return own }
        let composed = composition(letter, mark)
        let able = faces.firstIndex { face in
            if let composed, face.glyph(of: composed) != 0 { return true }
            guard let letter = Unicode.Scalar(letter) else { return false }
            return face.glyph(of: letter) != 0 && face.glyph(of: mark) != 0
        }
        if let able { text.faces[text.faces.count - 1] = able }
        return able
    }

    private func composition(_ letter: UInt32, _ mark: Unicode.Scalar) -> Unicode.Scalar? {
        var composed: UInt32 = 0
        guard unsafe hb_unicode_compose(hb_unicode_funcs_get_default(), letter, mark.value, &composed) != 0 else { return nil }
        return Unicode.Scalar(composed)
    }
}
