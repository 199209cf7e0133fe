import HTTPTypes
import Hummingbird
import OGCAPI
import Tiling
import Wording

/// A request for a document that is there in several forms, one of which has been chosen.
struct DocumentRequest {
    let request: Request
    /// How the world reaches this service, without a slash at the end.
    let base: String
    let parameters: QueryParameters
    let given: Representation
    private let offered: [Representation]

    /// What proxies and Tianditu's clients append to any address.
    private static let passedOver: Set<String> = ["tk", "token", "access_token"]

    /// - Parameters:
    ///   - offered: the forms, the preferred one first.
    ///   - known: names of parameters besides `f`.
    /// - Throws: 400 for a parameter that is not known here (OGC 17-069r4 requirement 8), 406 where the client takes none of
    ///   the forms.
    init(
        _ request: Request, _ settings: ServiceSettings, offering offered: [Representation] = [.json, .html], knowing known: [String] = []
    ) throws {
        self.request = request
        self.offered = offered
        base = request.baseURL(settings)
        parameters = try request.parameters()
        for item in parameters.items where item.name != "f" && !known.contains(item.name) && !Self.passedOver.contains(item.name) {
            let names = (["f"] + known).joined(separator: ", ")
            throw ParameterError(.unknown, name: item.name, value: item.value, expected: .init(zh: "下列之一：\(names)", en: "one of \(names)"))
        }
        given = try Self.choose(among: offered, request, parameters)
    }

    /// - Throws: 400 for an `f` that names none of the forms, 406 where the client takes none of them.
    static func choose(
        among offered: [Representation], _ request: Request, _ parameters: QueryParameters
    ) throws -> Representation {
        let accept = request.headers[.accept]
        if let chosen = try Negotiation.choose(among: offered, f: try parameters.value("f"), accept: accept) { return chosen }
        let types = offered.map(\.mediaType).joined(separator: ", ")
        throw ProblemError.notAcceptable(
            zh: "Accept“\((accept ?? "").prefix(200))”中没有可提供的类型；可选：\(types)",
            en: "none of \"\((accept ?? "").prefix(200))\" is offered; choose from \(types)")
    }

    var url: String { base + request.uri.path }

    /// `self` and `alternate`.
    var links: [Link] { .ofRepresentations(offered, given: given, url: url, parameters: parameters) }

    /// The other forms.
    var alternates: [Link] { links.filter { $0.rel == "alternate" } }

    /// The document in the form that was chosen.
    ///
    /// - Parameter page: the same for people.
    func answer(_ document: JSONDocument, page: (DocumentRequest) -> HTMLPage) -> Response {
        if given == .html { return answer(page(self)) }
        return finish(.tagged(document.bytes(), type: given.mediaType, for: request))
    }

    /// The document, whose page shows its members as they are.
    func answer(_ document: JSONDocument, title: LocalisedText, steps: [HTMLPage.Step] = []) -> Response {
        answer(document) { asked in
            HTMLPage(title: title, steps: asked.steps(steps), alternates: asked.alternates, body: document.html)
        }
    }

    func answer(_ page: HTMLPage) -> Response {
        var response = Response.tagged(page.bytes(), type: HTMLPage.mediaType, for: request)
        response.headers[Self.securityPolicy] = HTMLPage.securityPolicy
        return finish(response)
    }

    /// What every answer that was negotiated says about itself.
    func finish(_ response: Response) -> Response {
        var response = response
        response.headers[.vary] = "Accept, Accept-Encoding"
        response.headers[.link] = links.header
        return response
    }

    /// The landing page before the other steps.
    func steps(_ further: [HTMLPage.Step]) -> [HTMLPage.Step] { [.init("接口首页", base + "/?f=html")] + further }

    static let securityPolicy = TileResponse.name("Content-Security-Policy")
}

extension HTTPField.Name {
    static let link = TileResponse.name("Link")
}
