import Glibc

/// Turns text into bytes of one encoding, through glibc's `iconv` for all but UTF-8.
@safe
struct TextEncoder: ~Copyable {
    let name: String
    /// `nil` for UTF-8.
    private let handle: iconv_t?

    init(name: String) throws(WriterError) {
        self.name = name
        guard TextDecoder.canonical(name) != "UTF-8" else {
            unsafe handle = nil
            return
        }
        let opened = unsafe iconv_open(name, "UTF-8")
        guard Int(bitPattern: opened) != -1 else {
            throw WriterError(code: .encodingUnknown, message: "\"\(name)\" is not a known encoding; give UTF-8, GBK or GB18030")
        }
        unsafe handle = unsafe opened
    }

    deinit {
        if let handle = unsafe handle { unsafe iconv_close(handle) }
    }

    /// `nil` when a character is not in the encoding.
    func encode(_ text: String) -> [UInt8]? {
        let bytes = Array(text.utf8)
        if unsafe handle == nil || bytes.allSatisfy({ $0 < 0x80 }) { return bytes }
        let capacity = bytes.count * 2 + 16
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { room in
            unsafe bytes.withUnsafeBufferPointer { buffer in
                var source = unsafe UnsafeMutableRawPointer(mutating: buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
                var sourceLeft = buffer.count
                var target = room.baseAddress
                var targetLeft = capacity
                unsafe iconv(handle, nil, nil, nil, nil)
                unsafe iconv(handle, &source, &sourceLeft, &target, &targetLeft)
                guard sourceLeft == 0 else { return nil }
                return unsafe Array(UnsafeRawBufferPointer(start: room.baseAddress, count: capacity - targetLeft))
            }
        }
    }
}
