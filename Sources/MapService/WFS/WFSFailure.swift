import CQL2
import FeatureStore
import HTTPTypes
import Hummingbird
import Markup
import OGCAPI
import Reprojection
import Wording

/// An exception of WFS on its way out (OGC 09-025r2 clause 7.5, annex D).
enum WFSFailure {
    /// `nil` for what is the service's own failure, which the one error table logs.
    static func exception(for error: any Error) -> ServiceException? {
        switch error {
        case let error as ServiceException: error
        case let error as ParameterError:
            error.code == .tooLong
                ? ServiceException(.invalidParameterValue, error.message, status: 414) : ServiceException(error)
        case let error as MarkupError: ServiceException(.operationParsingFailed, error.message)
        case let error as FESError: ServiceException(code(error.code), locator: "FILTER", error.message)
        case let error as FilterError: ServiceException(.invalidParameterValue, locator: "FILTER", error.message)
        case let error as ReprojectionError:
            ServiceException(
                .invalidParameterValue, locator: "SRSNAME",
                .init(zh: "坐标系不能换算到此图层：\(error)", en: "the CRS cannot be carried to the layer's: \(error)"))
        case let error as ProblemError where error.document.status < 500: problem(error)
        case let error as RegistryError: registry(error)
        default: nil
        }
    }

    private static func code(_ code: FESError.Code) -> ServiceException.Code {
        switch code {
        case .syntax, .tooLarge: .operationParsingFailed
        case .unsupported: .optionNotSupported
        case .value: .invalidParameterValue
        }
    }

    private static func problem(_ error: ProblemError) -> ServiceException {
        let document = error.document
        let code: ServiceException.Code =
            switch document.status {
            case 403: .operationProcessingFailed
            case 404: .notFound
            case 413: .operationParsingFailed
            default: .invalidParameterValue
            }
        return ServiceException(code, document.detail ?? document.title, status: document.status)
    }

    private static func registry(_ error: RegistryError) -> ServiceException? {
        switch error.code {
        case .filterTooCostly: ServiceException(.operationProcessingFailed, locator: "FILTER", error.message)
        case .versionChanged: ServiceException(.operationProcessingFailed, error.message, status: 409)
        case .fieldUnknown, .fieldSensitive, .layerInvalid: ServiceException(.invalidParameterValue, error.message)
        default: nil
        }
    }

    static func response(_ exception: ServiceException) -> Response {
        Response(
            status: .init(code: exception.status),
            headers: [.contentType: ServiceException.mediaType, .contentLanguage: "zh, en", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: exception.xml(version: WFSRequest.version))))
    }
}
