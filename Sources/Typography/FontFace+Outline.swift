import CFreeType

extension FontFace {
    /// A glyph's contours in pixels, y down, curves flattened.
    ///
    /// - Parameters:
    ///   - pixelsPerEm: the size.
    ///   - toleranceInPixels: the most a chord departs from its curve.
    func contours(of glyph: UInt32, pixelsPerEm: Float, toleranceInPixels: Float) throws(TypographyError) -> CurveFlattener {
        try load(glyph)
        var functions = unsafe FT_Outline_Funcs(
            move_to: { to, target in
                unsafe FontFace.flattener(target).pointee.move(to!.pointee.x, to!.pointee.y)
                return 0
            },
            line_to: { to, target in
                unsafe FontFace.flattener(target).pointee.line(to!.pointee.x, to!.pointee.y)
                return 0
            },
            conic_to: { control, to, target in
                unsafe FontFace.flattener(target).pointee.quadratic((control!.pointee.x, control!.pointee.y), (to!.pointee.x, to!.pointee.y))
                return 0
            },
            cubic_to: { first, second, to, target in
                unsafe FontFace.flattener(target).pointee.cubic(
                    (first!.pointee.x, first!.pointee.y), (second!.pointee.x, second!.pointee.y), (to!.pointee.x, to!.pointee.y))
                return 0
            },
            shift: 0,
            delta: 0
        )
        var flattener = CurveFlattener(scale: pixelsPerEm / unitsPerEm, tolerance: toleranceInPixels)
        let status = unsafe withUnsafeMutablePointer(to: &flattener) { target in
            unsafe FT_Outline_Decompose(&handle.pointee.glyph.pointee.outline, &functions, target)
        }
        guard status == 0 else { throw unreadable(glyph, status) }
        flattener.close()
        return flattener
    }

    private static func flattener(_ target: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<CurveFlattener> {
        unsafe target!.assumingMemoryBound(to: CurveFlattener.self)
    }
}
