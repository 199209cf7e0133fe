internal import CPNG

/// Reads PNG files of every kind into pixmaps.
public enum PNGDecoder {
    /// The most pixels a picture may have unless the caller says otherwise.
    public static let defaultPixelLimit = 16_777_216

    /// The picture in `bytes`, premultiplied; 16-bit and grey pictures become eight-bit RGBA.
    ///
    /// The size is checked against `pixelLimit` before anything is unpacked.
    public static func decode(
        _ bytes: [UInt8], pixelLimit: Int = defaultPixelLimit
    ) throws(RasterError) -> Pixmap {
        var image = unsafe png_image()
        unsafe image.version = UInt32(PNG_IMAGE_VERSION)
        defer { unsafe png_image_free(&image) }
        let result: Result<Pixmap, RasterError> = unsafe bytes.withUnsafeBytes { memory in
            guard unsafe png_image_begin_read_from_memory(&image, memory.baseAddress, memory.count) != 0 else {
                return .failure(unsafe malformed(image, byteCount: memory.count))
            }
            let width = unsafe Int(image.width)
            let height = unsafe Int(image.height)
            guard width > 0, height > 0, width <= pixelLimit / height else {
                return .failure(
                    RasterError(
                        code: .tooLarge,
                        message: "the PNG is \(width) x \(height) pixels, more than the \(pixelLimit) allowed; scale it down"))
            }
            unsafe image.format = UInt32(PNG_FORMAT_FLAG_COLOR) | UInt32(PNG_FORMAT_FLAG_ALPHA)
            var pixmap = Pixmap(width: width, height: height)
            let done = unsafe pixmap.pixels.withUnsafeMutableBytes { rows in
                unsafe png_image_finish_read(&image, nil, rows.baseAddress, 0, nil)
            }
            guard done != 0 else { return .failure(unsafe malformed(image, byteCount: memory.count)) }
            pixmap.premultiply()
            return .success(pixmap)
        }
        return try result.get()
    }

    private static func malformed(_ image: borrowing png_image, byteCount: Int) -> RasterError {
        let text = unsafe withUnsafeBytes(of: image.message) { raw in
            unsafe String(decoding: raw.prefix { $0 != 0 }, as: UTF8.self)
        }
        return RasterError(
            code: .malformed, message: "not a readable PNG (\(byteCount) bytes): \(text); export the picture again")
    }
}

extension Pixmap {
    /// Takes words with straight alpha, bytes in the order red, green, blue, alpha, to premultiplied ones.
    fileprivate mutating func premultiply() {
        for i in pixels.indices {
            let word = UInt32(littleEndian: pixels[i])
            let alpha = word >> 24
            if alpha == 255 {
                pixels[i] = word
            } else {
                pixels[i] = PixelArithmetic.scale(word & 0x00FF_FFFF, by: alpha) | alpha << 24
            }
        }
    }
}
