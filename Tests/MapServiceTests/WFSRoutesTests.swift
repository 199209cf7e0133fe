import FeatureStore
import Foundation
import HTTPTypes
import Markup
import OGCAPI
import SimpleFeatures
import Testing
import TileProduction

@testable import MapService

/// WFS 2.0.0 through the router; the real clients are in `Tests/Clients/wfs_clients.py`.
@Suite struct WFSRoutesTests {
    private static let head = "/wfs?SERVICE=WFS&VERSION=2.0.0&REQUEST="
    private static let fes = #"xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2""#

    private static func ask(_ query: String) async throws -> Answer { try await Hamlet.client().ask(head + query) }

    private static func read(_ query: String, _ status: Int = 200) async throws -> MarkupElement {
        let answer = try await ask(query)
        #expect(answer.status == status, "\(query): \(answer.text.prefix(300))")
        return try MarkupReader.read(try answer.unpacked())
    }

    private static func escaped(_ text: String) -> String { PercentEncoding.encode(text) }

    /// Ids of the features of an answer, in its order.
    private static func ids(_ document: MarkupElement) -> [Int] {
        document.children.compactMap { $0.children.first?.attributes["id"]?.split(separator: ".").last.flatMap { Int($0) } }
    }

    private static func items(_ query: String) async throws -> [Int] {
        try await Hamlet.client().ask("/collections/street/items?limit=10000&" + query).features().compactMap { $0["id"] as? Int }
    }

    // MARK: Documents

    @Test func capabilitiesListWhatFeaturesOffers() async throws {
        let client = try await Hamlet.client()
        let document = try MarkupReader.read(try await client.ask("/wfs?SERVICE=WFS&REQUEST=GetCapabilities").unpacked())
        #expect(document.attributes["version"] == "2.0.0")
        let types = document["FeatureTypeList"]?.children.compactMap { $0["Name"]?.text } ?? []
        let offered = client.service.library.state.layersInOrder.filter { $0.record != nil && $0.definition.isServedByFeature }.map { "wm:\($0.definition.id)" }
        #expect(types == offered && types.count > 15 && !types.contains("wm:population"))
        #expect(document["FeatureTypeList"]?.children.first?["DefaultCRS"]?.text == "urn:ogc:def:crs:EPSG::4490")
        let sequence = try #require(document.attributes["updateSequence"].flatMap { Int($0) })
        let short = try await Self.read("GetCapabilities&UPDATESEQUENCE=\(sequence)")
        #expect(short.children.isEmpty && short.attributes["updateSequence"] == "\(sequence)")
        #expect(try await Self.read("GetCapabilities&UPDATESEQUENCE=\(sequence - 1)").children.count == 5)
        #expect(try await Self.read("GetCapabilities&UPDATESEQUENCE=\(sequence + 1)", 400).children.first?.attributes["exceptionCode"] == "InvalidUpdateSequence")
        #expect(try await Self.read("GetCapabilities&SECTIONS=FeatureTypeList").children.map(\.name) == ["FeatureTypeList"])
        let landing = try await client.ask("/?f=json", headers: [.accept: "application/json"])
        #expect(landing.text.contains("wfs?SERVICE=WFS&REQUEST=GetCapabilities"))
    }

    /// Operators that the capabilities name are read, and the other way round.
    @Test func capabilitiesNameTheOperatorsThatAreRead() async throws {
        let filters = try #require(try await Self.read("GetCapabilities")["Filter_Capabilities"])
        func names(_ whole: String, _ list: String) -> [String] { filters[whole]?[list]?.children.compactMap { $0.attributes["name"] } ?? [] }
        #expect(names("Scalar_Capabilities", "ComparisonOperators").count == 10 && names("Spatial_Capabilities", "SpatialOperators").count == 11)
        let all = names("Scalar_Capabilities", "ComparisonOperators") + names("Spatial_Capabilities", "SpatialOperators") + names("Temporal_Capabilities", "TemporalOperators")
        for name in all + ["PropertyIsFunny"] {
            let answer = try await Self.read("GetFeature&TYPENAMES=street&FILTER=\(Self.escaped("<Filter><\(name)/></Filter>"))", 400)
            let code = answer.children.first?.attributes["exceptionCode"]
            #expect(code == (name == "PropertyIsFunny" ? "OptionNotSupported" : "OperationParsingFailed"), "\(name)")
        }
    }

