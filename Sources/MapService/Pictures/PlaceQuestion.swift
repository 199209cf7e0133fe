import FeatureStore
import Foundation
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// What lies at a place of a map: the features within a distance of a position, layer by layer from the top.
struct PlaceQuestion: Sendable {
    /// CGCS2000 longitude and latitude.
    var centre: Coordinate
    var radiusInMetres: Double
    /// Of each layer, the nearest first.
    var limit: Int

    /// The features found of one layer.
    struct Finding: Sendable {
        var selection: FeatureSelection
        var features: [Feature]
    }

    /// - Parameters:
    ///   - pixel: from the left and the top of the picture.
    ///   - desk: carries the position to degrees.
    init?(pixel: (x: Double, y: Double), of view: PictureView, tolerance: Double, limit: Int, desk: FeatureDesk) async throws {
        let box = view.envelope
        let (east, north) = (box.width / Double(view.width), box.height / Double(view.height))
        let position = Coordinate(x: box.minX + pixel.x * east, y: box.maxY - pixel.y * north)
        let plane = try CRS(view.set.crs)
        guard case .point(let centre)? = try await desk.carry(.point(position), plane, .cgcs2000), centre.isFinite else { return nil }
        self.centre = centre
        self.limit = limit
        // Web Mercator's metres shrink with the latitude.
        let isMercator = plane.id == CRS.webMercator.id
        let metres = max(east, north) * view.set.metresPerUnit * (isMercator ? cos(centre.y * .pi / 180) : 1)
        radiusInMetres = tolerance * metres
    }

    /// Asks every layer that may show its features one by one.
    ///
    /// - Parameter layers: from top to bottom.
    func ask(_ layers: [LiveLayer], in state: LibraryState, at time: String?, registry: any FeatureRegistry, desk: FeatureDesk) async throws -> [Finding] {
        var findings: [Finding] = []
        for layer in layers where layer.definition.isServedByFeature && layer.record != nil {
            var selection = try FeatureSelection(layer: layer.definition.id, in: state)
            if let time {
                selection.turn(to: try await LayerMoment.find(DateTimeRange(time), of: selection.record, in: registry))
            }
            guard let stored = selection.record.crs else { continue }
            selection.shape = .circle(centre: centre, radiusInMetres: radiusInMetres)
            // Outside the area of the layer's CRS there is nothing of it.
            guard let box = try await desk.carried(Self.box(around: centre, radiusInMetres), .cgcs2000, stored) else { continue }
            selection.envelopes = [box]
            let features = try await desk.page(selection, offset: 0, limit: limit).features
            if !features.isEmpty { findings.append(Finding(selection: selection, features: features)) }
        }
        return findings
    }

    /// A box of longitudes and latitudes that holds the circle, a little larger than it need be.
    static func box(around centre: Coordinate, _ radiusInMetres: Double) -> Envelope {
        let latitude = radiusInMetres * 1.01 / 110_500 + 1e-9
        let narrowing = max(0.01, cos((abs(centre.y) + latitude) * .pi / 180))
        let longitude = radiusInMetres * 1.01 / (111_300 * narrowing) + 1e-9
        return Envelope(
            minX: centre.x - longitude, minY: centre.y - latitude, maxX: centre.x + longitude, maxY: centre.y + latitude)
    }
}

extension LiveLayer {
    /// Whether the map shows features of the layer one by one at a nominal level.
    func isShown(atLevel level: Int) -> Bool { definition.tiles.levels.contains(level) }
}
