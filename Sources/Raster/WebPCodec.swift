internal import CWebP

/// Pictures as WebP: colour with loss, alpha without.
public enum WebPCodec {
    public static let photographicQuality = 82
    /// libwebp's 0 (fast) ... 6 (small); 2 takes a third of the time of 4 for some 6 % more bytes.
    private static let effort: Int32 = 2

    /// Encodes a part of a picture.
    ///
    /// - Parameter quality: 1 ... 100.
    public static func encode(
        _ picture: Pixmap, x: Int = 0, y: Int = 0, width: Int? = nil, height: Int? = nil, quality: Int = photographicQuality
    ) -> [UInt8] {
        let part = picture.cropped(x: x, y: y, width: width ?? picture.width, height: height ?? picture.height)
        let words = part.pixels.map(straight)
        var configuration = WebPConfig()
        var frame = unsafe WebPPicture()
        var memory = unsafe WebPMemoryWriter()
        guard unsafe WebPConfigPreset(&configuration, WEBP_PRESET_PHOTO, Float(quality)) != 0, unsafe WebPPictureInit(&frame) != 0 else {
            preconditionFailure("the WebP library is the one whose headers were compiled")
        }
        configuration.method = effort
        unsafe WebPMemoryWriterInit(&memory)
        defer {
            unsafe WebPMemoryWriterClear(&memory)
            unsafe WebPPictureFree(&frame)
        }
        unsafe frame.width = Int32(part.width)
        unsafe frame.height = Int32(part.height)
        let isImported = unsafe words.withUnsafeBytes { source in
            unsafe WebPPictureImportRGBA(&frame, source.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(part.width * 4))
        }
        precondition(isImported != 0, "there is memory for one more picture")
        return unsafe withUnsafeMutablePointer(to: &memory) { writer in
            unsafe frame.writer = WebPMemoryWrite
            unsafe frame.custom_ptr = UnsafeMutableRawPointer(writer)
            let isEncoded = unsafe WebPEncode(&configuration, &frame)
            precondition(isEncoded != 0, "a picture within the limits of WebP is encoded")
            return unsafe Array(UnsafeBufferPointer(start: writer.pointee.mem, count: writer.pointee.size))
        }
    }

    /// The picture in `bytes`, premultiplied.
    ///
    /// - Throws: `malformed`, `tooLarge`.
    public static func decode(_ bytes: [UInt8], pixelLimit: Int = PNGDecoder.defaultPixelLimit) throws(RasterError) -> Pixmap {
        let result: Result<Pixmap, RasterError> = unsafe bytes.withUnsafeBufferPointer { source in
            var (width, height) = (Int32(0), Int32(0))
            let malformed = RasterError(
                code: .malformed, message: "not a readable WebP (\(source.count) bytes); export the picture again")
            guard unsafe WebPGetInfo(source.baseAddress, source.count, &width, &height) != 0, width > 0, height > 0 else {
                return .failure(malformed)
            }
            guard Int(width) <= pixelLimit / Int(height) else {
                return .failure(
                    RasterError(code: .tooLarge, message: "the WebP is \(width) x \(height) pixels, more than the \(pixelLimit) allowed; scale it down"))
            }
            var picture = Pixmap(width: Int(width), height: Int(height))
            let isDecoded = unsafe picture.pixels.withUnsafeMutableBytes { target in
                unsafe WebPDecodeRGBAInto(
                    source.baseAddress, source.count, target.baseAddress?.assumingMemoryBound(to: UInt8.self), target.count, width * 4) != nil
            }
            guard isDecoded else { return .failure(malformed) }
            for i in picture.pixels.indices { picture.pixels[i] = premultiplied(picture.pixels[i]) }
            return .success(picture)
        }
        return try result.get()
    }

    private static func straight(_ word: UInt32) -> UInt32 {
        let alpha = word >> 24
        if alpha == 255 || alpha == 0 { return word }
        func channel(_ shift: UInt32) -> UInt32 { min(255, ((word >> shift & 255) * 255 + alpha / 2) / alpha) << shift }
        return alpha << 24 | channel(0) | channel(8) | channel(16)
    }

    private static func premultiplied(_ word: UInt32) -> UInt32 {
        let alpha = word >> 24
        return alpha == 255 ? word : PixelArithmetic.scale(word & 0x00FF_FFFF, by: alpha) | alpha << 24
    }
}
