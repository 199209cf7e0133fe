internal import CTIFF
import Glibc
import Wording

/// One directory of a TIFF file through a libtiff handle of its own, so that nothing is parsed twice.
@safe
final class TIFFDirectory {
    let path: String
    let handle: OpaquePointer
    private let message: UnsafeMutablePointer<CChar>

    /// No block of pixels and no table may take more memory.
    static let allocationLimit: Int64 = 512 << 20

    /// - Parameter number: from 0.
    /// - Returns: `nil` where the file has no such directory.
    /// - Throws: `notReadable`, `damaged`.
    init?(path: String, number: UInt32) throws(GeoTIFFError) {
        let message = UnsafeMutablePointer<CChar>.allocate(capacity: Int(WORKMAP_TIFF_MESSAGE_LENGTH))
        unsafe message.initialize(repeating: 0, count: Int(WORKMAP_TIFF_MESSAGE_LENGTH))
        // "m": never mapped, so that a file that shrinks while it is read is an error and not a fault.
        guard let handle = unsafe workmap_tiff_open(path, "rm", Self.allocationLimit, message) else {
            let reason = unsafe String(cString: message)
            unsafe message.deallocate()
            throw Self.refusal(path, reason: reason)
        }
        self.path = path
        unsafe self.handle = handle
        unsafe self.message = message
        // A class that is not wholly made is taken down by its deinit all the same.
        if number > 0, unsafe TIFFSetDirectory(handle, number) == 0 { return nil }
    }

    deinit {
        unsafe TIFFClose(handle)
        unsafe message.deallocate()
    }

    private static func refusal(_ path: String, reason: String) -> GeoTIFFError {
        if unsafe access(path, R_OK) != 0 {
            let cause = unsafe String(cString: strerror(errno))
            return GeoTIFFError(
                code: .notReadable,
                message: LocalisedText(zh: "\(path) 无法打开（\(cause)）；请检查路径和权限", en: "\(path) cannot be opened (\(cause)); check the path and its permissions"))
        }
        return .damaged(path, zh: "不是可读的 TIFF（\(reason)）", en: "not a readable TIFF (\(reason))")
    }

    /// What libtiff said last, and forgets it.
    func takeMessage() -> String {
        defer { unsafe message[0] = 0 }
        return unsafe String(cString: message)
    }

    func short(_ tag: Int32) -> Int? {
        var value: UInt16 = 0
        return unsafe workmap_tiff_get_16(handle, UInt32(tag), &value) == 1 ? Int(value) : nil
    }

    func long(_ tag: Int32) -> Int? {
        var value: UInt32 = 0
        return unsafe workmap_tiff_get_32(handle, UInt32(tag), &value) == 1 ? Int(value) : nil
    }

    /// The kinds of the samples beyond colour.
    var extraSamples: [Int] {
        var count: UInt16 = 0
        var kinds: UnsafePointer<UInt16>?
        guard unsafe workmap_tiff_get_extra_samples(handle, &count, &kinds) == 1, let kinds = unsafe kinds else { return [] }
        return (0..<Int(count)).map { unsafe Int(kinds[$0]) }
    }

    /// Opaque words of the colours of a palette of 8 bits; `nil` without one.
    var palette: [UInt32]? {
        var red: UnsafePointer<UInt16>?
        var green: UnsafePointer<UInt16>?
        var blue: UnsafePointer<UInt16>?
        guard unsafe workmap_tiff_get_colours(handle, &red, &green, &blue) == 1, let red = unsafe red, let green = unsafe green,
            let blue = unsafe blue
        else { return nil }
        return (0..<256).map { i in
            unsafe 0xFF00_0000 | UInt32(red[i] >> 8) | UInt32(green[i] >> 8) << 8 | UInt32(blue[i] >> 8) << 16
        }
    }

    func doubles(_ tag: UInt32) -> [Double]? { values(tag, of: TIFF_DOUBLE, as: Double.self) }
    func shorts(_ tag: UInt32) -> [UInt16]? { values(tag, of: TIFF_SHORT, as: UInt16.self) }

    func text(_ tag: UInt32) -> String? {
        values(tag, of: TIFF_ASCII, as: UInt8.self).map { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }

    private func values<T: BitwiseCopyable>(_ tag: UInt32, of wanted: TIFFDataType, as type: T.Type) -> [T]? {
        var count: UInt32 = 0
        var pointer: UnsafeRawPointer?
        var found: Int32 = 0
        guard unsafe workmap_tiff_get_values(handle, tag, &count, &pointer, &found) == 1, found == Int32(bitPattern: wanted.rawValue),
            let pointer = unsafe pointer
        else { return nil }
        return unsafe Array(UnsafeBufferPointer(start: pointer.assumingMemoryBound(to: type), count: Int(count)))
    }
}
