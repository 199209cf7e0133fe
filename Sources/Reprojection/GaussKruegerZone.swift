/// A 3-degree or 6-degree Gauss-Krueger zone of CGCS2000, with and without the zone number before the easting.
///
/// EPSG registers every zone twice: 4513...4533 (zones 25...45) and 4491...4501 (zones 13...23) carry the number as
/// millions of the easting, 4534...4554 and 4502...4512 do not.
struct GaussKruegerZone: Hashable, Sendable {
    enum Width: Int, Sendable { case threeDegrees = 3, sixDegrees = 6 }
    let width: Width
    let number: Int

    init?(width: Width, number: Int) {
        let numbers = width == .threeDegrees ? 25...45 : 13...23
        guard numbers.contains(number) else { return nil }
        self.width = width
        self.number = number
    }

    /// The zone of an EPSG code and whether its eastings carry the number; `nil` for other codes.
    static func of(epsg code: Int) -> (zone: GaussKruegerZone, hasPrefix: Bool)? {
        let match: (Width, Int, Bool)? =
            switch code {
            case 4513...4533: (.threeDegrees, code - 4513 + 25, true)
            case 4534...4554: (.threeDegrees, code - 4534 + 25, false)
            case 4491...4501: (.sixDegrees, code - 4491 + 13, true)
            case 4502...4512: (.sixDegrees, code - 4502 + 13, false)
            default: nil
            }
        guard let (width, number, hasPrefix) = match, let zone = GaussKruegerZone(width: width, number: number) else {
            return nil
        }
        return (zone, hasPrefix)
    }

    /// The zone whose number leads an easting such as 38 512 345; `nil` when no zone's does.
    static func leading(easting: Double) -> GaussKruegerZone? {
        guard easting.isFinite, easting >= 13e6, easting < 46e6 else { return nil }
        let number = Int(easting / 1e6)
        return GaussKruegerZone(width: .threeDegrees, number: number)
            ?? GaussKruegerZone(width: .sixDegrees, number: number)
    }

    /// The 3-degree zone a longitude, in degrees east, lies in; `nil` outside China.
    static func threeDegree(longitude: Double) -> GaussKruegerZone? {
        guard longitude.isFinite, abs(longitude) <= 360 else { return nil }
        return GaussKruegerZone(width: .threeDegrees, number: Int((longitude / 3).rounded()))
    }

    func epsg(hasPrefix: Bool) -> Int {
        switch width {
        case .threeDegrees: (hasPrefix ? 4513 : 4534) + number - 25
        case .sixDegrees: (hasPrefix ? 4491 : 4502) + number - 13
        }
    }
}
