import ArcGISREST
import HTTPTypes
import Hummingbird
import OGCAPI
import Tiling
import Wording

/// Answers of ArcGIS REST: documents in the form that is asked for, and errors in Esri's.
enum EsriAnswer {
    /// Runs `body` and gives its document, or its error as a document.
    ///
    /// ArcGIS answers a request that it cannot honour with the error in a document of status 200: its clients look for
    /// `error` in whatever comes, and some take any other status for a service that is down. So does this one; failures of its own
    /// keep their status of 5xx, so that watchers see them.
    static func document(
        _ request: Request, _ body: (EsriForm) async throws -> JSONDocument
    ) async throws -> Response {
        var form = EsriForm.plain
        do {
            let parameters = try request.parameters()
            form = try EsriForm(
                form: try parameters.value(caseInsensitive: "f"), callback: try parameters.value(caseInsensitive: "callback"))
            return response(try await body(form), form, request)
        } catch {
            guard let refusal = refusal(error) else { throw error }
            var response = response(refusal.json(), form, request)
            response.headers[.cacheControl] = "no-store"
            response.headers[.eTag] = nil
            return response
        }
    }

    static func response(_ document: JSONDocument, _ form: EsriForm, _ request: Request) -> Response {
        ArcGISAnswer.response(form.bytes(document), type: MediaType.json, form.callback, request)
    }

    /// What is wrong with the request, in Esri's words; `nil` for what is wrong with the service.
    static func refusal(_ error: any Error) -> EsriError? {
        if let error = ArcGISAnswer.esri(error) as? EsriError { return error }
        let problem = ErrorTable.problem(for: error, incident: "").document
        guard problem.status < 500 else { return nil }
        return EsriError(problem.status, problem.detail ?? problem.title)
    }
}

extension EsriForm {
    /// Before anything is known of the request.
    static let plain: EsriForm = {
        do { return try EsriForm(form: "json", callback: nil) } catch { preconditionFailure("json is a form: \(error)") }
    }()
}
