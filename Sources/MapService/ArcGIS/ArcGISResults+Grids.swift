import ArcGISREST
import Reprojection
import SimpleFeatures
import Tiling

/// Grids that answers' positions are written on.
extension ArcGISResults {
    /// The grid of `quantizationParameters`, its extent carried to the answer's CRS.
    func wantedTransform(_ page: [Feature], _ crs: CRS, _ decimals: Int) async throws -> EsriTransform? {
        guard let wanted = query.quantisation else { return nil }
        var extent = wanted.extent ?? Self.envelope(of: page)
        if wanted.extent != nil, let reference = wanted.crs {
            let from = try CRS(reference.description)
            if from != crs { extent = try await desk.carried(extent, from, crs) ?? .empty }
        }
        return EsriTransform(wanted, extent: extent, finest: Self.step(decimals))
    }

    static func envelope(of page: [Feature]) -> Envelope {
        page.reduce(into: Envelope.empty) { box, feature in
            if let geometry = feature.geometry, geometry.hasOnlyFinitePositions { box.formUnion(geometry.envelope) }
        }
    }

    /// Between ordinates of so many decimals.
    static func step(_ decimals: Int) -> Double { 1 / (0..<decimals).reduce(1.0) { power, _ in power * 10 } }
}
