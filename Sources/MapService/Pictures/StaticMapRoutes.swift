import Foundation
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import TileCache
import TileProduction
import Tiling
import Wording

/// Static maps: pictures whose whole description is their address.
struct StaticMapRoutes {
    let service: ServiceContext
    let pictures: PictureDesk
    let desks: FeatureDesks

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/maps/{map}/static/{place}/{size}") { request, context in
            let segments = try ["map", "place", "size"].map { PercentEncoding.decode(try context.parameters.require($0)) ?? "" }
            let wanted = try StaticMapRequest(place: segments[1], size: segments[2], parameters: try request.parameters())
            return try await answer(wanted, map: segments[0], request)
        }
    }

    private func answer(_ wanted: StaticMapRequest, map: String, _ request: Request) async throws -> Response {
        let state = service.library.state
        let parts: [PictureRequest.Part]
        do { parts = try PictureCatalogue(state: state).parts([(map, nil)]) } catch { throw error.problem }
        guard let set = state.sets[TileRoutes.webMercator] else { preconditionFailure("Web Mercator is always there") }
        let (box, level) = try await frame(wanted, set)
        let (width, height) = (wanted.width * wanted.ratio, wanted.height * wanted.ratio)
        guard let view = PictureView(set: set, envelope: box, width: width, height: height, ratio: Double(wanted.ratio)) else {
            throw ParameterError(.invalid, name: "place", value: nil, expected: .init(zh: "大小合理的范围", en: "a place of sensible size"))
        }
        let ground: PictureRequest.Ground = wanted.isTransparent && wanted.format != .jpeg ? .transparent : .style
        let order = PictureRequest(parts: parts, view: view, format: wanted.format.tileFormat, ground: ground)
        guard !wanted.markers.isEmpty || !wanted.paths.isEmpty else { return try await pictures.response(to: order, at: nil, for: request) }
        // Where the world is smaller than the picture the overlay would show another part of it.
        guard 256 * exp2(level) >= Double(max(wanted.width, wanted.height)) else {
            throw ParameterError(
                .invalid, name: "place", value: nil, expected: .init(zh: "世界大于图幅的级别（有标记时）", en: "a level at which the world is larger than the picture, beside markers"))
        }
        let document = try MarkerStyle(request: wanted, fontStack: [StandardFonts.regular, StandardFonts.fallback]).document()
        let centre = try await degrees(box.centre, set)
        let viewport = Viewport(
            camera: Camera(centre: centre, zoom: level - 1), width: wanted.width, height: wanted.height, pixelRatio: Double(wanted.ratio))
        let overlay = PictureOverlay(document: document, viewport: viewport, fonts: service.installation.fonts)
        return try await pictures.response(to: order, under: overlay, for: request)
    }

    /// What is shown, in Web Mercator, and the level that it is shown at.
    private func frame(_ wanted: StaticMapRequest, _ set: TileMatrixSet) async throws -> (Envelope, level: Double) {
        let coarsest = set.matrices[0].cellSize * exp2(Double(set.matrices[0].level))
        func around(_ c: Coordinate, _ level: Double) -> Envelope {
            let cell = coarsest / exp2(level)
            let (x, y) = (Double(wanted.width) * cell / 2, Double(wanted.height) * cell / 2)
            return Envelope(minX: c.x - x, minY: c.y - y, maxX: c.x + x, maxY: c.y + y)
        }
        let box: Envelope
        switch wanted.place {
        case .centre(let c, let level):
            guard case .point(let plane)? = try await desks.next.carry(.point(c), .cgcs2000, .webMercator) else {
                throw ParameterError(.invalid, name: "place", value: nil, expected: .init(zh: "地图范围内的位置", en: "a position on the map"))
            }
            return (around(plane, level), level)
        case .box(let wantedBox): box = try await desks.next.envelope(wantedBox, from: .cgcs2000, to: .webMercator)
        case .auto: box = try await desks.next.envelope(wanted.markedEnvelope, from: .cgcs2000, to: .webMercator)
        }
        let (width, height) = (Double(wanted.width - 2 * wanted.padding), Double(wanted.height - 2 * wanted.padding))
        let cell = max(box.width / width, box.height / height, coarsest / exp2(Self.closestLevel))
        let level = log2(coarsest / cell)
        return (around(box.centre, level), level)
    }

    /// A single marker is shown no closer.
    private static let closestLevel = 18.0

    private func degrees(_ c: Coordinate, _ set: TileMatrixSet) async throws -> Coordinate {
        guard case .point(let degrees)? = try await desks.next.carry(.point(c), .webMercator, .cgcs2000) else {
            preconditionFailure("Web Mercator covers the positions that it was made from")
        }
        return degrees
    }
}
