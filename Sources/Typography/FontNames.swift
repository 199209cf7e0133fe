import CFreeType

/// What the faces of a font file call themselves.
enum FontNames {
    private static let families: [UInt16] = [1, 16]
    private static let fullName: UInt16 = 4
    private static let windows: UInt16 = 3

    /// Every face of a file under every name it bears: family and style first, then localised families and full names.
    static func faces(of path: String, library: FontLibrary) throws(TypographyError) -> [FontDescription] {
        var fonts: [FontDescription] = []
        var index = 0
        var count = 1
        while index < count {
            var opened: FT_Face?
            let status = unsafe FT_New_Face(library.handle, path, FT_Long(index), &opened)
            guard status == 0, let face = unsafe opened else {
                throw TypographyError(code: .fontUnreadable, message: "face \(index) of \(path) is not a font FreeType can open (error \(status)); remove or replace the file")
            }
            defer { unsafe FT_Done_Face(face) }
            count = unsafe Int(face.pointee.num_faces)
            if unsafe face.pointee.face_flags & FT_Long(FT_FACE_FLAG_SCALABLE) != 0 {
                for name in unsafe names(of: face) {
                    fonts.append(FontDescription(name: name, path: path, faceIndex: index))
                }
            }
            index += 1
        }
        return fonts
    }

    private static func names(of face: FT_Face) -> [String] {
        let family = unsafe face.pointee.family_name.map { unsafe String(cString: $0) } ?? ""
        let style = unsafe face.pointee.style_name.map { unsafe String(cString: $0) } ?? "Regular"
        var names = family.isEmpty ? [] : ["\(family) \(style)"]
        func add(_ name: String) {
            if !name.isEmpty, !names.contains(name) { names.append(name) }
        }
        for index in 0..<(unsafe FT_Get_Sfnt_Name_Count(face)) {
            var record = unsafe FT_SfntName()
            guard unsafe FT_Get_Sfnt_Name(face, index, &record) == 0, unsafe record.platform_id == windows else { continue }
            let text = unsafe utf16(record)
            if unsafe families.contains(record.name_id) { add("\(text) \(style)") }
            if unsafe record.name_id == fullName { add(text) }
        }
        return names
    }

    private static func utf16(_ record: FT_SfntName) -> String {
        let bytes = unsafe UnsafeBufferPointer(start: record.string, count: Int(record.string_len))
        var units: [UInt16] = []
        var index = 0
        while index + 1 < bytes.count {
            unsafe units.append(UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1]))
            index += 2
        }
        return String(decoding: units, as: UTF16.self)
    }
}
