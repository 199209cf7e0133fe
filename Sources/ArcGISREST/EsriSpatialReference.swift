public import Tiling

/// A spatial reference as ArcGIS names it: a well-known id, for Web Mercator two of them.
///
/// Coordinates are always east first, whatever the CRS's own order.
public enum EsriSpatialReference {
    private static let webMercator: Set<Int> = [3857, 102_100, 102_113, 900_913]

    /// CGCS2000 in degrees and in the zone of 114°E, with and without the zone's number before the easting, and WGS 84.
    private static let others: Set<Int> = [4490, 4547, 4526, 4326]

    /// The CRS of a well-known id; `nil` for one that positions are neither taken nor given in.
    public static func crs(wkid: Int) -> CRSIdentifier? {
        if webMercator.contains(wkid) { return CRSIdentifier(authority: "EPSG", code: "3857") }
        guard others.contains(wkid) else { return nil }
        return CRSIdentifier(authority: "EPSG", code: String(wkid))
    }

    /// What ArcGIS calls a CRS; CRS84 is 4326, for its axes are east first there anyway.
    public static func json(_ crs: CRSIdentifier) -> JSONDocument {
        let numbers = numbers(crs)
        return ["wkid": .integer(numbers[0]), "latestWkid": .integer(numbers[1])]
    }

    /// The well-known id and the latest one.
    static func numbers(_ crs: CRSIdentifier) -> [Int] {
        if crs.description == "EPSG:3857" { return [102_100, 3857] }
        let wkid = crs == .crs84 ? 4326 : Int(crs.code) ?? 4326
        return [wkid, wkid]
    }
}
