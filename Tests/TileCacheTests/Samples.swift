import Tiling

@testable import TileCache

/// Keys and tiles for tests.
enum Sample {
    static func key(
        _ n: Int, map: String = "m", level: Int = 10, column: Int = 0, format: TileFormat = .mvt, style: UInt64 = 0, data: UInt64 = 1,
        policyClass: String = "public"
    ) -> TileKey {
        TileKey(
            map: map, matrixSet: "w", address: TileAddress(level: level, row: n, column: column), format: format, styleVersion: style,
            dataVersion: data, policyClass: policyClass)
    }

    /// - Parameter byte: told apart by their content.
    static func tile(_ size: Int, byte: UInt8 = 0) -> EncodedTile {
        EncodedTile(
            format: .mvt, body: [UInt8](repeating: byte, count: size), isGzip: false, leftOut: [:], dataVersion: 1)
    }

    /// A tile whose content is that of its number and of no other.
    static func tile(number: Int, size: Int = 2000, dataVersion: UInt64 = 1) -> EncodedTile {
        var state = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15 &+ dataVersion
        let body = (0..<size).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        return EncodedTile(
            format: .mvt, body: body, isGzip: number.isMultiple(of: 2), leftOut: ["density": number % 5 + 1, "too small": 3],
            dataVersion: dataVersion)
    }
}

extension EncodedTile {
    /// Whether two tiles are the same in all that is said of them.
    func isSame(as other: EncodedTile) -> Bool {
        format == other.format && body == other.body && isGzip == other.isGzip && entityTag == other.entityTag
            && leftOut == other.leftOut && leftOutText == other.leftOutText && dataVersion == other.dataVersion && isEmpty == other.isEmpty
    }
}
