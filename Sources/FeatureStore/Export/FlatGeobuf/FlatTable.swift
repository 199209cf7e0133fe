/// Builds one FlatBuffers table with its strings, vectors and tables (FlatBuffers internals, "Format"), written front to back.
///
/// Objects are laid out in the order in which they are reached: a table, then what it refers to; every offset points forward,
/// as the format wants it. Enough for FlatGeobuf, and no more.
struct FlatTable {
    /// A field's value; scalars lie in the table, everything else behind it.
    enum Value {
        case byte(UInt8)
        case short(UInt16)
        case int(Int32)
        case long(UInt64)
        case string(String)
        case bytes([UInt8])
        case ints([UInt32])
        case doubles([Double])
        case table(FlatTable)
        case tables([FlatTable])

        /// Of what lies in the table.
        var size: Int {
            switch self {
            case .byte: 1
            case .short: 2
            case .long: 8
            default: 4
            }
        }
    }

    /// By the position of the field in the schema.
    var fields: [Int: Value]

    init(_ fields: [Int: Value?]) {
        self.fields = fields.compactMapValues(\.self)
    }

    /// The buffer with its length before it, as FlatGeobuf stores it; alignment counts from the length on.
    func sizePrefixed() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 8)
        let root = append(to: &bytes)
        bytes.set(UInt32(root - 4), at: 4)
        bytes.pad(to: 8)
        bytes.set(UInt32(bytes.count - 4), at: 0)
        return bytes
    }

    /// - Returns: where the table begins.
    private func append(to bytes: inout [UInt8]) -> Int {
        // Large fields first, so that none needs room before it.
        let order = fields.sorted { ($1.value.size, $0.key) < ($0.value.size, $1.key) }
        var places: [Int: Int] = [:]
        var size = 4
        // Eight-byte fields begin at 8, where a table that begins at a multiple of eight aligns them.
        if order.first?.value.size == 8 { size = 8 }
        for (field, value) in order {
            places[field] = size
            size += value.size
        }
        let slots = (fields.keys.max() ?? -1) + 1
        bytes.pad(to: 2)
        // The table of offsets lies before the table, which begins at a multiple of eight.
        let directoryBytes = 4 + 2 * slots
        while (bytes.count + directoryBytes) % 8 != 0 { bytes.append(0) }
        let directory = bytes.count
        bytes.append(little: UInt16(directoryBytes))
        bytes.append(little: UInt16(size))
        for slot in 0..<slots { bytes.append(little: UInt16(places[slot] ?? 0)) }
        let start = bytes.count
        bytes += repeatElement(0, count: size)
        bytes.set(UInt32(bitPattern: Int32(start - directory)), at: start)
        for (field, value) in fields.sorted(by: { $0.key < $1.key }) {
            let at = start + (places[field] ?? 0)
            switch value {
            case .byte(let n): bytes[at] = n
            case .short(let n): bytes.set(n, at: at)
            case .int(let n): bytes.set(n, at: at)
            case .long(let n): bytes.set(n, at: at)
            default:
                let target = value.append(to: &bytes)
                bytes.set(UInt32(target - at), at: at)
            }
        }
        return start
    }
}

extension FlatTable.Value {
    /// - Returns: where what an offset leads to begins: a table, or the count of a vector.
    fileprivate func append(to bytes: inout [UInt8]) -> Int {
        switch self {
        case .byte, .short, .int, .long: preconditionFailure("a scalar lies in its table")
        case .table(let table): return table.append(to: &bytes)
        case .string(let text):
            let start = bytes.beginVector(text.utf8.count, elementSize: 1)
            bytes += Array(text.utf8)
            bytes.append(0)
            return start
        case .bytes(let content):
            let start = bytes.beginVector(content.count, elementSize: 1)
            bytes += content
            return start
        case .ints(let numbers):
            let start = bytes.beginVector(numbers.count, elementSize: 4)
            for number in numbers { bytes.append(little: number) }
            return start
        case .doubles(let numbers):
            let start = bytes.beginVector(numbers.count, elementSize: 8)
            for number in numbers { bytes.append(little: number.bitPattern) }
            return start
        case .tables(let tables):
            let start = bytes.beginVector(tables.count, elementSize: 4)
            let first = bytes.count
            bytes += repeatElement(0, count: 4 * tables.count)
            for (index, table) in tables.enumerated() {
                let place = first + 4 * index
                bytes.set(UInt32(table.append(to: &bytes) - place), at: place)
            }
            return start
        }
    }
}

extension [UInt8] {
    fileprivate mutating func pad(to alignment: Int) {
        while count % alignment != 0 { append(0) }
    }

    /// Writes a vector's count where the elements behind it are aligned.
    fileprivate mutating func beginVector(_ elements: Int, elementSize: Int) -> Int {
        let alignment = Swift.max(4, elementSize)
        while (count + 4) % alignment != 0 || count % 4 != 0 { append(0) }
        append(little: UInt32(elements))
        return count - 4
    }

    fileprivate mutating func set(_ number: some FixedWidthInteger, at place: Int) {
        for offset in 0..<(number.bitWidth / 8) { self[place + offset] = UInt8(truncatingIfNeeded: number >> (8 * offset)) }
    }
}
