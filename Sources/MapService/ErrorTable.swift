import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import TileProduction
import Typography

/// The one place where errors become HTTP: 4xx say what to do, 5xx carry an incident number and nothing else.
enum ErrorTable {
    /// The problem document for an error, and whether the error itself belongs into the log.
    static func problem(for error: any Error, incident: String) -> (document: ProblemDocument, isOurs: Bool) {
        switch error {
        case let error as ProblemError: (error.document, false)
        case let error as ParameterError: (ProblemDocument(error), false)
        case let error as ProductionError: production(error, incident)
        case let error as RegistryError: registry(error, incident)
        case let error as any HTTPResponseError:
            (ProblemDocument(title: error.status.reasonPhrase, status: error.status.code, detail: "\(error)"), error.status.code >= 500)
        default: (internalProblem(incident), true)
        }
    }

    private static func production(_ error: ProductionError, _ incident: String) -> (ProblemDocument, Bool) {
        switch error.code {
        case .unknownMap, .unknownMatrixSet, .outsideLimits:
            (ProblemDocument(title: "Not found", status: 404, detail: error.message), false)
        case .notReady:
            (ProblemDocument(title: "Not ready yet", status: 503, detail: error.message), false)
        case .overloaded:
            (ProblemDocument(title: "Too many tiles are waiting", status: 503, detail: error.message), false)
        case .portrayal, .storage: (internalProblem(incident), true)
        }
    }

    private static func registry(_ error: RegistryError, _ incident: String) -> (ProblemDocument, Bool) {
        switch error.code {
        case .layerUnknown: (ProblemDocument(title: "Not found", status: 404, detail: error.message), false)
        case .fieldUnknown, .fieldSensitive, .layerInvalid:
            (ProblemDocument(title: "Bad request", status: 400, detail: error.message), false)
        case .versionChanged:
            (ProblemDocument(title: "The layer was replaced", status: 409, detail: "\(error.message); begin again at the first page"), false)
        default: (internalProblem(incident), true)
        }
    }

    private static func internalProblem(_ incident: String) -> ProblemDocument {
        ProblemDocument(
            title: "Internal error", status: 500,
            detail: "The service failed on this request; its operator finds the reason in the log under incident \(incident).",
            instance: "urn:workmap:incident:\(incident)")
    }
}

/// A refusal that a route words itself.
struct ProblemError: Error {
    var document: ProblemDocument

    init(_ status: Int, _ title: String, _ detail: String) {
        document = ProblemDocument(title: title, status: status, detail: detail)
    }

    static func notFound(_ detail: String) -> ProblemError { ProblemError(404, "Not found", detail) }
    static func notAcceptable(_ detail: String) -> ProblemError { ProblemError(406, "Not acceptable", detail) }
}