    @Test func schemasHaveNoSensitiveFields() async throws {
        let client = try await Hamlet.client()
        let document = try await Self.read("DescribeFeatureType")
        let types = document.children.filter { $0.name == "complexType" }
        for layer in client.service.library.state.layersInOrder where layer.definition.isServedByFeature && layer.record != nil {
            let type = try #require(types.first { $0.attributes["name"] == layer.definition.id + "Type" })
            let names = type["complexContent"]?["extension"]?["sequence"]?.children.compactMap { $0.attributes["name"] } ?? []
            let fields = layer.record?.schema.fields ?? []
            #expect(Set(names) == Set(fields.filter(layer.isOpen).map(\.name) + ["geometry"]), "\(layer.definition.id)")
        }
    }

    @Test func storedQueries() async throws {
        #expect(try await Self.read("ListStoredQueries").children.first?.attributes["id"] == WFSRequest.featureByID)
        #expect(try await Self.read("DescribeStoredQueries").children.first?["Parameter"]?.attributes["name"] == "ID")
        #expect(try await Self.read("DescribeStoredQueries&STOREDQUERY_ID=x", 400).name == "ExceptionReport")
        let query = "GetFeature&STOREDQUERY_ID=\(WFSRequest.featureByID)&ID="
        let feature = try await Self.read(query + "street.3")
        #expect(feature.name == "street" && feature.attributes["id"] == "street.3")
        #expect(try await Self.ask(query + "street.3&OUTPUTFORMAT=json").json()["id"] as? Int == 3)
        for id in ["street.999999", "street.x", "street", "street.-1"] {
            let report = try await Self.read(query + id, 404)
            #expect(report.children.first?.attributes["exceptionCode"] == "NotFound", "\(id)")
        }
        #expect(try await Self.read(query + "nope.1", 400).children.first?.attributes["locator"] == "ID")
        #expect(try await Self.read(query + "population.1", 400).children.first?.attributes["locator"] == "ID")
    }

    // MARK: Features

    @Test func pagesFollowOneAnother() async throws {
        let whole = try await Self.read("GetFeature&TYPENAMES=wm:street")
        let count = Self.ids(whole).count
        #expect(whole.attributes["numberMatched"] == "\(count)" && whole.attributes["numberReturned"] == "\(count)" && whole.attributes["next"] == nil)
        #expect(try await Self.items("") == Self.ids(whole))
        var next: String? = Self.head + "GetFeature&typeNames=wm:street&count=25&SORTBY=name"
        var found: [Int] = []
        var pages = 0
        while let target = next {
            let page = try MarkupReader.read(try await Hamlet.client().ask(target).unpacked())
            #expect(page.attributes["numberMatched"] == "\(count)" && page.attributes["numberReturned"] == "\(Self.ids(page).count)")
            #expect((page.attributes["previous"] == nil) == (pages == 0))
            found += Self.ids(page)
            next = page.attributes["next"].map { String($0.dropFirst("https://map.example".count)) }
            pages += 1
        }
        let sorted = try await Self.items("sortby=name")
        #expect(pages == (count + 24) / 25 && found == sorted)
        let hits = try await Self.read("GetFeature&TYPENAMES=street&RESULTTYPE=hits")
        #expect(hits.children.isEmpty && hits.attributes["numberMatched"] == "\(count)" && hits.attributes["numberReturned"] == "0")
        #expect(try await Self.read("GetFeature&TYPENAMES=street&COUNT=0").attributes["numberReturned"] == "0")
        #expect(Self.ids(try await Self.read("GetFeature&TYPENAMES=street&STARTINDEX=100000")).isEmpty)
    }

    /// What is more than a run leaves piece by piece, and is the same.
    @Test func longAnswersAreStreamed() async throws {
        let answer = try await Self.ask("GetFeature&TYPENAMES=doorplate")
        #expect(answer.headers[.contentEncoding] == nil && answer.headers[.contentType] == "application/gml+xml; version=3.2")
        let ids = Self.ids(try MarkupReader.read(answer.body, limits: MarkupLimits(bytes: 1 << 26)))
        let wanted = try await Hamlet.client().ask("/collections/doorplate/items?limit=10000").features().compactMap { $0["id"] as? Int }
        #expect(ids == wanted && ids.count > 1000)
        let json = try await Self.ask("GetFeature&TYPENAMES=doorplate&OUTPUTFORMAT=application/json")
        #expect(try json.features().compactMap { $0["id"] as? Int } == ids && json.json()["numberReturned"] as? Int == ids.count)
    }

