import FeatureStore
import Foundation
import HTTPTypes
import SimpleFeatures
import TestSupport
import Testing
import TileProduction

@testable import MapService

/// What nobody should send is refused by name, changes nothing, and never makes the service fail.
@Suite struct FeatureEditRefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var what: String
        var body: String
        var status = 422
        /// What the refusal names.
        var parameter: String?
        var key: String?

        var testDescription: String { what }
    }

    private static func point(_ coordinates: String) -> String { #"{"type":"Point","coordinates":\#(coordinates)}"# }

    private static func feature(_ geometry: String, _ properties: String = "{}", more: String = "") -> String {
        #"{"type":"Feature","geometry":\#(geometry),"properties":\#(properties)\#(more)}"#
    }

    private static let here = point("[113.685,22.995]")

    private static let bodies: [Case] = [
        .init(what: "an unknown field", body: feature(here, #"{"colour":"red"}"#), parameter: "colour", key: "field-unknown"),
        .init(what: "a sensitive field", body: feature(here, #"{"keeper":"王五"}"#), parameter: "keeper", key: "field-unknown"),
        .init(what: "text for a number", body: feature(here, #"{"spaces":"12"}"#), parameter: "spaces", key: "value-not-of-kind"),
        .init(what: "a fraction for a whole number", body: feature(here, #"{"spaces":1.5}"#), parameter: "spaces", key: "value-not-of-kind"),
        .init(what: "a number beyond 64 bits", body: feature(here, #"{"spaces":9223372036854775808}"#), parameter: "spaces", key: "value-not-of-kind"),
        .init(what: "a number for text", body: feature(here, #"{"name":12}"#), parameter: "name", key: "value-not-of-kind"),
        .init(what: "an object for text", body: feature(here, #"{"name":{"zh":"站"}}"#), parameter: "name", key: "value-not-of-kind"),
        .init(what: "a list for a number", body: feature(here, #"{"rate":[1]}"#), parameter: "rate", key: "value-not-of-kind"),
        .init(what: "a number for a flag", body: feature(here, #"{"open":1}"#), parameter: "open", key: "value-not-of-kind"),
        .init(what: "a text too long", body: feature(here, #"{"name":"\#(String(repeating: "站", count: 350_000))"}"#), parameter: "name", key: "text-too-long"),
        .init(what: "a text with a null character", body: feature(here, #"{"name":"a\u0000b"}"#), parameter: "name", key: "text-unprintable"),
        .init(what: "half a character", body: feature(here, #"{"name":"\ud800"}"#), status: 400),
        .init(what: "a field twice", body: feature(here, #"{"name":"a","name":"b"}"#), status: 400),
        .init(what: "a member twice", body: feature(here, "{}", more: #","geometry":null"#), status: 400),
        .init(what: "a line", body: feature(#"{"type":"LineString","coordinates":[[113.68,22.99],[113.69,22.99]]}"#), parameter: "geometry", key: "geometry-kind-wrong"),
        .init(what: "a collection", body: feature(#"{"type":"GeometryCollection","geometries":[\#(here)]}"#), parameter: "geometry", key: "geometry-kind-wrong"),
        .init(what: "a circle", body: feature(#"{"type":"Circle","coordinates":[113.68,22.99]}"#)),
        .init(what: "no coordinates", body: feature(#"{"type":"Point"}"#)),
        .init(what: "text for an ordinate", body: feature(point(#"["113.68","22.99"]"#))),
        .init(what: "one ordinate", body: feature(point("[113.68]"))),
        .init(what: "a height", body: feature(point("[113.685,22.995,7]")), parameter: "geometry", key: "dimension-dropped"),
        .init(what: "a longitude beyond the Earth", body: feature(point("[190,22.99]")), parameter: "geometry", key: "coordinate-out-of-range"),
        .init(what: "a latitude beyond the Earth", body: feature(point("[22.99,113.68]")), parameter: "geometry", key: "coordinate-out-of-range"),
        .init(what: "an ordinate beyond all numbers", body: feature(point("[1e999,22.99]"))),
        .init(what: "metres for degrees", body: feature(point("[467600,2543700]")), parameter: "geometry", key: "coordinate-out-of-range"),
        .init(what: "another continent", body: feature(point("[2.35,48.85]")), parameter: "geometry", key: "place-implausible"),
        .init(what: "no geometry", body: #"{"type":"Feature","properties":{}}"#, parameter: "geometry", key: "member-wrong"),
        .init(what: "no properties", body: #"{"type":"Feature","geometry":null}"#, parameter: "properties", key: "member-wrong"),
        .init(what: "a collection of features", body: #"{"type":"FeatureCollection","features":[]}"#, parameter: "type", key: "member-wrong"),
        .init(what: "no type", body: #"{"geometry":null,"properties":{}}"#, parameter: "type", key: "member-wrong"),
        .init(what: "JSON-FG", body: feature("null", "{}", more: #","place":\#(here),"coordRefSys":"[EPSG:4326]""#), parameter: "place", key: "member-wrong"),
        .init(what: "another CRS in the body", body: feature(here, "{}", more: #","crs":{"type":"name","properties":{"name":"EPSG:4547"}}"#), status: 400, parameter: "crs"),
        .init(what: "nothing", body: "", status: 400),
        .init(what: "no JSON", body: "name=站", status: 400),
        .init(what: "XML", body: "<Feature/>", status: 400),
        .init(what: "JSON cut short", body: #"{"type":"Feature","geometry":null,"properties":{"#, status: 400),
        .init(what: "something behind", body: feature("null") + "{}", status: 400),
        .init(what: "a comma too many", body: feature("null", #"{"name":"a",}"#), status: 400),
        .init(what: "a word that is none", body: feature("null", #"{"name":undefined}"#), status: 400),
        .init(what: "a leading zero", body: feature("null", #"{"spaces":012}"#), status: 400),
        .init(what: "not a number", body: feature("null", #"{"rate":NaN}"#), status: 400),
        .init(what: "an array", body: "[]"),
        .init(what: "null", body: "null"),
        .init(what: "a text", body: #""Feature""#),
        .init(what: "properties that are a list", body: feature("null", "[]")),
        .init(what: "nesting in a foreign member", body: feature("null", "{}", more: #","x":"# + String(repeating: "[", count: 1_000_000) + String(repeating: "]", count: 1_000_000)), status: 400),
        .init(what: "nesting in coordinates", body: feature(#"{"type":"Point","coordinates":"# + String(repeating: "[", count: 1_000_000) + "}"), status: 400),
        .init(what: "nesting of objects", body: String(repeating: #"{"a":"#, count: 200_000), status: 400),
        .init(what: "three thousand properties", body: feature("null", "{" + (0..<3000).map { "\"p\($0)\":1" }.joined(separator: ",") + "}"), status: 400),
    ]

    private static let polygons: [Case] = [
        .init(what: "a bow tie", body: "[[[113.68,22.99],[113.681,22.991],[113.681,22.99],[113.68,22.991],[113.68,22.99]]]", key: "self-intersection"),
        .init(what: "an open ring", body: "[[[113.68,22.99],[113.681,22.99],[113.681,22.991],[113.68,22.991]]]", key: "ring-closed"),
        .init(what: "two positions", body: "[[[113.68,22.99],[113.681,22.99]]]"),
        .init(what: "no area", body: "[[[113.68,22.99],[113.681,22.99],[113.68,22.99],[113.68,22.99]]]"),
        .init(
            what: "a hole outside",
            body: "[[[113.68,22.99],[113.681,22.99],[113.681,22.991],[113.68,22.99]],[[113.69,22.99],[113.691,22.99],[113.691,22.991],[113.69,22.99]]]",
            key: "hole-outside-shell"),
        .init(what: "partly elsewhere", body: "[[[113.68,22.99],[200,22.99],[113.681,22.991],[113.68,22.99]]]", key: "coordinate-out-of-range"),
        .init(what: "a lone position", body: "[113.68,22.99]"),
    ]

    private func expectRefusal(_ answer: Answer, _ one: Case) throws {
        #expect(answer.status == one.status, "\(one.what): \(answer.status) \(answer.text.prefix(300))")
        try expectProblem(answer)
        let problem = try answer.json()
        if let parameter = one.parameter { #expect(problem["parameter"] as? String == parameter, "\(one.what): \(answer.text.prefix(300))") }
        if let key = one.key { #expect((problem["errors"] as? [[String: Any]])?.first?["key"] as? String == key, "\(one.what): \(answer.text.prefix(300))") }
        #expect(answer.body.count < 10_000, "\(one.what) is not sent back")
    }

    @Test func noBodyThatIsNoFeatureIsTaken() async throws {
        let town = try await EditedTown()
        let version = try #require(try await town.installation.registry.layer("charging")).version
        for one in Self.bodies {
            try expectRefusal(try await town.ask(.post, "charging/items", one.body), one)
            try expectRefusal(try await town.ask(.put, "charging/items/1", one.body), one)
        }
        #expect(try await town.installation.registry.layer("charging")?.version == version, "nothing was changed")
    }

    @Test func noPolygonIsMendedSilently() async throws {
        let town = try await EditedTown()
        for one in Self.polygons {
            let body = Self.feature(#"{"type":"Polygon","coordinates":\#(one.body)}"#)
            try expectRefusal(try await town.ask(.post, "plots/items", body), one)
            try expectRefusal(try await town.ask(.patch, "plots/items/1", #"{"geometry":{"type":"Polygon","coordinates":\#(one.body)}}"#), one)
        }
        #expect(try await town.client.ask("/collections/plots/items").json()["numberMatched"] as? Int == 2)
    }

    @Test(arguments: [
        Case(what: "a field at the root", body: #"{"spaces":5}"#, parameter: "spaces", key: "member-wrong"),
        Case(what: "another id", body: #"{"id":7}"#, parameter: "id", key: "member-wrong"),
        Case(what: "another type", body: #"{"type":"Point"}"#, parameter: "type", key: "member-wrong"),
        Case(what: "an unknown field", body: #"{"properties":{"colour":null}}"#, parameter: "colour", key: "field-unknown"),
        Case(what: "a sensitive field", body: #"{"properties":{"keeper":null}}"#, parameter: "keeper", key: "field-unknown"),
        Case(what: "coordinates alone", body: #"{"geometry":{"coordinates":[1,2]}}"#),
        Case(what: "no object", body: "[]"),
        Case(what: "an array of operations", body: #"[{"op":"remove","path":"/properties/name"}]"#),
    ]) func noPatchThatIsNoneIsTaken(one: Case) async throws {
        let town = try await EditedTown()
        try expectRefusal(try await town.ask(.patch, "charging/items/1", one.body), one)
        #expect(try await town.properties("charging/items/1")["spaces"] as? Int == 3)
        #expect(try await town.stored("charging", 1, "keeper") == .text("张三0"))
    }

    @Test func anotherIdInAReplacementIsRefused() async throws {
        let town = try await EditedTown()
        for id in ["2", #""1a""#, "1.5", "null", "{}"] {
            let body = EditedTown.station("甲").replacing(#"{"type":"Feature","#, with: #"{"type":"Feature","id":\#(id),"#)
            let answer = try await town.ask(.put, "charging/items/1", body)
            #expect(answer.status == 422, "\(id): \(answer.text)")
        }
        let body = EditedTown.station("甲").replacing(#"{"type":"Feature","#, with: #"{"type":"Feature","id":"1","#)
        #expect(try await town.ask(.put, "charging/items/1", body).status == 204)
    }

    @Test func theTypeOfABodyIsSaid() async throws {
        let town = try await EditedTown()
        let body = EditedTown.station("丁站")
        for (type, status) in [("", 400), ("text/plain", 415), ("application/xml", 415), ("application/merge-patch+json", 415),
            ("application/geo+json; charset=GBK", 415), ("application/geo+json;charset=\"UTF-8\"", 201), ("Application/JSON", 201)] {
            let answer = try await town.ask(.post, "charging/items", body, [.contentType: type])
            #expect(answer.status == status, "\(type): \(answer.text)")
            if status != 201 { try expectProblem(answer) }
        }
        for (type, status) in [("", 400), ("application/json-patch+json", 415), ("application/geo+json", 415)] {
            let answer = try await town.ask(.patch, "charging/items/1", "{}", [.contentType: type])
            #expect(answer.status == status, "\(type): \(answer.text)")
        }
        #expect(try await town.ask(.put, "charging/items/1", body, [.contentType: ""]).status == 400)
        #expect(try await town.ask(.put, "charging/items/1", body, [.contentEncoding: "gzip"]).status == 415)
    }

    @Test(arguments: ["EPSG:3395", "http://www.opengis.net/def/crs/EPSG/0/32650", "<http://example.com/crs>", "<>", "4547", "a, b"])
    func aCRSThatIsNotOfferedIsRefused(name: String) async throws {
        let town = try await EditedTown()
        let answer = try await town.ask(.post, "charging/items", EditedTown.station("丁站"), [FeatureRoutes.contentCRS: name])
        #expect(answer.status == 400)
        try expectProblem(answer)
        #expect(try answer.json()["parameter"] as? String == "Content-Crs")
    }

    /// Positions in the order of another CRS are recognised, and the right order is told.
    @Test func swappedAxesAreTold() async throws {
        let town = try await EditedTown()
        let answer = try await town.ask(
            .post, "charging/items", EditedTown.station("丁站", at: "[113.685,22.995]"),
            [FeatureRoutes.contentCRS: "<http://www.opengis.net/def/crs/EPSG/0/4490>"])
        #expect(answer.status == 422 && answer.text.contains("纬度、经度"), "\(answer.text)")
    }

    @Test func bodiesAreBounded() async throws {
        let town = try await EditedTown()
        let long = String(repeating: " ", count: FeatureEditRoutes.bodyLimit) + EditedTown.station("丁站")
        for (method, target) in [(HTTPRequest.Method.post, "charging/items"), (.put, "charging/items/1"), (.patch, "charging/items/1")] {
            let answer = try await town.ask(method, target, long)
            #expect(answer.status == 413, "\(method): \(answer.text)")
            try expectProblem(answer)
        }
    }

    /// Far more vertices than a feature may have.
    @Test func aMillionVerticesAreRefused() async throws {
        let town = try await EditedTown()
        let ring = (0..<1_000_000).map { "[113.\(680_000 + $0 % 1000),22.99]" }.joined(separator: ",")
        let answer = try await town.ask(.post, "plots/items", Self.feature(#"{"type":"Polygon","coordinates":[[\#(ring)]]}"#))
        #expect(answer.status == 413 || answer.status == 422, "\(answer.text)")
        let fewer = (0..<600_000).map { "[113.6\($0 % 10),22.9]" }.joined(separator: ",")
        let counted = try await town.ask(.post, "plots/items", Self.feature(#"{"type":"Polygon","coordinates":[[\#(fewer)]]}"#))
        #expect(counted.status == 422 && counted.text.contains("\(SentFeature.positionLimit)"), "\(counted.text)")
    }

    /// A feature that would vanish from the service by a change is changed elsewhere; one that is withheld is not there.
    @Test func withheldFeaturesAreOutOfReach() async throws {
        let town = try await EditedTown()
        for body in [#"{"properties":{"typeCode":"SS0101"}}"#] {
            let answer = try await town.ask(.patch, "facility/items/1", body)
            try expectRefusal(answer, Case(what: body, body: body, parameter: "typeCode", key: "value-withholds"))
        }
        let hidden = Self.feature(Self.here, #"{"typeCode":"SS0310"}"#)
        #expect(try await town.ask(.post, "facility/items", hidden).status == 422)
        for (method, body) in [(HTTPRequest.Method.put, Self.feature(Self.here)), (.patch, #"{"properties":{"name":"x"}}"#), (.delete, "")] {
            #expect(try await town.ask(method, "facility/items/2", body).status == 404)
        }
        #expect(try await town.stored("facility", 2, "name") == .text("设施1"))
        #expect(try await town.ask(.put, "facility/items/1", Self.feature(Self.here, #"{"typeCode":"SS0202"}"#)).status == 204)
        #expect(try await town.stored("facility", 1, "contact") == .text("李四0"))
    }

    @Test func onlyTheTokenOpens() async throws {
        let town = try await EditedTown()
        let body = EditedTown.station("丁站")
        for token in ["", "Bearer", "Bearer wrong", "Basic \(EditedTown.token)", EditedTown.token, "Bearer \(EditedTown.token)x"] {
            for (method, target) in [(HTTPRequest.Method.post, "charging/items"), (.put, "charging/items/1"), (.patch, "charging/items/1"), (.delete, "charging/items/1")] {
                let answer = try await town.ask(method, target, method == .patch ? "{}" : body, [.authorization: token])
                #expect(answer.status == 401 && answer.header("WWW-Authenticate") == "Bearer", "\(method) \(token): \(answer.status)")
                try expectProblem(answer)
            }
        }
        #expect(try await town.properties("charging/items/1")["name"] as? String == "甲站")
    }

    @Test(arguments: ["charging/items/0", "charging/items/-1", "charging/items/x", "charging/items/99999999999999999999", "nowhere/items/1", "charging/items/%2e%2e"])
    func addressesOfNothingAreNotFound(target: String) async throws {
        let town = try await EditedTown()
        for method in [HTTPRequest.Method.put, .patch, .delete] {
            let answer = try await town.ask(method, target, method == .patch ? "{}" : EditedTown.station("丁站"))
            #expect(answer.status == 404, "\(method) \(target): \(answer.text)")
            try expectProblem(answer)
        }
        #expect(try await town.ask(.post, "nowhere/items", EditedTown.station("丁站")).status == 404)
    }

    /// Bytes of bodies that are well, spoilt at random: refused or taken, never a failure.
    @Test func spoiltBodiesNeverMakeTheServiceFail() async throws {
        let town = try await EditedTown()
        var random = SeededGenerator(seed: 20_002)
        let well = [EditedTown.station("丁站", more: #","spaces":7,"rate":2.5,"open":true"#), #"{"properties":{"name":"a"},"geometry":{"type":"Point","coordinates":[113.6,22.9]}}"#]
        let scraps = Array("{}[]\",:0123456789.eE+-\\u nulltrueFeatureNaN\u{0}\u{7F}".utf8)
        for round in 0..<150 {
            var bytes = Array(well[round % 2].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: bytes[place] = scraps.randomElement(using: &random) ?? 0
                case 1: bytes.insert(scraps.randomElement(using: &random) ?? 0, at: place)
                default: if bytes.count > 1 { bytes.remove(at: place) }
                }
            }
            let body = String(decoding: bytes, as: UTF8.self)
            let answer = round % 2 == 0 ? try await town.ask(.put, "charging/items/1", body) : try await town.ask(.patch, "charging/items/1", body)
            #expect((200..<500).contains(answer.status), "\(body): \(answer.status) \(answer.text)")
            if answer.status >= 400 { try expectProblem(answer) }
        }
    }
}
