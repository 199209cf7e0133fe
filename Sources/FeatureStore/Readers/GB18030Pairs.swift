/// The two-byte characters of GB18030, as `iconv` knows them, in a table: calling it for each cell costs ten times as much.
struct GB18030Pairs {
    /// The code unit of each pair from 0x8140 on, 0 where there is none or it is beyond 16 bits.
    private let units: [UInt16]

    private static let trails = 0xFF - 0x40

    /// Asks `decode` for every pair once.
    init(decode: ([UInt8]) -> String?) {
        var units = [UInt16](repeating: 0, count: 126 * GB18030Pairs.trails)
        for lead in 0x81...0xFE {
            for trail in 0x40...0xFE where trail != 0x7F {
                let scalars = decode([UInt8(lead), UInt8(trail)])?.unicodeScalars
                guard let scalar = scalars?.first, scalars?.count == 1, scalar.value <= 0xFFFF else { continue }
                units[(lead - 0x81) * GB18030Pairs.trails + trail - 0x40] = UInt16(scalar.value)
            }
        }
        self.units = units
    }

    /// The text of `bytes`; `nil` when anything but ASCII and pairs of the table is in them.
    func text(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
        unsafe withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count * 2 + 1) { room in
            var p = 0
            var n = 0
            while p < bytes.count {
                let lead = unsafe bytes[p]
                if lead < 0x80 {
                    unsafe room[n] = lead
                    n &+= 1
                    p &+= 1
                    continue
                }
                guard lead > 0x80, lead < 0xFF, p &+ 1 < bytes.count else { return nil }
                let trail = unsafe bytes[p &+ 1]
                guard trail >= 0x40, trail < 0xFF else { return nil }
                let unit = units[Int(lead &- 0x81) &* GB18030Pairs.trails &+ Int(trail &- 0x40)]
                guard unit >= 0x80 else { return nil }
                if unit < 0x800 {
                    unsafe room[n] = 0xC0 | UInt8(truncatingIfNeeded: unit >> 6)
                } else {
                    unsafe room[n] = 0xE0 | UInt8(truncatingIfNeeded: unit >> 12)
                    n &+= 1
                    unsafe room[n] = 0x80 | UInt8(truncatingIfNeeded: unit >> 6) & 0x3F
                }
                unsafe room[n &+ 1] = 0x80 | UInt8(truncatingIfNeeded: unit) & 0x3F
                n &+= 2
                p &+= 2
            }
            return unsafe String(decoding: UnsafeBufferPointer(rebasing: room[..<n]), as: UTF8.self)
        }
    }
}
