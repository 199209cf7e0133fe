import CTIFF

/// What the samples of a pixel mean, eight bits each.
struct PixelLayout: Hashable {
    enum Colour: Hashable {
        case grey(isInverted: Bool)
        /// Opaque words by index.
        case palette([UInt32])
        case redGreenBlue
    }

    enum Alpha: Hashable {
        case straight(sample: Int)
        case premultiplied(sample: Int)
    }

    var colour: Colour
    var alpha: Alpha?
    /// Samples a pixel, those that nobody looks at included.
    var samples: Int
    /// Whether each sample lies in blocks of its own.
    var isPlanar: Bool
    /// The value of every colour sample where there is no image; `nil` where everything is image.
    var nodata: UInt8?

    private static let mostSamples = 32

    /// - Throws: `unsupported` with the remedy.
    init(_ directory: TIFFDirectory) throws(GeoTIFFError) {
        let path = directory.path
        let bits = directory.short(TIFFTAG_BITSPERSAMPLE) ?? 1
        let format = directory.short(TIFFTAG_SAMPLEFORMAT) ?? 1
        guard bits == 8, format == 1 else {
            throw .unsupported(
                path, zh: "每样本 \(bits) 位，只支持 8 位无符号", en: "\(bits) bits a sample; only 8 unsigned bits are read",
                options: "-ot Byte -scale")
        }
        samples = directory.short(TIFFTAG_SAMPLESPERPIXEL) ?? 1
        let photometric = directory.short(TIFFTAG_PHOTOMETRIC) ?? -1
        let compression = directory.short(TIFFTAG_COMPRESSION) ?? 1
        switch Int32(photometric) {
        case PHOTOMETRIC_MINISBLACK: colour = .grey(isInverted: false)
        case PHOTOMETRIC_MINISWHITE: colour = .grey(isInverted: true)
        case PHOTOMETRIC_RGB: colour = .redGreenBlue
        case PHOTOMETRIC_YCBCR where Int32(compression) == COMPRESSION_JPEG: colour = .redGreenBlue
        case PHOTOMETRIC_PALETTE:
            guard let palette = directory.palette else { throw .damaged(path, zh: "缺少调色板", en: "the palette is missing") }
            colour = .palette(palette)
        default:
            throw .unsupported(
                path, zh: "颜色模型（Photometric \(photometric)）不支持", en: "the colour model (photometric \(photometric)) is not read",
                options: "-expand rgb")
        }
        let needed = colour == .redGreenBlue ? 3 : 1
        guard samples >= needed, samples <= Self.mostSamples else {
            throw .unsupported(
                path, zh: "每像素 \(samples) 个样本", en: "\(samples) samples a pixel", options: "-b 1 -b 2 -b 3 -colorinterp red,green,blue")
        }
        isPlanar = directory.short(TIFFTAG_PLANARCONFIG).map { Int32($0) == PLANARCONFIG_SEPARATE } ?? false
        if samples > needed, let kind = directory.extraSamples.first {
            switch Int32(kind) {
            case EXTRASAMPLE_ASSOCALPHA: alpha = .premultiplied(sample: needed)
            case EXTRASAMPLE_UNASSALPHA: alpha = .straight(sample: needed)
            default: alpha = nil  // near infrared, or whatever else the fourth band is
            }
        }
        guard TIFFIsCODECConfigured(UInt16(compression)) != 0 else {
            throw .unsupported(
                path, zh: "压缩方式 \(compression) 不支持", en: "compression \(compression) is not read", options: "")
        }
    }

    /// The samples that a block is asked for: colour, and alpha where there is one.
    var samplesRead: Int {
        let colours = colour == .redGreenBlue ? 3 : 1
        return alpha == nil ? colours : colours + 1
    }

    /// Premultiplied words of `count` pixels.
    ///
    /// - Parameter bytes: `stride` bytes a pixel.
    func words(_ bytes: [UInt8], count: Int, stride: Int) -> [UInt32] {
        var words = [UInt32](repeating: 0, count: count)
        var place = 0
        for i in 0..<count {
            words[i] = word(bytes, place)
            place += stride
        }
        return words
    }

    @inline(__always)
    private func word(_ bytes: [UInt8], _ place: Int) -> UInt32 {
        if let nodata, bytes[place] == nodata {
            if colour != .redGreenBlue || (bytes[place + 1] == nodata && bytes[place + 2] == nodata) { return 0 }
        }
        let opaque: UInt32
        switch colour {
        case .grey(let isInverted):
            opaque = 0xFF00_0000 | UInt32(isInverted ? 255 - bytes[place] : bytes[place]) &* 0x0001_0101
        case .palette(let palette): opaque = palette[Int(bytes[place])]
        case .redGreenBlue:
            opaque = 0xFF00_0000 | UInt32(bytes[place]) | UInt32(bytes[place + 1]) << 8 | UInt32(bytes[place + 2]) << 16
        }
        switch alpha {
        case nil: return opaque
        case .straight(let sample): return PixelLayout.covered(opaque, by: UInt32(bytes[place + sample]))
        case .premultiplied(let sample):
            let alpha = UInt32(bytes[place + sample])
            // No colour exceeds its alpha, whatever the file says.
            return alpha << 24 | min(opaque & 255, alpha) | min(opaque >> 8 & 255, alpha) << 8 | min(opaque >> 16 & 255, alpha) << 16
        }
    }

    /// An opaque word as seen through a mask.
    @inline(__always)
    static func covered(_ word: UInt32, by alpha: UInt32) -> UInt32 {
        if alpha == 255 { return word }
        func scaled(_ c: UInt32) -> UInt32 { (c &* alpha &+ 127) / 255 }
        return alpha << 24 | scaled(word & 255) | scaled(word >> 8 & 255) << 8 | scaled(word >> 16 & 255) << 16
    }
}
