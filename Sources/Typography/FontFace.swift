import CFreeType
import CHarfBuzz

/// One open face: FreeType for outlines, HarfBuzz for shaping, both over the same mapped file.
@safe
final class FontFace {
    let description: FontDescription
    let unitsPerEm: Float
    let handle: FT_Face
    /// Scaled to font units, so that a shape holds for every size.
    let font: OpaquePointer

    private let library: FontLibrary
    private let blob: OpaquePointer

    init(_ description: FontDescription, library: FontLibrary) throws(TypographyError) {
        func refusal(_ reason: String) -> TypographyError {
            TypographyError(
                code: .fontUnreadable,
                message: "font '\(description.name)': face \(description.faceIndex) of \(description.path) \(reason); install the font or correct its path and face index"
            )
        }
        guard let blob = unsafe hb_blob_create_from_file_or_fail(description.path) else {
            throw refusal("cannot be read (file absent, empty or not readable)")
        }
        var length: UInt32 = 0
        let bytes = unsafe hb_blob_get_data(blob, &length)
        var opened: FT_Face?
        let status = unsafe bytes?.withMemoryRebound(to: UInt8.self, capacity: Int(length)) { bytes in
            unsafe FT_New_Memory_Face(library.handle, bytes, FT_Long(length), FT_Long(description.faceIndex), &opened)
        }
        guard status == 0, let opened = unsafe opened else {
            unsafe hb_blob_destroy(blob)
            throw refusal("is not a font FreeType can open (error \(status ?? -1))")
        }
        guard unsafe opened.pointee.face_flags & FT_Long(FT_FACE_FLAG_SCALABLE) != 0, unsafe opened.pointee.units_per_EM > 0 else {
            unsafe FT_Done_Face(opened)
            unsafe hb_blob_destroy(blob)
            throw refusal("has no outlines")
        }
        let face = unsafe hb_face_create(blob, UInt32(description.faceIndex))
        unsafe font = hb_font_create(face)
        unsafe hb_face_destroy(face)
        unsafe handle = opened
        unsafe self.blob = unsafe blob
        self.library = library
        self.description = description
        unitsPerEm = unsafe Float(opened.pointee.units_per_EM)
        unsafe hb_font_set_scale(font, Int32(unitsPerEm), Int32(unitsPerEm))
    }

    deinit {
        unsafe hb_font_destroy(font)
        unsafe FT_Done_Face(handle)
        unsafe hb_blob_destroy(blob)
    }

    /// The glyph of a character; 0 when the face has none.
    func glyph(of scalar: Unicode.Scalar) -> UInt32 {
        unsafe FT_Get_Char_Index(handle, FT_ULong(scalar.value))
    }

    /// Loads a glyph's outline in font units into the face's slot.
    ///
    /// Scaling is ours: some fonts ask for whole sizes only, and a label between two sizes must not jump.
    func load(_ glyph: UInt32) throws(TypographyError) {
        let status = unsafe FT_Load_Glyph(handle, glyph, FT_Int32(FT_LOAD_NO_SCALE | FT_LOAD_NO_BITMAP))
        guard status == 0 else { throw unreadable(glyph, status) }
        guard unsafe handle.pointee.glyph.pointee.format == FT_GLYPH_FORMAT_OUTLINE else { throw unreadable(glyph, 0) }
    }

    /// Font units the pen moves for a glyph alone.
    func advance(of glyph: UInt32) -> Float {
        unsafe Float(hb_font_get_glyph_h_advance(font, glyph))
    }

    func unreadable(_ glyph: UInt32, _ status: FT_Error) -> TypographyError {
        TypographyError(
            code: .glyphUnreadable,
            message: "font '\(description.name)' (\(description.path), face \(description.faceIndex)): glyph \(glyph) does not load (FreeType error \(status)); the file is damaged, install it again"
        )
    }
}
