import CFreeType

/// An instance of FreeType; it and all its faces belong to one thread at a time.
///
/// A class because the faces of a stack share it: the last face closed ends it.
@safe
final class FontLibrary {
    let handle: FT_Library

    init() throws(TypographyError) {
        var library: FT_Library?
        let status = unsafe FT_Init_FreeType(&library)
        guard status == 0, let library = unsafe library else {
            throw TypographyError(code: .fontUnreadable, message: "FreeType does not start (error \(status)); check that libfreetype is installed whole")
        }
        unsafe handle = library
    }

    deinit {
        unsafe FT_Done_FreeType(handle)
    }
}
