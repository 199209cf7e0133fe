internal import CTurboJPEG

/// Pictures as JPEG: baseline, colour at half resolution, without alpha.
public enum JPEGCodec {
    /// For photographs: artefacts are not seen at map scale.
    public static let photographicQuality = 85

    /// Encodes a part of a picture; what is not opaque is laid over white.
    ///
    /// The same pixels give the same bytes on every machine: the exact integer transform is used.
    /// - Parameter quality: 1 ... 100.
    public static func encode(
        _ picture: Pixmap, x: Int = 0, y: Int = 0, width: Int? = nil, height: Int? = nil, quality: Int = photographicQuality
    ) -> [UInt8] {
        let part = picture.cropped(x: x, y: y, width: width ?? picture.width, height: height ?? picture.height)
        let words = part.pixels.map { word -> UInt32 in
            let hidden = 255 - word >> 24
            return hidden == 0 ? word : word &+ hidden &* 0x0001_0101
        }
        let limit = Int(tjBufSize(Int32(part.width), Int32(part.height), Int32(TJSAMP_420.rawValue)))
        guard let handle = unsafe tjInitCompress() else { preconditionFailure("no memory for a JPEG encoder") }
        defer { unsafe tjDestroy(handle) }
        return unsafe [UInt8](unsafeUninitializedCapacity: limit) { buffer, count in
            var target = buffer.baseAddress
            var length = UInt(limit)
            let result = unsafe words.withUnsafeBytes { source in
                unsafe tjCompress2(
                    handle, source.baseAddress?.assumingMemoryBound(to: UInt8.self), Int32(part.width), 0, Int32(part.height),
                    Int32(TJPF_RGBX.rawValue), &target, &length, Int32(TJSAMP_420.rawValue), Int32(quality),
                    TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT)
            }
            precondition(result == 0, "a picture within the limits of JPEG is encoded")
            count = Int(length)
        }
    }

    /// The picture in `bytes`, opaque.
    ///
    /// - Throws: `malformed`, `tooLarge`.
    public static func decode(_ bytes: [UInt8], pixelLimit: Int = PNGDecoder.defaultPixelLimit) throws(RasterError) -> Pixmap {
        guard let handle = unsafe tjInitDecompress() else { preconditionFailure("no memory for a JPEG decoder") }
        defer { unsafe tjDestroy(handle) }
        let result: Result<Pixmap, RasterError> = unsafe bytes.withUnsafeBufferPointer { source in
            var (width, height, subsampling, space) = (Int32(0), Int32(0), Int32(0), Int32(0))
            guard
                unsafe tjDecompressHeader3(
                    handle, source.baseAddress, UInt(source.count), &width, &height, &subsampling, &space) == 0, width > 0, height > 0
            else { return .failure(unsafe malformed(handle, byteCount: source.count)) }
            guard Int(width) <= pixelLimit / Int(height) else {
                return .failure(
                    RasterError(code: .tooLarge, message: "the JPEG is \(width) x \(height) pixels, more than the \(pixelLimit) allowed; scale it down"))
            }
            var picture = Pixmap(width: Int(width), height: Int(height))
            let done = unsafe picture.pixels.withUnsafeMutableBytes { target in
                unsafe tjDecompress2(
                    handle, source.baseAddress, UInt(source.count), target.baseAddress?.assumingMemoryBound(to: UInt8.self), width, 0,
                    height, Int32(TJPF_RGBA.rawValue), TJFLAG_ACCURATEDCT)
            }
            return done == 0 ? .success(picture) : .failure(unsafe malformed(handle, byteCount: source.count))
        }
        return try result.get()
    }

    private static func malformed(_ handle: tjhandle, byteCount: Int) -> RasterError {
        let text = unsafe String(cString: tjGetErrorStr2(handle))
        return RasterError(code: .malformed, message: "not a readable JPEG (\(byteCount) bytes): \(text); export the picture again")
    }
}
