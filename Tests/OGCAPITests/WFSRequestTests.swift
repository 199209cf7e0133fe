import Markup
import SimpleFeatures
import Testing
import Tiling
import Wording

@testable import OGCAPI

@Suite struct WFSRequestTests {
    private static func query(_ text: String) throws -> WFSQuery {
        let request = try WFSRequest(kvp: QueryParameters("SERVICE=WFS&VERSION=2.0.0&REQUEST=GetFeature&" + text))
        guard case .features(let query) = request else { throw ServiceException(.noApplicableCode, .init(zh: "", en: "\(request)")) }
        return query
    }

    private static func xml(_ text: String) throws -> WFSRequest {
        try WFSRequest(xml: try MarkupReader.read(Array(text.utf8)))
    }

    @Test func aWholeQuery() throws {
        let query = try Self.query(
            "typenames=wm:street&COUNT=7&startIndex=3&RESULTTYPE=hits&PROPERTYNAME=wm:name,length&SRSNAME=urn:ogc:def:crs:EPSG::4547&SORTBY=wm:name+DESC,length&OUTPUTFORMAT=application/json&CQL_FILTER=name%3D'a'")
        var wanted = WFSQuery()
        wanted.type = "street"
        (wanted.count, wanted.startIndex, wanted.isHits) = (7, 3, true)
        wanted.properties = ["name", "length"]
        wanted.crs = CRSReference("urn:ogc:def:crs:EPSG::4547")
        wanted.order = [.init(name: "name", isDescending: true), .init(name: "length")]
        wanted.format = .geoJSON
        wanted.cql = "name='a'"
        #expect(query == wanted)
    }

    @Test func theSameByXML() throws {
        let document = """
            <wfs:GetFeature xmlns:wfs="http://www.opengis.net/wfs/2.0" service="WFS" version="2.0.0" count="7" startIndex="3" resultType="hits" outputformat="application/json">
              <wfs:Query typeNames="wm:street" srsName="urn:ogc:def:crs:EPSG::4547">
                <wfs:PropertyName>wm:name</wfs:PropertyName><wfs:PropertyName>length</wfs:PropertyName>
                <fes:Filter xmlns:fes="http://www.opengis.net/fes/2.0"><fes:ResourceId rid="street.1"/></fes:Filter>
                <fes:SortBy><fes:SortProperty><fes:ValueReference>wm:name</fes:ValueReference><fes:SortOrder>DESC</fes:SortOrder></fes:SortProperty></fes:SortBy>
              </wfs:Query>
            </wfs:GetFeature>
            """
        var wanted = try Self.query(
            "TYPENAMES=street&COUNT=7&STARTINDEX=3&RESULTTYPE=hits&PROPERTYNAME=name,length&SRSNAME=urn:ogc:def:crs:EPSG::4547&SORTBY=name+D&OUTPUTFORMAT=geojson")
        wanted.filter = MarkupElement("Filter", children: [MarkupElement("ResourceId", attributes: ["rid": "street.1"])])
        #expect(try Self.xml(document) == .features(wanted))
        #expect(try Self.query("TYPENAMES=a&FILTER=%3CFilter%3E%3CResourceId%20rid=%22street.1%22/%3E%3C/Filter%3E").filter == wanted.filter)
    }

