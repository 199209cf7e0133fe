import Glibc
import Wording

/// Turns bytes of one encoding into text, through glibc's `iconv` for all but UTF-8.
@safe
struct TextDecoder: ~Copyable {
    /// As declared or detected, for messages.
    let name: String
    /// `nil` for UTF-8.
    private let handle: iconv_t?
    /// For the encoding that most foreign files here are in.
    private var pairs: GB18030Pairs?

    /// - Throws: `ReaderError` of code `optionInvalid` for a name that is not known.
    init(name: String) throws(ReaderError) {
        self.name = name
        let canonical = TextDecoder.canonical(name)
        guard canonical != "UTF-8" else {
            unsafe handle = nil
            return
        }
        let opened = unsafe iconv_open("UTF-8", canonical)
        guard Int(bitPattern: opened) != -1 else {
            throw ReaderError(
                code: .optionInvalid,
                message: "\"\(name)\" is not a known encoding; give UTF-8, GB18030, GBK, Big5 or another name that `iconv -l` lists")
        }
        unsafe handle = unsafe opened
        if canonical == "GB18030" {
            pairs = GB18030Pairs { pair in
                let decoded = decode(pair.span)
                return decoded.undecodable.isEmpty ? decoded.text : nil
            }
        }
    }

    deinit {
        if let handle = unsafe handle { unsafe iconv_close(handle) }
    }

    var isUTF8: Bool { unsafe handle == nil }

    /// What a decoding gave: undecodable bytes are U+FFFD in the text and listed, at most eight of them.
    struct Decoded {
        var text: String
        var undecodable: [UInt8] = []
    }

    func decode(_ bytes: Span<UInt8>) -> Decoded {
        unsafe bytes.withUnsafeBufferPointer { buffer in unsafe decode(buffer) }
    }

    private func decode(_ buffer: UnsafeBufferPointer<UInt8>) -> Decoded {
        guard buffer.count > 0 else { return Decoded(text: "") }
        guard unsafe handle != nil else {
            if let text = unsafe String(validating: buffer, as: UTF8.self) { return Decoded(text: text) }
            let text = unsafe String(decoding: buffer, as: UTF8.self)
            return Decoded(text: text, undecodable: unsafe buffer.filter { $0 >= 0x80 }.prefix(8).map { $0 })
        }
        if let text = unsafe pairs?.text(buffer) { return Decoded(text: text) }
        var undecodable: [UInt8] = []
        var output: [UInt8] = []
        var from = 0
        while from < buffer.count {
            let consumed = unsafe convert(UnsafeBufferPointer(rebasing: buffer[from...]), to: &output)
            from += consumed
            if from < buffer.count {
                if undecodable.count < 8 { undecodable.append(unsafe buffer[from]) }
                output.append(contentsOf: [0xEF, 0xBF, 0xBD])
                from += 1
            }
        }
        return Decoded(text: String(decoding: output, as: UTF8.self), undecodable: undecodable)
    }

    /// Appends what can be converted from the start of `buffer`, and gives the number of bytes consumed.
    func convert(_ buffer: UnsafeBufferPointer<UInt8>, to output: inout [UInt8]) -> Int {
        let capacity = buffer.count * 4 + 16
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { room in
            var source = unsafe UnsafeMutableRawPointer(mutating: buffer.baseAddress)?.assumingMemoryBound(to: CChar.self)
            var sourceLeft = buffer.count
            var target = room.baseAddress
            var targetLeft = capacity
            unsafe iconv(handle, nil, nil, nil, nil)
            unsafe iconv(handle, &source, &sourceLeft, &target, &targetLeft)
            unsafe output.append(contentsOf: UnsafeRawBufferPointer(start: room.baseAddress, count: capacity - targetLeft))
            return buffer.count - sourceLeft
        }
    }

    /// The name that `iconv` knows; GBK and its elders are read as GB18030, which holds them and what real files add.
    static func canonical(_ name: String) -> String {
        var key = name.uppercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) }
        for prefix in ["ANSI", "OEM", "WINDOWS", "CP", "MS"] where key.hasPrefix(prefix) && key.dropFirst(prefix.count).allSatisfy(\.isNumber) {
            key.removeFirst(prefix.count)
        }
        switch key {
        case "UTF8", "65001", "UTF8SIG": return "UTF-8"
        case "GBK", "936", "GB2312", "EUCCN", "GB18030", "54936", "CHINESE", "HZGB2312": return "GB18030"
        case "BIG5", "950": return "BIG5-HKSCS"
        case "ISO88591", "88591", "LATIN1", "28591": return "ISO-8859-1"
        case "1250", "1251", "1252", "932", "949", "437", "850", "852", "866": return "CP\(key)"
        default: return name
        }
    }

    /// Whether all of `bytes` are well-formed UTF-8, and whether any is not ASCII.
    static func judge(_ bytes: Span<UInt8>) -> (isUTF8: Bool, isASCII: Bool) {
        var p = 0
        let n = bytes.count
        var isASCII = true
        while p < n {
            let byte = bytes[p]
            if byte < 0x80 {
                p &+= 1
                continue
            }
            isASCII = false
            let length = byte >= 0xC2 && byte <= 0xDF ? 2 : byte & 0xF0 == 0xE0 ? 3 : byte >= 0xF0 && byte <= 0xF4 ? 4 : 0
            guard length > 0, p &+ length <= n else { return (false, false) }
            for i in 1..<length where bytes[p &+ i] & 0xC0 != 0x80 { return (false, false) }
            let second = bytes[p &+ 1]
            let isOverlong = (byte == 0xE0 && second < 0xA0) || (byte == 0xF0 && second < 0x90)
            let isBeyond = (byte == 0xED && second > 0x9F) || (byte == 0xF4 && second > 0x8F)
            if isOverlong || isBeyond { return (false, false) }
            p &+= length
        }
        return (true, isASCII)
    }
}

extension Diagnostic {
    /// Bytes of a text that are not in its encoding.
    static func undecodable(_ bytes: [UInt8], field: String?, text: String, encoding: String) -> Diagnostic {
        let spelt = bytes.map { byte in
            let digits = String(byte, radix: 16, uppercase: true)
            return digits.count == 1 ? "0" + digits : digits
        }.joined(separator: " ")
        return Diagnostic(
            key: "text-not-in-encoding", field: field, value: text,
            reason: .init(
                zh: "字节 \(spelt) 不属于 \(encoding)，已替换为 U+FFFD。",
                en: "The bytes \(spelt) are not \(encoding); they were replaced by U+FFFD."),
            suggestion: TextDecoder.canonical(encoding) == "UTF-8"
                ? .init(
                    zh: "请指明文件保存时的编码，多为 `--encoding GB18030`。",
                    en: "Give the encoding the file was saved in, most often `--encoding GB18030`.")
                : .init(
                    zh: "请用 `--encoding` 指明文件保存时的编码。", en: "Give the encoding the file was saved in with `--encoding`."))
    }
}
