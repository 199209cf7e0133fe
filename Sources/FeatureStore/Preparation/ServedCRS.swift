public import Reprojection
public import Tiling

/// The CRSs that a prepared layer holds coordinates in: those of the tile matrix sets that maps are offered in.
public struct ServedCRSs: Hashable, Sendable {
    /// EPSG:3857 first: ranking and areas are measured in it.
    public let prepared: [PreparedCRS]
    public let crss: [CRS]

    /// - Throws: `unknownCRS` for a matrix set whose CRS PROJ does not know.
    public init(_ sets: [TileMatrixSet]) throws(ReprojectionError) {
        var crss = [CRS.webMercator]
        var prepared = [PreparedCRS(id: CRS.webMercator.id, metresPerUnit: 1)]
        for set in sets {
            let crs = try CRS(Self.datumTwin(of: set.crs))
            guard !crss.contains(crs) else { continue }
            crss.append(crs)
            prepared.append(PreparedCRS(id: crs.id, metresPerUnit: set.metresPerUnit))
        }
        self.crss = crss
        self.prepared = prepared
    }

    /// The CRS whose coordinates a matrix set is cut from: under the datum policy WGS 84 and CGCS2000 longitudes and
    /// latitudes are the same numbers, so one of them is stored.
    public static func datumTwin(of crs: String) -> String {
        switch crs {
        case "OGC:CRS84", "EPSG:4326": CRS.cgcs2000.id
        default: crs
        }
    }
}
