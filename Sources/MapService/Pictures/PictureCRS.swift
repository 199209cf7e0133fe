import SimpleFeatures
import Tiling

/// A CRS that pictures are asked in, as one of the planes that layers are prepared in: no picture needs a coordinate operation.
///
/// Under the datum policy longitudes and latitudes of WGS 84 are those of CGCS2000; EPSG:4526 is EPSG:4547 with the number of
/// its zone before the easting.
struct PictureCRS: Sendable {
    let identifier: CRSIdentifier
    /// A set in the plane's CRS.
    let set: TileMatrixSet
    /// What ordinates of this CRS have in addition to those of the plane.
    let eastingShift: Double

    private static let zoneShift = 38_000_000.0

    /// The preferred one first.
    static let identifiers: [CRSIdentifier] = ["4490", "4326"].map(epsg) + [.crs84] + ["3857", "4547", "4526"].map(epsg)

    private static func epsg(_ code: String) -> CRSIdentifier { CRSIdentifier(authority: "EPSG", code: code) }

    /// `nil` for a CRS that no set is in the plane of.
    init?(_ identifier: CRSIdentifier, in registry: TileMatrixSetRegistry) {
        let (plane, shift) =
            switch identifier.description {
            case "EPSG:4326", "OGC:CRS84": (Self.epsg("4490"), 0.0)
            case "EPSG:4526": (Self.epsg("4547"), Self.zoneShift)
            default: (identifier, 0)
            }
        guard let set = registry.sets.first(where: { CRSIdentifier($0.crs) == plane }) else { return nil }
        self.identifier = identifier
        self.set = set
        eastingShift = shift
    }

    static func offered(in registry: TileMatrixSetRegistry) -> [PictureCRS] {
        identifiers.compactMap { PictureCRS($0, in: registry) }
    }

    /// A box of this CRS, east first, in the plane.
    func plane(_ box: Envelope) -> Envelope { moved(box, -eastingShift) }

    /// A box of the plane in this CRS, east first.
    func box(_ plane: Envelope) -> Envelope { moved(plane, eastingShift) }

    private func moved(_ box: Envelope, _ east: Double) -> Envelope {
        Envelope(minX: box.minX + east, minY: box.minY, maxX: box.maxX + east, maxY: box.maxY)
    }
}
