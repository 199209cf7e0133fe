internal import Reprojection
internal import SimpleFeatures

/// Compares places of two versions; where they are stored in different CRSs, the earlier ones are carried to the later's.
struct PlacePairing: ~Copyable {
    private let operation: CoordinateOperation?
    /// Distance in CRS units below which carried positions are the same: what carrying there and back may cost.
    private let tolerance: Double

    init(from: CRS?, to: CRS?, policy: DatumPolicy) throws(ReprojectionError) {
        if let from, let to, from != to {
            operation = try CoordinateOperation(from: from, to: to, policy: policy)
            tolerance = to.isGeographic ? 1e-8 : 1e-3
        } else {
            operation = nil
            tolerance = 0
        }
    }

    /// The feature in the later version's CRS; without a place where it has none there.
    func carried(_ feature: Feature) -> Feature {
        switch operation {
        case nil: return feature
        case .some(let operation):
            var carried = feature
            carried.geometry = feature.geometry.flatMap { operation.transform($0) }
            return carried
        }
    }

    func isSame(_ a: Geometry?, _ b: Geometry?) -> Bool {
        guard tolerance > 0 else { return a == b }
        guard let a, let b else { return a == nil && b == nil }
        guard a.kind == b.kind, a.coordinateCount == b.coordinateCount else { return false }
        return zip(Self.positions(a), Self.positions(b)).allSatisfy { abs($0.x - $1.x) <= tolerance && abs($0.y - $1.y) <= tolerance }
    }

    private static func positions(_ geometry: Geometry) -> [Coordinate] {
        var positions: [Coordinate] = []
        geometry.forEachPath { positions += $0 }
        return positions
    }
}
