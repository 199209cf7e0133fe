import SimpleFeatures

extension DBFTable {
    struct Head {
        var rowCount: Int
        var headerLength: Int
        var recordLength: Int
        /// The language driver id.
        var driver: UInt8
    }

    struct Descriptor {
        var name: [UInt8]
        var type: UInt8
        var offset: Int
        var width: Int
        var decimals: Int
    }

    static func head(_ bytes: Span<UInt8>, _ name: String) throws(ReaderError) -> Head {
        guard bytes.count >= 32 else {
            throw ReaderError(code: .contentDamaged, message: "\(name): \(bytes.count) bytes are too few for an attribute table; export it again")
        }
        let head = Head(
            rowCount: Int(bytes.uint32(at: 4)), headerLength: Int(bytes.uint16(at: 8)), recordLength: Int(bytes.uint16(at: 10)),
            driver: bytes[29])
        guard head.headerLength >= 33, head.headerLength <= bytes.count, head.recordLength >= 1 else {
            throw ReaderError(
                code: .contentDamaged,
                message: "\(name): the header says \(head.headerLength) bytes and rows of \(head.recordLength), which cannot be; export it again")
        }
        return head
    }

    /// Columns that would reach beyond the record are left out: the header is not to be trusted further.
    static func descriptors(_ bytes: Span<UInt8>, _ head: Head) -> [Descriptor] {
        var descriptors: [Descriptor] = []
        var offset = 1
        var p = 32
        while p + 32 <= head.headerLength, bytes[p] != 0x0D {
            var name: [UInt8] = []
            for i in 0..<11 {
                if bytes[p + i] == 0 { break }
                name.append(bytes[p + i])
            }
            let type = bytes[p + 11] & 0xDF == 0 ? 0x43 : bytes[p + 11]
            // Text columns wider than a byte can say keep the high byte where others keep decimals.
            let high = type == 0x43 ? Int(bytes[p + 17]) << 8 : 0
            let wide = Int(bytes[p + 16]) + high
            let width = offset + wide <= head.recordLength ? wide : Int(bytes[p + 16])
            guard offset + width <= head.recordLength else { break }
            descriptors.append(Descriptor(name: name, type: type, offset: offset, width: width, decimals: Int(bytes[p + 17])))
            offset += width
            p += 32
        }
        return descriptors
    }

    /// By the language driver, else by a look at every text: UTF-8 where all of it is, else GB18030.
    static func detectedEncoding(_ bytes: Span<UInt8>, _ head: Head) -> String {
        if let name = drivers[head.driver] { return name }
        return TextDecoder.judge(bytes.extracting(min(32, bytes.count)..<min(head.headerLength, bytes.count))).isUTF8
            && textsAreUTF8(bytes, head) ? "UTF-8" : "GB18030"
    }

    /// Binary columns are not text, so each text cell is judged by itself.
    private static func textsAreUTF8(_ bytes: Span<UInt8>, _ head: Head) -> Bool {
        let texts = descriptors(bytes, head).filter { $0.type == 0x43 }
        var row = head.headerLength
        while row + head.recordLength <= bytes.count {
            for column in texts {
                let cell = bytes.extracting((row + column.offset)..<(row + column.offset + column.width))
                // A text cut at the end of its cell is the writer's doing, not another encoding.
                if !TextDecoder.judge(cell.extracting(0..<wholeCharacters(cell))).isUTF8 { return false }
            }
            row += head.recordLength
        }
        return true
    }

    /// Bytes of `cell` without a UTF-8 character that its end cuts.
    private static func wholeCharacters(_ cell: Span<UInt8>) -> Int {
        var start = cell.count
        while start > 0, start > cell.count - 4 {
            start -= 1
            let byte = cell[start]
            if byte & 0xC0 == 0x80 { continue }
            let length = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1
            return start + length > cell.count ? start : cell.count
        }
        return cell.count
    }

    /// The name, less the bytes of a character that the limit of ten bytes cut through.
    static func name(_ bytes: [UInt8], _ decoder: borrowing TextDecoder) -> String {
        for cut in 0...3 where bytes.count > cut {
            let decoded = decoder.decode(bytes.span.extracting(0..<(bytes.count - cut)))
            if decoded.undecodable.isEmpty { return trimmed(decoded.text) }
        }
        return trimmed(decoder.decode(bytes.span).text)
    }

    private static func trimmed(_ text: String) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    static func unique(_ name: String, _ taken: inout Set<String>) -> String {
        var candidate = name
        var n = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(name)_\(n)"
            n += 1
        }
        return candidate
    }

    /// Whole numbers of more than 18 digits need not fit 64 bits and stay text.
    static func kind(_ type: UInt8, _ width: Int, _ decimals: Int) -> FieldKind {
        switch type {
        case 0x4E: decimals > 0 ? .real : width <= 18 ? .integer : .text
        case 0x46: .real
        case 0x4F where width == 8: .real
        case 0x49 where width == 4, 0x2B where width == 4: .integer
        case 0x4C: .boolean
        case 0x44: .date
        case 0x40 where width == 8, 0x54 where width == 8: .dateTime
        default: .text
        }
    }

    /// Language driver ids that name one code page; 0x57 only says "the writer's own".
    private static let drivers: [UInt8: String] = [
        0x4D: "CP936", 0x7A: "CP936", 0x4F: "CP950", 0x78: "CP950", 0x4E: "CP949", 0x79: "CP949", 0x13: "CP932", 0x7B: "CP932",
        0x01: "CP437", 0x02: "CP850", 0x03: "CP1252", 0x64: "CP852", 0x65: "CP866", 0x66: "CP865", 0xC8: "CP1250", 0xC9: "CP1251",
    ]
}
