/// A horizontal coordinate reference system, known by an identifier or by its definition.
///
/// Two values are equal when their `id` is. Positions handed to and from this module are east first for every
/// CRS; `isNorthFirst` tells readers and writers of standard documents what the authority's own order is.
public struct CRS: Hashable, Sendable {
    /// `EPSG:4547`, `OGC:CRS84`, `GCJ-02`, `BD-09`, or a whole WKT, PROJJSON or PROJ definition.
    /// `CRS(crs.id)` gives the same CRS again.
    public let id: String
    /// As the authority or the definition calls it.
    public let name: String
    /// Whether positions are longitude and latitude rather than metres on a plane.
    public let isGeographic: Bool
    /// Whether the authority defines northing (or latitude) as the first axis.
    public let isNorthFirst: Bool
    /// Metres a unit of the axes; for degrees the length of one on the equator.
    public let metresPerUnit: Double
    let datum: Datum

    init(id: String, name: String, isGeographic: Bool, isNorthFirst: Bool, metresPerUnit: Double, datum: Datum) {
        self.id = id
        self.name = name
        self.isGeographic = isGeographic
        self.isNorthFirst = isNorthFirst
        self.metresPerUnit = metresPerUnit
        self.datum = datum
    }

    public static func == (a: CRS, b: CRS) -> Bool { a.id == b.id }
    public func hash(into hasher: inout Hasher) { hasher.combine(id) }

    /// The EPSG code; `nil` for a CRS known otherwise.
    public var epsgCode: Int? {
        id.hasPrefix("EPSG:") ? Int(id.dropFirst(5)) : nil
    }

    /// What messages call it: the identifier, or the name where the identifier is a whole definition.
    public var label: String {
        isDefinition ? "\"\(name)\"" : id
    }

    /// Whether `id` is a definition text rather than an authority's code.
    var isDefinition: Bool { id.contains("[") || id.contains("{") || id.contains("+") }

    /// Whether the CRS is GCJ-02 or BD-09, which are read and never written.
    public var isObfuscated: Bool { datum == .gcj02 || datum == .bd09 }
}

extension CRS {
    private static let metresPerDegree = Ellipsoid.cgcs2000SemiMajorAxisInMetres * .pi / 180

    private static func degrees(_ id: String, _ name: String, isNorthFirst: Bool, _ datum: Datum) -> CRS {
        CRS(
            id: id, name: name, isGeographic: true, isNorthFirst: isNorthFirst, metresPerUnit: metresPerDegree,
            datum: datum)
    }

    /// China Geodetic Coordinate System 2000 in degrees, EPSG:4490.
    public static let cgcs2000 = degrees(
        "EPSG:4490", "China Geodetic Coordinate System 2000", isNorthFirst: true, .cgcs2000)
    /// WGS 84 in degrees, EPSG:4326.
    public static let wgs84 = degrees("EPSG:4326", "WGS 84", isNorthFirst: true, .wgs84)
    /// WGS 84 in degrees, longitude first by definition.
    public static let crs84 = degrees("OGC:CRS84", "WGS 84 (CRS84)", isNorthFirst: false, .wgs84)
    /// Web Mercator, EPSG:3857.
    public static let webMercator = CRS(
        id: "EPSG:3857", name: "WGS 84 / Pseudo-Mercator", isGeographic: false, isNorthFirst: false, metresPerUnit: 1,
        datum: .wgs84)
    /// The city's plane: CGCS2000, 3-degree Gauss-Krueger, central meridian 114° E, no zone prefix, EPSG:4547.
    public static let gk114 = CRS(
        id: "EPSG:4547", name: "CGCS2000 / 3-degree Gauss-Kruger CM 114E", isGeographic: false, isNorthFirst: true,
        metresPerUnit: 1, datum: .cgcs2000)
    /// The public obfuscation of longitude and latitude that commercial maps of China use.
    public static let gcj02 = degrees("GCJ-02", "GCJ-02", isNorthFirst: false, .gcj02)
    /// Baidu's obfuscation on top of GCJ-02.
    public static let bd09 = degrees("BD-09", "BD-09", isNorthFirst: false, .bd09)

    static let known: [CRS] = [cgcs2000, wgs84, crs84, webMercator, gk114, gcj02, bd09]
}

extension CRS: CustomStringConvertible {
    public var description: String { label }
}
