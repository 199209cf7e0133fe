import ArcGISREST
import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import TileProduction
import Tiling
import Wording

/// What a question of ArcGIS REST is answered with.
enum ArcGISContent {
    case json([UInt8])
    case geoJSON([UInt8])
    /// Esri's protocol buffer.
    case buffer([UInt8])
    case picture(Response)

    static func json(_ document: JSONDocument) -> ArcGISContent { .json(document.bytes()) }
}

/// How answers of ArcGIS REST leave.
enum ArcGISAnswer {
    /// Clients of ArcGIS look for errors in the document, whatever the status; Esri's own servers answer with 200.
    static func answering(_ request: Request, _ work: (ArcGISParameters) async throws -> ArcGISContent) async throws -> Response {
        var callback: EsriCallback?
        do {
            let parameters = try await ArcGISParameters(request)
            callback = try parameters.callback
            return try response(try await work(parameters), callback, request)
        } catch {
            let error = esri(error)
            guard let refusal = error as? EsriError else { throw error }
            var response = response(refusal.json().bytes(), type: MediaType.json, callback, request)
            response.headers[.cacheControl] = "no-store"
            response.headers[.contentLanguage] = "zh, en"
            response.headers[.eTag] = nil
            return response
        }
    }

    private static func response(_ content: ArcGISContent, _ callback: EsriCallback?, _ request: Request) throws(EsriError) -> Response {
        switch content {
        case .json(let bytes): return response(bytes, type: MediaType.json, callback, request)
        case .geoJSON(let bytes): return response(bytes, type: MediaType.geoJSON, callback, request)
        case .buffer(let bytes):
            if let callback { throw EsriCallback.refusal(callback.name) }
            return response(bytes, type: EsriProtocolBuffer.mediaType, nil, request)
        case .picture(let response):
            if let callback { throw EsriCallback.refusal(callback.name) }
            return response
        }
    }

    /// A document, or the call of a page's function with it. What it is is never guessed from its bytes, which requests have a say in.
    static func response(_ bytes: [UInt8], type: String, _ callback: EsriCallback?, _ request: Request) -> Response {
        var response = Response.tagged(callback?.call(bytes) ?? bytes, type: callback == nil ? type : EsriCallback.mediaType, for: request)
        response.headers[TileResponse.name("X-Content-Type-Options")] = "nosniff"
        return response
    }

    /// What is refused further in, in ArcGIS' words.
    static func esri(_ error: any Error) -> any Error {
        switch error {
        case let error as ParameterError: EsriError(400, error.message)
        case let error as ProblemError where error.document.status < 500:
            EsriError(error.document.status, error.document.detail ?? error.document.title)
        case let error as PictureCatalogue.Refusal: EsriError(404, error.problem.document.detail ?? .notFound)
        case let error as RegistryError where error.code == .filterTooCostly || error.code == .layerInvalid: EsriError(400, error.message)
        case let error as RegistryError where error.code == .versionChanged: EsriError(409, error.message)
        case let error as ProductionError where error.code == .overloaded || error.code == .notReady: EsriError(503, error.message)
        case let error as FilterError: EsriError.parameter("geometry", "", expected: error.message)
        case let error as ReprojectionError:
            EsriError.parameter("sr", "", expected: .init(zh: "可换算的坐标系", en: "a CRS that can be carried to the layer's: \(error)"))
        default: error
        }
    }
}