    @Test func otherOperations() throws {
        func read(_ text: String) throws -> WFSRequest { try WFSRequest(kvp: QueryParameters("SERVICE=WFS&VERSION=2.0.0&" + text)) }
        #expect(try read("REQUEST=DescribeFeatureType") == .types(nil))
        #expect(try read("REQUEST=DescribeFeatureType&TYPENAME=wm:a,b") == .types(["a", "b"]))
        #expect(try read("REQUEST=ListStoredQueries") == .storedQueries)
        #expect(try read("REQUEST=DescribeStoredQueries&STOREDQUERY_ID=x,y") == .storedQueryDescriptions(["x", "y"]))
        #expect(try read("REQUEST=GetFeature&STOREDQUERY_ID=\(WFSRequest.featureByID)&ID=a.1") == .feature(resource: "a.1", crs: nil, format: .gml))
        guard case .values(let query, "wm:name") = try read("REQUEST=GetPropertyValue&VALUEREFERENCE=wm:name&TYPENAMES=a&PROPERTYNAME=b") else {
            Issue.record("no values")
            return
        }
        #expect(query.type == "a" && query.properties == nil)
        #expect(try Self.xml("<DescribeFeatureType service='WFS' version='2.0.0'><TypeName>wm:a</TypeName><TypeName>b</TypeName></DescribeFeatureType>") == .types(["a", "b"]))
        #expect(
            try Self.xml("<GetFeature service='WFS' version='2.0.0'><StoredQuery id='\(WFSRequest.featureByID)'><Parameter name='id'>a.1</Parameter></StoredQuery></GetFeature>")
                == .feature(resource: "a.1", crs: nil, format: .gml))
    }

    @Test func capabilities() throws {
        func read(_ text: String) throws -> WFSCapabilitiesRequest {
            guard case .capabilities(let wanted) = try WFSRequest(kvp: QueryParameters("SERVICE=WFS&REQUEST=GetCapabilities&" + text)) else { return .init() }
            return wanted
        }
        #expect(try read("") == WFSCapabilitiesRequest())
        #expect(try read("VERSION=1.1.0&ACCEPTVERSIONS=1.1.0,2.0.0").sections.count == 5)
        #expect(try read("SECTIONS=FeatureTypeList,filter_capabilities").sections == [.types, .filters])
        #expect(try read("SECTIONS=All,FeatureTypeList").sections.count == 5)
        #expect(try read("UPDATESEQUENCE=7").updateSequence == "7")
        #expect(#expect(throws: ServiceException.self) { try read("ACCEPTVERSIONS=1.1.0,1.0.0") }?.code == .versionNegotiationFailed)
        #expect(#expect(throws: ServiceException.self) { try read("SECTIONS=Nope") }?.locator == "SECTIONS")
        guard case .capabilities(let sent) = try Self.xml("<GetCapabilities service='WFS'><AcceptVersions><Version>2.0.0</Version></AcceptVersions><Sections><Section>FeatureTypeList</Section></Sections></GetCapabilities>")
        else {
            Issue.record("no capabilities")
            return
        }
        #expect(sent.sections == [.types])
    }

    /// Each of them is the same box: 113 to 114 east, 22 to 23 north.
    @Test(arguments: [
        "22,113,23,114,urn:ogc:def:crs:EPSG::4490", "22,113,23,114,http://www.opengis.net/def/crs/EPSG/0/4490", "113,22,114,23,EPSG:4490", "113,22,114,23,http://www.opengis.net/gml/srs/epsg.xml%234490",
        "113,22,114,23", "22,113,23,114",
    ])
    func axesOfBoxes(_ box: String) throws {
        let query = try Self.query("TYPENAMES=a&BBOX=" + box)
        #expect(query.boxes == [Envelope(minX: 113, minY: 22, maxX: 114, maxY: 23)])
        #expect(query.boxCRS == CRSIdentifier(authority: "EPSG", code: "4490"))
    }

    @Test func otherBoxes() throws {
        #expect(try Self.query("TYPENAMES=a&BBOX=113,22,114,23,urn:ogc:def:crs:OGC:1.3:CRS84").boxCRS == .crs84)
        #expect(try Self.query("TYPENAMES=a&BBOX=2500000,400000,2600000,500000,urn:ogc:def:crs:EPSG::4547").boxes == [Envelope(minX: 400_000, minY: 2_500_000, maxX: 500_000, maxY: 2_600_000)])
        #expect(try Self.query("TYPENAMES=a&BBOX=170,-10,-170,10,EPSG:4326").boxes.count == 2)
    }

    @Test(arguments: [
        ("application/gml+xml; version=3.2", WFSFormat.gml), ("application/gml xml; version=3.2", .gml), ("text/xml; subtype=gml/3.2.1", .gml), ("GML32", .gml),
        ("application/json", .geoJSON), ("application/geo json", .geoJSON), ("geojson", .geoJSON),
    ])
    func formats(_ text: String, _ format: WFSFormat) { #expect(WFSFormat(text) == format) }

    @Test(arguments: [
        ("REQUEST=GetFeature&TYPENAMES=a&SERVICE=WMS", ServiceException.Code.invalidParameterValue, "SERVICE"), ("SERVICE=WFS", .missingParameterValue, "REQUEST"),
        ("REQUEST=GetCapabilities", .missingParameterValue, "SERVICE"), ("REQUEST=LockFeature", .operationNotSupported, "LockFeature"),
        ("REQUEST=GetFeature&VERSION=1.1.0&TYPENAMES=a", .invalidParameterValue, "VERSION"), ("REQUEST=GetFeature", .missingParameterValue, "TYPENAMES"),
        ("REQUEST=GetFeature&TYPENAMES=a,b", .optionNotSupported, "TYPENAMES"), ("REQUEST=GetFeature&TYPENAMES=(a)(b)", .optionNotSupported, "TYPENAMES"),
        ("REQUEST=GetFeature&TYPENAMES=a&ALIASES=b", .optionNotSupported, "ALIASES"), ("REQUEST=GetFeature&TYPENAMES=a&RESOLVE=remote", .optionNotSupported, "RESOLVE"),
        ("REQUEST=GetFeature&TYPENAMES=a&COUNT=-1", .invalidParameterValue, "COUNT"), ("REQUEST=GetFeature&TYPENAMES=a&MAXFEATURES=1.5", .invalidParameterValue, "MAXFEATURES"),
        ("REQUEST=GetFeature&TYPENAMES=a&STARTINDEX=99999999999999999999", .invalidParameterValue, "STARTINDEX"), ("REQUEST=GetFeature&TYPENAMES=a&RESULTTYPE=some", .invalidParameterValue, "RESULTTYPE"),
        ("REQUEST=GetFeature&TYPENAMES=a&BBOX=1,2,3", .invalidParameterValue, "BBOX"), ("REQUEST=GetFeature&TYPENAMES=a&BBOX=1,2,3,inf", .invalidParameterValue, "BBOX"),
        ("REQUEST=GetFeature&TYPENAMES=a&BBOX=23,113,22,114,urn:ogc:def:crs:EPSG::4490", .invalidParameterValue, "BBOX"), ("REQUEST=GetFeature&TYPENAMES=a&BBOX=1,2,3,4,nonsense", .invalidParameterValue, "BBOX"),
        ("REQUEST=GetFeature&TYPENAMES=a&OUTPUTFORMAT=shape-zip", .invalidParameterValue, "OUTPUTFORMAT"), ("REQUEST=GetFeature&TYPENAMES=a&SORTBY=name+UP", .invalidParameterValue, "SORTBY"),
        ("REQUEST=GetFeature&TYPENAMES=a&FILTER=%3CFilter%3E", .operationParsingFailed, "FILTER"), ("REQUEST=GetFeature&STOREDQUERY_ID=x", .invalidParameterValue, "STOREDQUERY_ID"),
        ("REQUEST=GetFeature&STOREDQUERY_ID=urn:ogc:def:query:OGC-WFS::GetFeatureById", .missingParameterValue, "ID"), ("REQUEST=GetPropertyValue&TYPENAMES=a", .missingParameterValue, "VALUEREFERENCE"),
        ("REQUEST=DescribeFeatureType&OUTPUTFORMAT=application/json", .invalidParameterValue, "OUTPUTFORMAT"),
    ])
    func badRequestsNameTheirParameter(_ text: String, _ code: ServiceException.Code, _ locator: String) {
        let error = #expect(throws: ServiceException.self, "\(text)") { try WFSRequest(kvp: QueryParameters(text)) }
        #expect(error?.code == code && error?.locator == locator, "\(text): \(error?.code.rawValue ?? "") \(error?.locator ?? "")")
    }

    @Test func aReportHasTheVersionOfTheService() {
        let report = String(decoding: ServiceException(.notFound, locator: "ID", .init(zh: "没有", en: "none")).xml(version: WFSRequest.version), as: UTF8.self)
        #expect(report.contains("version=\"2.0.0\"") && report.contains("exceptionCode=\"NotFound\" locator=\"ID\""))
    }
}
