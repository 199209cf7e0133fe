/// Where one typeface lies: a face of a font file, under the name a style calls it by.
public struct FontDescription: Hashable, Sendable {
    /// Family and style, for example `Noto Sans CJK SC Regular`.
    public var name: String
    public var path: String
    /// Counted from 0 inside a collection (`.ttc`, `.otc`); 0 for a file of one face.
    public var faceIndex: Int

    public init(name: String, path: String, faceIndex: Int) {
        self.name = name
        self.path = path
        self.faceIndex = faceIndex
    }
}
