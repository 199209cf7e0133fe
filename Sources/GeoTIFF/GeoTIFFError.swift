public import Wording

/// Why an image file cannot be read or written.
public struct GeoTIFFError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        case notReadable
        /// A TIFF that this reader has no way with.
        case unsupported
        /// The file contradicts itself or ends early.
        case damaged
        /// Nothing says where on the Earth the image lies.
        case notGeoreferenced
        case notWritable
    }

    public var code: Code
    /// Names the file, what is wrong and the remedy.
    public var message: LocalisedText

    public init(code: Code, message: LocalisedText) {
        self.code = code
        self.message = message
    }

    public var description: String { message.both }
}

extension GeoTIFFError {
    /// What GDAL would do about it: `options` are those of `gdal_translate`.
    static func unsupported(_ path: String, zh: String, en: String, options: String) -> GeoTIFFError {
        let command = "gdal_translate \(options) -co TILED=YES -co COMPRESS=DEFLATE IN.tif OUT.tif"
        return GeoTIFFError(
            code: .unsupported,
            message: LocalisedText(zh: "\(path)：\(zh)；请先转换：\(command)", en: "\(path): \(en); convert it first: \(command)"))
    }

    static func damaged(_ path: String, zh: String, en: String) -> GeoTIFFError {
        GeoTIFFError(
            code: .damaged,
            message: LocalisedText(
                zh: "\(path)：\(zh)；文件可能未传输完整，请重新传输，或用 gdal_translate 重新导出",
                en: "\(path): \(en); the file may have been cut short: transfer it again, or export it anew with gdal_translate"))
    }
}
