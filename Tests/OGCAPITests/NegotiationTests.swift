import Testing
import Wording

@testable import OGCAPI

@Suite struct NegotiationTests {
    private static let forms: [Representation] = [.json, .html]

    @Test(arguments: [
        (nil, "json"), ("*/*", "json"), ("text/html", "html"), ("text/*", "html"), ("application/json", "json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"), ("text/html;q=0.5, application/json;q=0.4", "html"),
        ("application/json;q=0, */*;q=0.1", "html"), ("application/*;q=0.2, text/html;q=0.1", "json"), ("TEXT/HTML ; q=1", "html"),
        ("application/json;profile=x;q=0.9, text/html;q=0.8", "json"),
    ] as [(String?, String)]) func theGladlyTakenFormIsGiven(accept: String?, name: String) throws {
        #expect(try Negotiation.choose(among: Self.forms, f: nil, accept: accept)?.name == name)
    }

    @Test(arguments: ["image/png", "text/html;q=0", "", "nonsense", "application/xml, image/*", "*/*;q=0"]) func nothingFits(accept: String) throws {
        #expect(try Negotiation.choose(among: Self.forms, f: nil, accept: accept) == nil)
    }

    @Test(arguments: [("json", "json"), ("HTML", "html"), ("text/html", "html"), ("application/json", "json")])
    func fOutdoesAccept(f: String, name: String) throws {
        #expect(try Negotiation.choose(among: Self.forms, f: f, accept: "image/png")?.name == name)
    }

    @Test func aPlusSignThatBecameABlankIsUnderstood() throws {
        #expect(try Negotiation.choose(among: [.geoJSON, .html], f: "application/geo json", accept: nil) == .geoJSON)
        #expect(try Negotiation.choose(among: [.geoJSON, .html], f: "geojson", accept: nil) == .geoJSON)
    }

    @Test(arguments: ["xml", "", "json,html"]) func anotherFIsRefusedByName(f: String) {
        do throws(ParameterError) {
            _ = try Negotiation.choose(among: Self.forms, f: f, accept: nil)
            Issue.record("\(f) is taken")
        } catch {
            #expect(error.name == "f" && error.value == f && error.expected.en == "one of json, html")
        }
    }

    @Test func linksLeadToEveryFormOnce() {
        let links = [Link].ofRepresentations(
            Representation.schemas + [.html], given: .html, url: "http://m/x", parameters: QueryParameters(items: [.init(name: "a", value: "1&2")]))
        #expect(links.map(\.rel) == ["self", "alternate"])
        #expect(links.map(\.href) == ["http://m/x?a=1%262&f=html", "http://m/x?a=1%262&f=json"])
        #expect(links.map(\.type) == [MediaType.html, MediaType.schema])
    }

    @Test func aLinkHeaderCannotBeBrokenOutOf() {
        let header = [Link(href: "http://m/\"><x>\r\nSet-Cookie: a", rel: "self", type: MediaType.json)].header
        #expect(header == "<http://m/xSet-Cookie:a>; rel=\"self\"; type=\"application/json\"")
        #expect([Link.template(href: "http://m/{z}", rel: "item")].header.isEmpty)
    }
}
