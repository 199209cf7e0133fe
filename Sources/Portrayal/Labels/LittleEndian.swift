extension RangeReplaceableCollection<UInt8> {
    /// Appends the bytes of a number, the least first: the order of label plans and all that lies beside them.
    package mutating func append<Number: FixedWidthInteger>(littleEndian number: Number) {
        for shift in stride(from: 0, to: Number.bitWidth, by: 8) { append(UInt8(truncatingIfNeeded: number >> Number(shift))) }
    }
}
