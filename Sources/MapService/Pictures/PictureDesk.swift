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
        if let time {
            let picture = try await history.picture(order, at: time)
            return .tagged(picture.body, type: picture.mediaType, for: request)
        }
        // The tag says what the picture is made of: whoever has it needs no drawing to be told so.
        let tag = "\"p\(String(try pictures.identity(of: order), radix: 16))\""
        var headers: HTTPFields = [.eTag: tag, .cacheControl: "no-cache"]
        if request.headers[.ifNoneMatch].map({ ContentTag.matches($0, tag) }) == true {
            return Response(status: .notModified, headers: headers)
        }
        let picture = try await pictures.picture(order)
        headers[.contentType] = picture.mediaType
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: picture.body)))
    }

    /// The picture as it is now, with something of the request's own over it.
    func response(to order: PictureRequest, under overlay: PictureOverlay, for request: Request) async throws -> Response {
        let picture = try await pictures.picture(order, under: overlay)
        return .tagged(picture.body, type: picture.mediaType, for: request)
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
