/// Values as JSON text (RFC 8259).
package enum JSONText {
    /// Appends `text` in quotes; only what JSON demands is escaped.
    package static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(0x22)
        let isWritten = unsafe text.utf8.withContiguousStorageIfAvailable { content in
            guard unsafe isPlain(content) else { return false }
            unsafe bytes.append(contentsOf: content)
            return true
        }
        if isWritten != true { for byte in text.utf8 { append(escaping: byte, to: &bytes) } }
        bytes.append(0x22)
    }

    private static func isPlain(_ content: UnsafeBufferPointer<UInt8>) -> Bool {
        for i in 0..<content.count {
            let byte = unsafe content[i]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C { return false }
        }
        return true
    }

    private static func append(escaping byte: UInt8, to bytes: inout [UInt8]) {
        switch byte {
        case 0x22, 0x5C: bytes += [0x5C, byte]
        case 0x08: bytes += [0x5C, 0x62]
        case 0x09: bytes += [0x5C, 0x74]
        case 0x0A: bytes += [0x5C, 0x6E]
        case 0x0C: bytes += [0x5C, 0x66]
        case 0x0D: bytes += [0x5C, 0x72]
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            bytes += [0x5C, 0x75, 0x30, 0x30, digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        default: bytes.append(byte)
        }
    }

    /// Appends the shortest text that reads back as `value`; `null` when it is not finite.
    package static func append(_ value: Double, to bytes: inout [UInt8]) {
        guard value.isFinite else {
            bytes.append(contentsOf: [0x6E, 0x75, 0x6C, 0x6C])
            return
        }
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { room in
            var text = unsafe FixedText(room: room)
            unsafe text.putNumber(value, .shortest)
            unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: room[..<text.count]))
        }
    }

    /// Appends `value` rounded to places after the point, 0 to 9, without zeros at the end; `null` when it is not finite.
    package static func append(_ value: Double, decimals: Int, to bytes: inout [UInt8]) {
        guard value.isFinite else {
            bytes.append(contentsOf: [0x6E, 0x75, 0x6C, 0x6C])
            return
        }
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { room in
            var text = unsafe FixedText(room: room)
            unsafe text.putNumber(value, .decimals(decimals))
            unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: room[..<text.count]))
        }
    }

    package static func append(_ value: Int64, to bytes: inout [UInt8]) {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 32) { room in
            var text = unsafe FixedText(room: room)
            if value < 0 { unsafe text.put(0x2D) }
            unsafe text.putWhole(value.magnitude)
            unsafe bytes.append(contentsOf: UnsafeBufferPointer(rebasing: room[..<text.count]))
        }
    }
}