    @Test func propertiesInTheOrderOfTheSchema() async throws {
        let feature = try #require(try await Self.read("GetFeature&TYPENAMES=street&COUNT=1&PROPERTYNAME=wm:length,name").children.first?.children.first)
        #expect(feature.children.map(\.name) == ["name", "length"])
        let whole = try #require(try await Self.read("GetFeature&TYPENAMES=street&COUNT=1&PROPERTYNAME=*").children.first?.children.first)
        #expect(whole.children.count > 5 && whole.children[0].name == "geometry")
        let geometry = try await Self.ask("GetFeature&TYPENAMES=street&COUNT=1&PROPERTYNAME=name&OUTPUTFORMAT=json").features()[0]["geometry"]
        #expect(geometry is NSNull)
    }

    @Test func valuesOfOneProperty() async throws {
        let names = try await Hamlet.client().ask("/collections/street/items?limit=10000").features().compactMap { ($0["properties"] as? [String: Any])?["name"] as? String }
        let values = try await Self.read("GetPropertyValue&TYPENAMES=street&VALUEREFERENCE=wm:name")
        #expect(values.name == "ValueCollection" && values.children.map { $0["name"]?.text } == names && values.attributes["numberMatched"] == "\(names.count)")
        let ids = try await Self.read("GetPropertyValue&TYPENAMES=street&VALUEREFERENCE=@gml:id&COUNT=2")
        #expect(ids.children.map(\.text) == ["street.1", "street.2"])
        #expect(try await Self.read("GetPropertyValue&TYPENAMES=street&VALUEREFERENCE=geometry&COUNT=1").children.first?["geometry"] != nil)
        #expect(try await Self.read("GetPropertyValue&TYPENAMES=house&VALUEREFERENCE=ownerName", 400).children.first?.attributes["locator"] == "VALUEREFERENCE")
    }

    @Test func coordinateReferenceSystems() async throws {
        func position(_ more: String) async throws -> [Double] {
            let point = try #require(try await Self.read("GetFeature&TYPENAMES=doorplate&COUNT=1" + more).children.first?.children.first?["geometry"]?["Point"])
            return try #require(point["pos"]?.text.split(separator: " ").compactMap { Double($0) })
        }
        let plain = try await position("")
        #expect(plain[0] > 22 && plain[0] < 24 && plain[1] > 113)
        #expect(try await position("&SRSNAME=EPSG:4490") == plain)
        #expect(try await position("&SRSNAME=urn:ogc:def:crs:OGC:1.3:CRS84") == plain.reversed())
        let plane = try await position("&SRSNAME=urn:ogc:def:crs:EPSG::4547")
        #expect(plane[0] > 2_500_000 && plane[1] < 600_000)
        let json = try await Self.ask("GetFeature&TYPENAMES=doorplate&COUNT=1&OUTPUTFORMAT=json&SRSNAME=EPSG:4547").features()[0]
        let written = try #require((json["geometry"] as? [String: Any])?["coordinates"] as? [Double])
        #expect(abs(written[0] - plane[1]) < 1e-3 && abs(written[1] - plane[0]) < 1e-3, "GeoJSON is east first")
        #expect(try await Self.read("GetFeature&TYPENAMES=doorplate&SRSNAME=EPSG:32650", 400).children.first?.attributes["locator"] == "SRSNAME")
    }

    // MARK: Filters

