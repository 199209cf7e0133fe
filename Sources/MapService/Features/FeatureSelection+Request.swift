import FeatureStore
import OGCAPI
import Reprojection
import SimpleFeatures

extension FeatureSelection {
    /// Narrows the selection by all that a request says, and gives it the request's order.
    ///
    /// - Parameter area: a polygon that the request sends, in CGCS2000 longitude and latitude.
    mutating func narrow(by wanted: ItemsQuery, area: Geometry?, at desk: FeatureDesk) async throws {
        try add(wanted.filters)
        sort(by: wanted.order)
        filter = try await SentFilter.bound(wanted.filter, to: self, at: desk)
        try await narrow(toPlacesOf: wanted, area, desk)
    }

    /// Turns the places that a request names into boxes and a shape in the layer's CRS.
    private mutating func narrow(toPlacesOf wanted: ItemsQuery, _ area: Geometry?, _ desk: FeatureDesk) async throws {
        guard let stored = record.crs else { return }
        if !wanted.boxes.isEmpty { self = try await desk.selection(self, in: wanted.boxes, crs: wanted.boxCRS) }
        var around: Envelope?
        if let circle = wanted.circle {
            shape = .circle(centre: circle.centre, radiusInMetres: circle.radiusInMetres)
            around = PlaceQuestion.box(around: circle.centre, circle.radiusInMetres)
        } else if let area {
            shape = .area(area)
            around = area.envelope
        }
        if let around {
            let box = try await desk.searchBox(around, from: .cgcs2000, to: stored)
            envelopes = envelopes.map { known in known.map { $0.intersection(box) } ?? box }
        }
    }
}
