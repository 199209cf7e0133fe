import Hummingbird
import SimpleFeatures

/// The polygon in a request's body: GeoJSON, CGCS2000 longitude and latitude.
enum SentPolygon {
    private static let bytesLimit = 4 << 20

    /// - Throws: 413 for a body beyond 4 MiB, 400 for whatever is no closed polygon.
    static func geometry(of request: Request) async throws -> Geometry {
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: bytesLimit)
        } catch {
            throw ProblemError(413, "Too large", "a polygon of at most \(bytesLimit) bytes is taken; simplify it")
        }
        do {
            let geometry = try GeoJSONParser.geometry(Array(buffer.readableBytesView).span)
            guard let geometry, geometry.dimension == .area, geometry.kind != .geometryCollection else {
                throw refusal("send a GeoJSON Polygon or MultiPolygon in longitude and latitude")
            }
            guard rings(of: geometry).allSatisfy({ $0.count >= 4 && $0.first == $0.last }) else {
                throw refusal("a ring of the polygon is not closed: give it four or more positions, the last one equal to the first")
            }
            return geometry
        } catch let error as GeoJSONError {
            throw refusal(
                "the body is no GeoJSON geometry: \(error.reason) at byte \(error.byteOffset); send a Polygon or MultiPolygon in longitude and latitude")
        }
    }

    private static func refusal(_ detail: String) -> ProblemError { ProblemError(400, "No polygon", detail) }

    private static func rings(of geometry: Geometry) -> [[Coordinate]] {
        switch geometry {
        case .polygon(let polygon): polygon.rings
        case .multiPolygon(let polygons): polygons.flatMap(\.rings)
        default: []
        }
    }
}