    @Test(arguments: [
        ("<fes:PropertyIsLike wildCard='*' singleChar='?' escapeChar='!'><fes:ValueReference>wm:name</fes:ValueReference><fes:Literal>*街</fes:Literal></fes:PropertyIsLike>", "name LIKE '%街'"),
        ("<fes:PropertyIsGreaterThan><fes:ValueReference>length</fes:ValueReference><fes:Literal>400</fes:Literal></fes:PropertyIsGreaterThan>", "length > 400"),
        ("<fes:Not><fes:PropertyIsNull><fes:ValueReference>width</fes:ValueReference></fes:PropertyIsNull></fes:Not>", "width IS NOT NULL"),
        (
            "<fes:And><fes:BBOX><fes:ValueReference>geometry</fes:ValueReference><gml:Envelope srsName='urn:ogc:def:crs:EPSG::4490'><gml:lowerCorner>22.990 113.680</gml:lowerCorner><gml:upperCorner>23.000 113.690</gml:upperCorner></gml:Envelope></fes:BBOX><fes:PropertyIsLessThan><fes:ValueReference>length</fes:ValueReference><fes:Literal>700</fes:Literal></fes:PropertyIsLessThan></fes:And>",
            "S_INTERSECTS(geometry, BBOX(113.680, 22.990, 113.690, 23.000)) AND length < 700"
        ),
        (
            "<fes:Within><fes:ValueReference>geometry</fes:ValueReference><gml:Polygon srsName='EPSG:4490'><gml:exterior><gml:LinearRing><gml:posList>113.68 22.99 113.69 22.99 113.69 23.00 113.68 23.00 113.68 22.99</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon></fes:Within>",
            "S_WITHIN(geometry, POLYGON((113.68 22.99, 113.69 22.99, 113.69 23.00, 113.68 23.00, 113.68 22.99)))"
        ),
    ])
    func filtersFindWhatCQL2Finds(_ encoding: String, _ text: String) async throws {
        let wanted = try await Self.items("filter=" + Self.escaped(text))
        #expect(!wanted.isEmpty)
        let filter = "<fes:Filter \(Self.fes)>\(encoding)</fes:Filter>"
        #expect(Self.ids(try await Self.read("GetFeature&TYPENAMES=street&FILTER=" + Self.escaped(filter))) == wanted)
        #expect(Self.ids(try await Self.read("GetFeature&TYPENAMES=street&CQL_FILTER=" + Self.escaped(text))) == wanted)
        let body = "<GetFeature service='WFS' version='2.0.0'><Query typeNames='wm:street'>\(filter)</Query></GetFeature>"
        let answer = try await Hamlet.client().ask("/wfs", .post, headers: [.contentType: "text/xml"], body: body)
        #expect(Self.ids(try MarkupReader.read(try answer.unpacked())) == wanted)
        // Properties that are asked about need not be shown.
        #expect(Self.ids(try await Self.read("GetFeature&TYPENAMES=street&PROPERTYNAME=course&FILTER=" + Self.escaped(filter))) == wanted)
    }

    @Test func idsAndBoxes() async throws {
        #expect(Self.ids(try await Self.read("GetFeature&RESOURCEID=street.5,street.2,street.99999")) == [2, 5])
        #expect(Self.ids(try await Self.read("GetFeature&TYPENAMES=street&RESOURCEID=house.5")).isEmpty)
        let wanted = try await Self.items("bbox=113.680,22.990,113.690,23.000")
        #expect(!wanted.isEmpty)
        for box in ["22.990,113.680,23.000,113.690,urn:ogc:def:crs:EPSG::4490", "113.680,22.990,113.690,23.000,EPSG:4490", "113.680,22.990,113.690,23.000"] {
            #expect(Self.ids(try await Self.read("GetFeature&TYPENAMES=street&BBOX=\(box)")) == wanted, "\(box)")
        }
        let form = "service=WFS&version=2.0.0&request=GetFeature&typeNames=street&bbox=113.680,22.990,113.690,23.000,EPSG:4490"
        let sent = try await Hamlet.client().ask("/wfs", .post, headers: [.contentType: "application/x-www-form-urlencoded"], body: form)
        #expect(Self.ids(try MarkupReader.read(try sent.unpacked())) == wanted)
    }

    @Test(arguments: [100.0, 400])
    func distancesFindWhatARadiusFinds(_ metres: Double) async throws {
        let (x, y) = Hamlet.centre
        let near = try await Self.items("center=\(x),\(y)&radius=\(metres)").sorted()
        for (name, wanted) in [("DWithin", near), ("Beyond", try await Self.items("").filter { !near.contains($0) })] {
            let filter = "<fes:Filter \(Self.fes)><fes:\(name)><fes:ValueReference>geometry</fes:ValueReference><gml:Point srsName='EPSG:4490'><gml:pos>\(x) \(y)</gml:pos></gml:Point><fes:Distance uom='m'>\(metres)</fes:Distance></fes:\(name)></fes:Filter>"
            #expect(Self.ids(try await Self.read("GetFeature&TYPENAMES=street&FILTER=" + Self.escaped(filter))) == wanted, "\(name)")
        }
    }

    // MARK: Refusals

