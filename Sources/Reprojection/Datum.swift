/// The frame that a CRS hangs on, as far as the datum policy tells frames apart.
enum Datum: Hashable, Sendable {
    /// China 2000, realised by CGCS2000.
    case cgcs2000
    case wgs84
    /// The public obfuscation of WGS 84, and the further one on top of it.
    case gcj02
    case bd09
    /// Xian 1980, Beijing 1954, New Beijing: PROJ reaches CGCS2000 from them by doing nothing, 50 to 120 m wrong.
    case formerNational(String)
    /// Any other datum, by its name.
    case named(String)
    /// A definition without a datum, or an engineering CRS.
    case unknown

    /// - Parameter name: as EPSG, ESRI WKT 1 or GDAL WKT 1 spell it.
    /// - Parameter semiMajorAxisInMetres: an accepted name on a foreign ellipsoid is not the accepted datum.
    init(name: String, semiMajorAxisInMetres axis: Double) {
        let key = String(name.lowercased().unicodeScalars.filter { "a"..."z" ~= $0 || "0"..."9" ~= $0 })
        let isModernEllipsoid = abs(axis - Ellipsoid.cgcs2000SemiMajorAxisInMetres) < 1e-3
        switch key {
        case "china2000", "dchina2000", "cgcs2000", "dcgcs2000", "chinageodeticcoordinatesystem2000":
            self = isModernEllipsoid ? .cgcs2000 : .unknown
        case "worldgeodeticsystem1984", "worldgeodeticsystem1984ensemble", "wgs1984", "dwgs1984", "wgs84":
            self = isModernEllipsoid ? .wgs84 : .unknown
        case "xian1980", "dxian1980", "xian80", "beijing1954", "dbeijing1954", "newbeijing", "dnewbeijing":
            self = .formerNational(name)
        default:
            let saysNothing = key.isEmpty || key.hasPrefix("unknown") || key.hasPrefix("unnamed")
            self = saysNothing || key.hasPrefix("notspecified") ? .unknown : .named(name)
        }
    }

    /// Whether the datum is one of the two that the policy holds to be the same.
    var isAcceptedIdentity: Bool { self == .cgcs2000 || self == .wgs84 }
}

/// Figures of the Earth that formulas of this module need without asking PROJ.
enum Ellipsoid {
    /// GRS 80, CGCS2000 and WGS 84 share it.
    static let cgcs2000SemiMajorAxisInMetres = 6_378_137.0
    /// Krassovsky 1940, the figure the GCJ-02 formula is written with.
    static let krassovskySemiMajorAxisInMetres = 6_378_245.0
    static let krassovskyEccentricitySquared = 0.006_693_421_622_965_943_23
}
