import HTTPTypes
import Hummingbird
import OGCAPI
import Raster
import TileProduction
import Wording

/// Answers requests for pictures, whatever language they came in.
struct PictureDesk: Sendable {
    let pictures: PictureService
    let history: HistoricTiles

    /// The picture as it is now, or as of a time.
    ///
    /// - Parameter time: ISO 8601 in UTC with whole seconds.
    /// - Throws: `ProductionError`, `RegistryError`.
    func response(to order: PictureRequest, at time: String?, for request: Request) async throws -> Response {
        try Self.check(order)
        if let time {
            let picture = try await history.picture(order, at: time)
            return .tagged(picture.body, type: picture.mediaType, for: request)
        }
        // The tag says what the picture is made of: whoever has it needs no drawing to be told so.
        let tag = Self.tag(try pictures.identity(of: order))
        if request.headers[.ifNoneMatch].map({ ContentTag.matches($0, tag) }) == true {
            return Response(status: .notModified, headers: [.eTag: tag, .cacheControl: "no-cache", .vary: "Accept"])
        }
        let picture = try await pictures.picture(order)
        var headers: HTTPFields = [.contentType: picture.mediaType, .vary: "Accept"]
        if let identity = picture.identity {
            headers[.eTag] = Self.tag(identity)
            headers[.cacheControl] = "no-cache"
        } else {
            headers[.cacheControl] = "no-store"
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: picture.body)))
    }

    /// The picture as it is now, with something of the request's own over it.
    func response(to order: PictureRequest, under overlay: PictureOverlay, for request: Request) async throws -> Response {
        try Self.check(order)
        let picture = try await pictures.picture(order, under: overlay)
        return .tagged(picture.body, type: picture.mediaType, for: request)
    }

    private static func tag(_ identity: UInt64) -> String { "\"p\(String(identity, radix: 16))\"" }

    /// Pixels of all parts together: four of the largest pictures over one another.
    private static let pixelLimit = 64 << 20

    /// - Throws: `ParameterError` where one request wants too much drawn.
    private static func check(_ order: PictureRequest) throws(ParameterError) {
        let (width, height) = (order.view.width, order.view.height)
        guard order.parts.count * width * height <= pixelLimit else {
            throw ParameterError(
                .invalid, name: "layers", value: "\(order.parts.count)",
                expected: .init(
                    zh: "\(width) × \(height) 像素的图上至多 \(pixelLimit / (width * height)) 个各自绘制的图层；同一地图中相继的图层合为一个",
                    en: "at most \(pixelLimit / (width * height)) layers drawn one by one on \(width) x \(height) pixels; layers of one map in its own order count as one"))
        }
    }

    /// A PNG as another format of pictures.
    static func converted(png: [UInt8], to format: WMSPictureFormat) throws -> [UInt8] {
        let picture = try PNGDecoder.decode(png)
        let (width, height) = (picture.width, picture.height)
        return switch format {
        case .png: png
        case .jpeg: JPEGCodec.encode(picture, x: 0, y: 0, width: width, height: height)
        case .webp: WebPCodec.encode(picture, x: 0, y: 0, width: width, height: height)
        }
    }
}
