import OGCAPI
import Reprojection
import SimpleFeatures
import Tiling

/// How coordinates leave: the CRS, the order its authority defines, and the digits that keep a millimetre.
struct GeoJSONOutput: Sendable {
    let identifier: CRSIdentifier
    let crs: CRS
    private let isNorthFirst: Bool

    /// - Parameter identifier: as the request named it; CRS84 is east first, an EPSG code has its authority's order
    ///   (OGC 18-058r1 clause 6.2).
    init(_ identifier: CRSIdentifier) throws(ReprojectionError) {
        self.identifier = identifier
        crs = try identifier.system()
        isNorthFirst = identifier.isNorthFirst == true
    }

    func writer(_ schema: FeatureSchema) -> GeoJSONWriter {
        // Half a unit of the last digit: 0.6 mm in degrees, 0.05 mm in metres.
        GeoJSONWriter(
            schema: schema, precision: .decimals(crs.isGeographic ? 8 : 4), winding: isNorthFirst ? .rightHandNorthFirst : .rightHand)
    }

    /// Puts positions that are east first into the order of the output.
    func order(_ positions: inout [Coordinate]) {
        guard isNorthFirst else { return }
        for i in positions.indices { positions[i] = Coordinate(x: positions[i].y, y: positions[i].x) }
    }
}
