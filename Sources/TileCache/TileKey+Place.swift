import Tiling

extension TileKey {
    /// The key that all versions of this tile have in common.
    var place: TileKey {
        var place = self
        place.styleVersion = 0
        place.dataVersion = 0
        return place
    }

    /// One number for the place, the same in every run, so that what a cache does can be had again.
    var fingerprint: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ number: UInt64) {
            hash = (hash ^ number) &* 0x9E37_79B9_7F4A_7C15
            hash ^= hash >> 29
        }
        for byte in map.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in matrixSet.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        for byte in policyClass.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        add(UInt64(truncatingIfNeeded: address.level))
        add(UInt64(truncatingIfNeeded: address.row))
        add(UInt64(truncatingIfNeeded: address.column))
        switch format {
        case .mvt: add(1)
        case .png(let ratio): add(UInt64(ratio) << 3 | 2)
        case .jpeg(let ratio): add(UInt64(ratio) << 3 | 3)
        case .webp(let ratio): add(UInt64(ratio) << 3 | 4)
        case .mixed(let ratio): add(UInt64(ratio) << 3 | 5)
        }
        return hash
    }
}
