import HTTPTypes
import Testing

@testable import MapService

@Suite struct BadRequestTests {
    private static let items = "/collections/base.building/items"

    @Test(arguments: [
        "limit=0", "limit=x", "limit=-5", "offset=-1", "unknown=1", "bbox=1,2,3", "bbox=1,2,3,x", "bbox=nan,1,2,3", "bbox=0,5,1,4",
        "bbox=1,2,3,4&bbox-crs=EPSG:9999", "crs=EPSG:9999", "crs=nonsense", "center=113.7", "center=113.7,22.9", "radius=5",
        "lon=113&radius=5", "center=500,0&radius=5", "center=1,1&radius=-1", "datetime=yesterday", "floors=many", "limit=1&limit=2",
        "name=%FF%FE", "name=%zz", "f=docx",
    ]) func aParameterThatCannotBeHonouredIs400(query: String) async throws {
        let answer = try await Hamlet.client().ask("\(Self.items)?\(query)")
        #expect(answer.status == 400, "\(query)")
        try expectProblem(answer)
        #expect(try answer.json()["expected"] as? String != nil, "says what would have been accepted")
    }

    @Test(arguments: [
        "", "{", "[]", #"{"type":"Point","coordinates":[1,2]}"#, #"{"type":"Polygon","coordinates":[]}"#, #"{"type":"Polygon"}"#,
        #"{"type":"Polygon","coordinates":[[[1,2],[3,4]]]}"#, #"{"type":"Polygon","coordinates":[[[1e400,2],[3,4],[5,6],[1e400,2]]]}"#,
        #"{"type":"Polygon","coordinates":[[["a",2],[3,4],[5,6],[1,2]]]}"#,
    ]) func aBodyThatIsNoPolygonIs400(body: String) async throws {
        let answer = try await Hamlet.client().ask(Self.items, .post, body: body)
        #expect(answer.status == 400, "\(body)")
        try expectProblem(answer)
    }

    /// A bow tie is judged as it is drawn or refused by name, never with a crash.
    @Test func aPolygonThatCrossesItselfIsAnswered() async throws {
        let body = #"{"type":"Polygon","coordinates":[[[113.68,22.99],[113.69,23.00],[113.69,22.99],[113.68,23.00],[113.68,22.99]]]}"#
        let answer = try await Hamlet.client().ask(Self.items, .post, body: body)
        #expect(answer.status == 200 || answer.status == 400)
        if answer.status == 400 { try expectProblem(answer) } else { #expect(try answer.json()["numberMatched"] as? Int ?? 0 > 0) }
    }

    @Test func aBodyBeyondTheLimitIs413() async throws {
        let answer = try await Hamlet.client().ask(Self.items, .post, body: String(repeating: " ", count: 5 << 20))
        #expect(answer.status == 413)
        try expectProblem(answer)
    }

    @Test(arguments: ["?name=", "/"]) func anAddressBeyondTheLimitIs414(start: String) async throws {
        let answer = try await Hamlet.client().ask(Self.items + start + String(repeating: "x", count: 30_000))
        #expect(answer.status == 414)
        try expectProblem(answer)
    }

    @Test func aQueryBeyondItsOwnLimitIs414() async throws {
        let answer = try await Hamlet.client().ask(Self.items + "?name=" + String(repeating: "x", count: 17_000))
        #expect(answer.status == 414)
        try expectProblem(answer)
    }

    @Test(arguments: ["image/png", "application/xml", "application/geo+json;q=0, text/plain"]) func whatIsNotGivenIs406(accept: String) async throws {
        let answer = try await Hamlet.client().ask(Self.items, headers: [.accept: accept])
        #expect(answer.status == 406)
        try expectProblem(answer)
    }

    @Test(arguments: ["*/*", "application/json", "application/*", "text/html;q=0.1, */*;q=0.2", "Application/Geo+JSON"]) func whatIsGivenIsAccepted(accept: String) async throws {
        #expect(try await Hamlet.client().ask(Self.items + "?limit=1", headers: [.accept: accept]).status == 200)
    }

    @Test(arguments: [
        "/nowhere", "/collections/none", "/collections/none/items", "/collections/none/schema", "/tileMatrixSets/none",
        "/portal/none.js", "/portal/../Package.swift", "/portal/%2e%2e/%2e%2e/Package.swift", "/portal/.hidden.js", "/assets/%2e%2e%2fPackage.swift",
        "/assets/none.js",
    ]) func whatIsNotThereIs404(target: String) async throws {
        let answer = try await Hamlet.client().ask(target)
        #expect(answer.status == 404)
        try expectProblem(answer)
    }

    @Test(arguments: [("/collections", "DELETE"), ("/tiles/standard/1/1/1.png", "PUT"), ("/collections/base.building/items", "PATCH")])
    func aMethodThatIsNotTakenIs405(target: String, method: String) async throws {
        let answer = try await Hamlet.client().ask(target, try #require(HTTPRequest.Method(method)))
        #expect(answer.status == 405)
        #expect(answer.headers[.allow]?.contains("GET") == true)
        try expectProblem(answer)
    }
}
