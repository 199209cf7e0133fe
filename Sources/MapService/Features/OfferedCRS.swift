import Reprojection
import Tiling

/// The CRSs that features are given in; CRS84 first, the default.
enum OfferedCRS {
    static let identifiers: [CRSIdentifier] =
        [.crs84] + ["4490", "4547", "4526", "4326", "3857"].map { CRSIdentifier(authority: "EPSG", code: $0) }

    /// What PROJ knows of them: every request needs one, and reading its name anew costs as much as a small answer's positions.
    fileprivate static let systems: [CRSIdentifier: CRS] = {
        var systems: [CRSIdentifier: CRS] = [:]
        for identifier in identifiers {
            do throws(ReprojectionError) {
                systems[identifier] = try CRS(identifier.description)
            } catch {
                continue  // who asks for it is told why
            }
        }
        return systems
    }()
}

extension CRSIdentifier {
    /// - Throws: where PROJ knows no such CRS.
    func system() throws(ReprojectionError) -> CRS {
        if let known = OfferedCRS.systems[self] { return known }
        return try CRS(description)
    }
}
