import Hummingbird
import SimpleFeatures
import Wording

/// The polygon in a request's body: GeoJSON, CGCS2000 longitude and latitude.
enum SentPolygon {
    private static let bytesLimit = 4 << 20

    /// - Throws: 413 for a body beyond 4 MiB, 400 for whatever is no closed polygon.
    static func geometry(of request: Request) async throws -> Geometry {
        let buffer: ByteBuffer
        do {
            buffer = try await request.body.collect(upTo: bytesLimit)
        } catch {
            throw ProblemError(
                413, .init(zh: "请求体过大", en: "Too large"),
                .init(
                    zh: "多边形至多 \(bytesLimit) 字节；请简化后再发",
                    en: "a polygon of at most \(bytesLimit) bytes is taken; simplify it"))
        }
        do {
            let geometry = try GeoJSONParser.geometry(Array(buffer.readableBytesView).span)
            guard let geometry, geometry.dimension == .area, geometry.kind != .geometryCollection else {
                throw refusal(
                    zh: "请发送经纬度坐标的 GeoJSON Polygon 或 MultiPolygon",
                    en: "send a GeoJSON Polygon or MultiPolygon in longitude and latitude")
            }
            guard rings(of: geometry).allSatisfy({ $0.count >= 4 && $0.first == $0.last }) else {
                throw refusal(
                    zh: "多边形有一个环未闭合：请给出四个以上的坐标，末点与首点相同",
                    en: "a ring of the polygon is not closed: give it four or more positions, the last one equal to the first")
            }
            return geometry
        } catch let error as GeoJSONError {
            throw refusal(
                zh: "请求体在字节 \(error.byteOffset) 处不是 GeoJSON 几何；请发送经纬度坐标的 Polygon 或 MultiPolygon",
                en: "the body is no GeoJSON geometry: \(error.reason) at byte \(error.byteOffset); send a Polygon or MultiPolygon in longitude and latitude")
        }
    }

    private static func refusal(zh: String, en: String) -> ProblemError {
        ProblemError(400, .init(zh: "不是多边形", en: "No polygon"), .init(zh: zh, en: en))
    }

    private static func rings(of geometry: Geometry) -> [[Coordinate]] {
        switch geometry {
        case .polygon(let polygon): polygon.rings
        case .multiPolygon(let polygons): polygons.flatMap(\.rings)
        default: []
        }
    }
}