    @Test(arguments: [
        ("GetFeature&TYPENAMES=nope", 400, "InvalidParameterValue", "TYPENAMES"), ("GetFeature&TYPENAMES=population", 400, "InvalidParameterValue", "TYPENAMES"),
        ("GetFeature&RESOURCEID=street.1,house.1", 400, "OptionNotSupported", "RESOURCEID"), ("GetFeature&TYPENAMES=street&PROPERTYNAME=nope", 400, "InvalidParameterValue", "PROPERTYNAME"),
        ("GetFeature&TYPENAMES=street&SORTBY=nope", 400, "InvalidParameterValue", "SORTBY"), ("GetFeature&TYPENAMES=street&CQL_FILTER=name%20=", 400, "InvalidParameterValue", "CQL_FILTER"),
        ("GetFeature&TYPENAMES=house&CQL_FILTER=ownerName='a'", 400, "InvalidParameterValue", "CQL_FILTER"), ("Transaction", 400, "OperationNotSupported", "Transaction"),
    ])
    func refusalsAreReports(_ query: String, _ status: Int, _ code: String, _ locator: String) async throws {
        let report = try await Self.read(query, status)
        #expect(report.name == "ExceptionReport" && report.attributes["version"] == "2.0.0")
        let exception = try #require(report.children.first)
        #expect(exception.attributes["exceptionCode"] == code && exception.attributes["locator"] == locator, "\(query)")
        #expect(exception.children.count == 2 && exception.children[0].text.unicodeScalars.contains { $0.value > 0x4E00 }, "Chinese first")
    }

    /// A page of the surveyed base map in GML is a file like those of an export; a look at some features is not.
    @Test func largeAreasOfTheBaseMapAreRefused() async throws {
        let report = try await Self.read("GetFeature&TYPENAMES=base.land", 200)
        #expect(report.name == "FeatureCollection", "the hamlet has few of them")
        let service = try await Hamlet.service.value
        let small = Hamlet.context(service.installation, service.library) { $0.exportSquareKilometres = 0.01 }
        let client = try RouterClient(small)
        let refused = try await client.ask(Self.head + "GetFeature&TYPENAMES=base.building")
        #expect(refused.status == 403 && refused.text.contains("OperationProcessingFailed"))
        #expect(try await client.ask(Self.head + "GetFeature&TYPENAMES=base.building&COUNT=5").status == 200)
        #expect(try await client.ask(Self.head + "GetFeature&TYPENAMES=base.building&RESULTTYPE=hits").status == 200)
        let (x, y) = Hamlet.centre
        let filter = "<Filter><BBOX><ValueReference>geometry</ValueReference><Envelope srsName='EPSG:4490'><lowerCorner>\(x) \(y)</lowerCorner><upperCorner>\(x + 5e-4) \(y + 5e-4)</upperCorner></Envelope></BBOX></Filter>"
        #expect(try await client.ask(Self.head + "GetFeature&TYPENAMES=base.building&FILTER=" + Self.escaped(filter)).status == 200)
    }

    @Test func otherMethodsAndBodies() async throws {
        let client = try await Hamlet.client()
        let put = try await client.ask("/wfs", .put)
        #expect(put.status == 405 && put.headers[.allow] == "GET, HEAD, POST, OPTIONS")
        for (body, code) in [
            ("", "OperationParsingFailed"), ("<a", "OperationParsingFailed"), ("<Transaction service='WFS' version='2.0.0'/>", "OperationNotSupported"),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><GetFeature/>", "OperationParsingFailed"), ("<GetFeature service='WFS' version='2.0.0'/>", "OperationParsingFailed"),
            ("<GetFeature service='WFS' version='2.0.0'><Query typeNames='street'/><Query typeNames='house'/></GetFeature>", "OptionNotSupported"),
        ] {
            let answer = try await client.ask("/wfs", .post, body: body)
            #expect(answer.status == 400 && answer.text.contains("exceptionCode=\"\(code)\""), "\(body): \(answer.text)")
        }
        let long = try await client.ask(Self.head + "GetFeature&TYPENAMES=street&FILTER=" + String(repeating: "x", count: 17_000))
        #expect(long.status == 414 && long.text.contains("ExceptionReport") && long.text.contains("version=\"2.0.0\""))
        let longer = try await client.ask(Self.head + "GetFeature&TYPENAMES=street&FILTER=" + String(repeating: "x", count: 30_000))
        #expect(longer.status == 414 && longer.text.contains("ExceptionReport"))
        let large = try await client.ask("/wfs", .post, body: String(repeating: "x", count: WFSRoutes.bodyLimit + 1))
        #expect(large.status == 413 && large.text.contains("OperationParsingFailed"))
    }
}
