internal import Reprojection
internal import SQLite

/// The rows of `gpkg_spatial_ref_sys`.
enum SpatialReferenceSystem {
    /// Above every EPSG and ESRI code, for definitions without one.
    private static let firstOwnIdentifier: Int64 = 300_000

    /// The `srs_id` of `crs`, entered when it is not there.
    static func identifier(of crs: CRS, in connection: borrowing Connection) throws -> Int32 {
        let definition = try crs.wellKnownText()
        // Longitude comes first in every GeoPackage (clause 1.1.2.1.2), so CRS84 and EPSG:4326 are stored alike.
        let code = crs == .crs84 ? 4326 : crs.epsgCode
        if let code {
            try enter(Int64(code), name: crs.name, organization: "EPSG", code: Int64(code), definition, connection)
            return Int32(code)
        }
        if let known = try connection.integer("SELECT srs_id FROM gpkg_spatial_ref_sys WHERE definition = ?", [.text(definition)]) {
            return Int32(known)
        }
        let last = try connection.integer("SELECT max(srs_id) FROM gpkg_spatial_ref_sys") ?? 0
        let id = max(last + 1, firstOwnIdentifier)
        try enter(id, name: crs.name, organization: "NONE", code: id, definition, connection)
        return Int32(id)
    }

    private static func enter(
        _ id: Int64, name: String, organization: String, code: Int64, _ definition: String, _ connection: borrowing Connection
    ) throws {
        try connection.run(
            "INSERT OR IGNORE INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)",
            [.text(name), .integer(id), .text(organization), .integer(code), .text(definition)])
    }
}
