internal import CTIFF
import SimpleFeatures
import Wording

/// Writes a georeferenced image of 8-bit RGB or RGBA, block by block.
@safe
public final class GeoTIFFWriter {
    public enum Compression: Sendable, CaseIterable {
        case none, lzw, deflate
        /// Without alpha only.
        case jpeg
    }

    /// What is written.
    public struct Format: Sendable {
        public var compression = Compression.deflate
        public var hasAlpha = false
        /// Pixels of a tile's side, a multiple of 16; `nil` for strips of 16 rows.
        public var tileSide: Int? = 256
        public var nodata: Int?

        public init() {}
    }

    public let width: Int
    public let height: Int
    public let format: Format
    private let path: String
    private let handle: OpaquePointer
    private let message: UnsafeMutablePointer<CChar>

    /// - Parameters:
    ///   - epsg: of the CRS that the reference speaks of.
    ///   - isGeographic: whether that is one of longitudes and latitudes.
    /// - Throws: `notWritable`.
    public init(
        path: String, width: Int, height: Int, reference: GeoReference, epsg: Int, isGeographic: Bool, format: Format = Format()
    ) throws(GeoTIFFError) {
        let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(WORKMAP_TIFF_MESSAGE_LENGTH))
        unsafe message.initialize(repeating: 0, count: Int(WORKMAP_TIFF_MESSAGE_LENGTH))
        guard let handle = unsafe workmap_tiff_open(path, "w", 0, message) else {
            let reason = unsafe String(cString: message)
            unsafe message.deallocate()
            throw Self.refusal(path, reason)
        }
        self.path = path
        self.width = width
        self.height = height
        self.format = format
        unsafe self.handle = handle
        unsafe self.message = message
        describePixels()
        place(reference, epsg: epsg, isGeographic: isGeographic)
    }

    deinit {
        unsafe TIFFClose(handle)
        unsafe message.deallocate()
    }

    private static func refusal(_ path: String, _ reason: String) -> GeoTIFFError {
        GeoTIFFError(
            code: .notWritable,
            message: LocalisedText(zh: "\(path) 无法写入（\(reason)）；请检查目录和磁盘空间", en: "\(path) cannot be written (\(reason)); check the directory and the room on the disk"))
    }

    private func set(_ tag: Int32, _ value: some BinaryInteger) {
        _ = unsafe workmap_tiff_set_number(handle, UInt32(tag), UInt32(value))
    }

    private func describePixels() {
        set(TIFFTAG_IMAGEWIDTH, width)
        set(TIFFTAG_IMAGELENGTH, height)
        set(TIFFTAG_BITSPERSAMPLE, 8)
        set(TIFFTAG_SAMPLESPERPIXEL, samples)
        set(TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG)
        switch format.compression {
        case .none: set(TIFFTAG_COMPRESSION, COMPRESSION_NONE)
        case .lzw: set(TIFFTAG_COMPRESSION, COMPRESSION_LZW)
        case .deflate: set(TIFFTAG_COMPRESSION, COMPRESSION_ADOBE_DEFLATE)
        case .jpeg:
            precondition(!format.hasAlpha, "JPEG has no alpha")
            set(TIFFTAG_COMPRESSION, COMPRESSION_JPEG)
            set(TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB)
        }
        set(TIFFTAG_PHOTOMETRIC, format.compression == .jpeg ? PHOTOMETRIC_YCBCR : PHOTOMETRIC_RGB)
        if format.hasAlpha { _ = unsafe workmap_tiff_set_extra_sample(handle, UInt16(EXTRASAMPLE_UNASSALPHA)) }
        if let side = format.tileSide {
            precondition(side > 0 && side % 16 == 0, "TIFF tiles are multiples of 16 pixels")
            set(TIFFTAG_TILEWIDTH, side)
            set(TIFFTAG_TILELENGTH, side)
        } else {
            set(TIFFTAG_ROWSPERSTRIP, Self.rowsInStrip)
        }
    }

    private static let rowsInStrip = 16

    private func place(_ reference: GeoReference, epsg: Int, isGeographic: Bool) {
        _ = unsafe workmap_tiff_declare_geo_fields(handle)
        if reference.column.y == 0, reference.row.x == 0, reference.column.x > 0, reference.row.y < 0 {
            set(GeoTag.pixelScale, [reference.column.x, -reference.row.y, 0])
            set(GeoTag.tiepoints, [0, 0, 0, reference.origin.x, reference.origin.y, 0])
        } else {
            let (o, c, r) = (reference.origin, reference.column, reference.row)
            set(GeoTag.transformation, [c.x, r.x, 0, o.x, c.y, r.y, 0, o.y, 0, 0, 0, 0, 0, 0, 0, 1])
        }
        let keys: [UInt16] = [1, 1, 0, 3, 1024, 0, 1, isGeographic ? 2 : 1, 1025, 0, 1, 1, isGeographic ? 2048 : 3072, 0, 1, UInt16(epsg)]
        set(GeoTag.keys, keys)
        if let nodata = format.nodata { set(GeoTag.nodata, Array("\(nodata)".utf8) + [0]) }
    }

    private func set<T: BitwiseCopyable>(_ tag: UInt32, _ values: [T]) {
        _ = unsafe values.withUnsafeBytes { unsafe workmap_tiff_set_values(handle, tag, UInt32(values.count), $0.baseAddress) }
    }

    private var samples: Int { format.hasAlpha ? 4 : 3 }
    public var blockWidth: Int { format.tileSide ?? width }
    public var blockHeight: Int { format.tileSide ?? Self.rowsInStrip }

    /// Writes the block whose left top pixel is given; blocks come row by row.
    ///
    /// - Parameter pixel: straight RGBA, red in the lowest byte, of a pixel of the image.
    /// - Throws: `notWritable`.
    public func writeBlock(x: Int, y: Int, _ pixel: (_ x: Int, _ y: Int) -> UInt32) throws(GeoTIFFError) {
        precondition(x % blockWidth == 0 && y % blockHeight == 0 && x < width && y < height, "blocks lie on their grid")
        let rows = format.tileSide == nil ? min(blockHeight, height - y) : blockHeight
        var bytes: [UInt8] = []
        bytes.reserveCapacity(blockWidth * rows * samples)
        for row in 0..<rows {
            for column in 0..<blockWidth {
                let word = pixel(min(x + column, width - 1), min(y + row, height - 1))
                for sample in 0..<samples { bytes.append(UInt8(truncatingIfNeeded: word >> (8 * UInt32(sample)))) }
            }
        }
        let written = unsafe bytes.withUnsafeMutableBytes { memory in
            unsafe format.tileSide == nil
                ? TIFFWriteEncodedStrip(handle, TIFFComputeStrip(handle, UInt32(y), 0), memory.baseAddress, tmsize_t(memory.count))
                : TIFFWriteEncodedTile(handle, TIFFComputeTile(handle, UInt32(x), UInt32(y), 0, 0), memory.baseAddress, tmsize_t(memory.count))
        }
        guard written == bytes.count else { throw unsafe Self.refusal(path, String(cString: message)) }
    }

    /// Writes every block.
    public func write(_ pixel: (_ x: Int, _ y: Int) -> UInt32) throws(GeoTIFFError) {
        for y in stride(from: 0, to: height, by: blockHeight) {
            for x in stride(from: 0, to: width, by: blockWidth) { try writeBlock(x: x, y: y, pixel) }
        }
    }

    /// Makes the image whole; nothing may be written afterwards.
    public func finish() throws(GeoTIFFError) {
        guard unsafe TIFFWriteDirectory(handle) == 1, unsafe TIFFFlush(handle) == 1 else {
            throw unsafe Self.refusal(path, String(cString: message))
        }
    }
}
