extension CRSIdentifier {
    /// Whether the CRS counts in degrees of longitude and latitude; `nil` for a CRS that is not on our lists.
    public var isGeographic: Bool? {
        if authority == "OGC" { return code.hasPrefix("CRS84") ? true : nil }
        guard authority == "EPSG", let number = Int(code) else { return nil }
        if Self.geographic.contains(number) { return true }
        return Self.isNorthFirstProjected(number) || Self.isEastFirstProjected(number) ? false : nil
    }

    /// Whether the authority defines north (or latitude) as the first axis; `nil` for a CRS that is not on our lists.
    ///
    /// Source: the EPSG dataset's coordinate systems 6422 (latitude, longitude), 4500 (northing, easting),
    /// 4400 and 4499 (easting, northing).
    public var isNorthFirst: Bool? {
        if authority == "OGC" { return code.hasPrefix("CRS84") ? false : nil }
        guard authority == "EPSG", let number = Int(code) else { return nil }
        if Self.geographic.contains(number) || Self.isNorthFirstProjected(number) { return true }
        return Self.isEastFirstProjected(number) ? false : nil
    }

    private static let geographic: Set<Int> = [4214, 4258, 4267, 4269, 4326, 4490, 4555, 4610]

    private static func isNorthFirstProjected(_ code: Int) -> Bool {
        switch code {
        case 4491...4554: true  // CGCS2000 / Gauss-Kruger
        case 2327...2390, 2401...2442: true  // Xi'an 1980 and Beijing 1954 / Gauss-Kruger
        case 3034, 3035: true  // ETRS89-extended
        default: false
        }
    }

    private static func isEastFirstProjected(_ code: Int) -> Bool {
        switch code {
        case 3395, 3857, 3978: true
        case 32601...32660, 32701...32760: true  // WGS 84 / UTM
        default: false
        }
    }
}
