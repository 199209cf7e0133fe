import Foundation
import SimpleFeatures
import TestSupport
import Testing
import Tiling
import Wording

@testable import OGCAPI

@Suite struct WMTSCapabilitiesTests {
    static func registry() throws -> TileMatrixSetRegistry {
        try TileMatrixSetRegistry(directory: Repository.path + "/Tiles/matrix-sets")
    }

    static func capabilities(_ profile: WMTSCapabilities.Profile = .standard) throws -> WMTSCapabilities {
        let registry = try registry()
        let bounds = Envelope(minX: 113.52, minY: 22.65, maxX: 114.26, maxY: 23.15)
        let limits = try #require(registry["c"]).matrices.compactMap { $0.addresses(intersecting: bounds) }
        let links = registry.sets.map { WMTSCapabilities.SetLink(id: $0.id, limits: $0.id == "c" ? limits : []) }
        let vec = WMTSCapabilities.Layer(
            id: "vec", title: "标准作业图 <底图> & 注记", bounds: bounds,
            styles: [.init(id: "default", title: "标准"), .init(id: "night")], formats: [.png, .vectorTile], sets: links)
        let img = WMTSCapabilities.Layer(id: "img", title: "影像", bounds: bounds, sets: links)
        var document = WMTSCapabilities(title: "东莞标准作业图", baseURL: "http://map.example:8080", layers: [vec, img], sets: registry.sets, profile: profile)
        document.abstract = "One map"
        document.keywords = ["天地图", "CGCS2000"]
        document.providerName = "国土局"
        return document
    }

    static func text(_ document: WMTSCapabilities) -> String { String(decoding: document.xml(), as: UTF8.self) }

    @Test func cornersStandInTheOrderOfTheirCRS() throws {
        let text = Self.text(try Self.capabilities())
        let sets = text.components(separatedBy: "<TileMatrixSet>\n").dropFirst()
        let corners = ["c": "90.0 -180.0", "w": "-20037508.342789244 20037508.342789244", "CGCS2000GK114": "10002100.0 -5123200.0", "WorldCRS84Quad": "-180.0 90.0"]
        let names = ["c": "urn:ogc:def:crs:EPSG::4490", "w": "urn:ogc:def:crs:EPSG::3857", "CGCS2000GK114": "urn:ogc:def:crs:EPSG::4547", "WorldCRS84Quad": "urn:ogc:def:crs:OGC:1.3:CRS84"]
        #expect(sets.count == 4)
        for (id, corner) in corners {
            let set = try #require(sets.first { $0.contains("<ows:Identifier>\(id)</ows:Identifier>\n   <ows:SupportedCRS>") })
            #expect(set.contains("<TopLeftCorner>\(corner)</TopLeftCorner>"))
            #expect(set.contains("<ows:SupportedCRS>\(names[id] ?? "")</ows:SupportedCRS>"))
        }
        #expect(text.contains("<ScaleDenominator>279541132.0143589</ScaleDenominator>"))
        #expect(text.contains("标准作业图 &lt;底图&gt; &amp; 注记"))
        #expect(text.contains(#"template="http://map.example:8080/wmts/1.0.0/vec/{Style}/{TileMatrixSet}/{TileMatrix}/{TileRow}/{TileCol}.png""#))
        #expect(!text.contains("{TileCol}.mvt"), "one layer's templates are taken for the same pictures")
        #expect(!text.contains("<Format>tiles"))
    }

    @Test func tiandituProfile() throws {
        let service = TiandituService(layer: "vec", tileMatrixSet: "w")
        let text = Self.text(try Self.capabilities(.tianditu(service)))
        #expect(text.components(separatedBy: "<Layer>").count == 2)
        #expect(text.contains("<Format>tiles</Format>") && !text.contains("image/png") && !text.contains("ResourceURL"))
        let first = try #require(text.components(separatedBy: "<ScaleDenominator>").dropFirst().first?.prefix { $0 != "<" })
        #expect(abs((Double(first) ?? 0) / 295829355.4545656 - 1) < 1e-12)
        #expect(!text.contains("<ows:Identifier>0</ows:Identifier>"))
        #expect(text.contains(#"xlink:href="http://map.example:8080/vec_w/wmts?""#))
    }

    static let canValidate = Corpora.isPresent && FileManager.default.isExecutableFile(atPath: "/usr/bin/xmllint")

    @Test(.enabled(if: canValidate, "skipped: ../shared/corpora or xmllint not present"))
    func documentsAreValid() throws {
        let schemas = try SchemaDirectory()
        defer { schemas.remove() }
        #expect(try schemas.complaints(about: try Self.capabilities().xml()) == "")
        // The literal `tiles` is no media type: what Tianditu's clients need is the one thing the schema has against it.
        let tianditu = try schemas.complaints(about: try Self.capabilities(.tianditu(TiandituService(layer: "vec", tileMatrixSet: "c"))).xml())
        let complaints = tianditu.split(separator: "\n").filter { $0.contains("error") }
        #expect(!complaints.isEmpty && complaints.allSatisfy { $0.contains("}Format'") }, "\(tianditu)")
        var bare = try Self.capabilities()
        bare.layers = []
        bare.providerName = nil
        #expect(try schemas.complaints(about: bare.xml()) == "")
        #expect(try schemas.complaints(about: ServiceException(.tileOutOfRange, locator: "TILEROW", .init(zh: "超出范围", en: "outside")).xml(), exception: true) == "")
        #expect(try schemas.complaints(about: Array("<Capabilities xmlns=\"http://www.opengis.net/wmts/1.0\"/>".utf8)) != "")
    }
}

/// The WMTS and OWS schemas laid out as their relative references expect, with stand-ins for those of W3C.
struct SchemaDirectory {
    let root: URL

    init() throws {
        root = FileManager.default.temporaryDirectory.appending(path: "wmts-schemas-\(UUID().uuidString)")
        let ows = root.appending(path: "ows/1.1.0"), wmts = root.appending(path: "wmts/1.0"), xlink = root.appending(path: "xlink/1.0.0")
        for folder in [ows, wmts, xlink] { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) }
        let source = "ogc-schemas/wmts-1.0/xsd-ows/src/main/resources/org/geotools/ows/v1_1"
        for name in Corpora.names(in: source, suffix: ".xsd") { try copy("\(source)/\(name)", to: ows.appending(path: name)) }
        let response = "wmtsGetCapabilities_response.xsd"
        try copy("ogc-schemas/wmts-1.0/xsd-wmts/src/main/resources/org/geotools/wmts/\(response)", to: wmts.appending(path: response))
        try Data(Self.xlink.utf8).write(to: xlink.appending(path: "xlinks.xsd"))
        try Data(Self.xml.utf8).write(to: root.appending(path: "xml.xsd"))
    }

    /// Schemas of requests and GML, which capabilities do not need, are not referred to.
    private func copy(_ path: String, to target: URL) throws {
        let text = try Corpora.text(path)
            .replacingOccurrences(of: "http://schemas.opengis.net/ows/1.1.0/", with: "../../ows/1.1.0/")
            .replacingOccurrences(of: "http://www.w3.org/1999/xlink.xsd", with: "../../xlink/1.0.0/xlinks.xsd")
            .replacingOccurrences(of: "http://www.w3.org/2001/xml.xsd", with: "../../xml.xsd")
            .replacingOccurrences(of: #"<include schemaLocation="wmts.xsd"/>"#, with: "")
            .replacingOccurrences(
                of: #"<import namespace="http://www.w3.org/XML/1998/namespace"/>"#,
                with: #"<import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="../../xml.xsd"/>"#)
        try Data(text.utf8).write(to: target)
    }

    /// What xmllint says against a document; empty when it is valid.
    func complaints(about document: [UInt8], exception: Bool = false) throws -> String {
        let file = root.appending(path: "document.xml")
        try Data(document).write(to: file)
        let schema = exception ? "ows/1.1.0/owsExceptionReport.xsd" : "wmts/1.0/wmtsGetCapabilities_response.xsd"
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/xmllint")
        process.arguments = ["--nonet", "--noout", "--schema", root.appending(path: schema).path(percentEncoded: false), file.path(percentEncoded: false)]
        let pipe = Pipe()
        process.standardError = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return process.terminationStatus == 0 ? "" : String(decoding: data, as: UTF8.self)
    }

    func remove() {
        do { try FileManager.default.removeItem(at: root) } catch { Issue.record(error) }
    }

    private static let xlink = """
        <schema xmlns="http://www.w3.org/2001/XMLSchema" xmlns:xlink="http://www.w3.org/1999/xlink"
          targetNamespace="http://www.w3.org/1999/xlink">
        <attribute name="href" type="anyURI"/><attribute name="type" type="string"/><attribute name="role" type="anyURI"/>
        <attribute name="arcrole" type="anyURI"/><attribute name="title" type="string"/><attribute name="show" type="string"/>
        <attribute name="actuate" type="string"/>
        <attributeGroup name="simpleLink"><attribute ref="xlink:href"/><attribute ref="xlink:type"/><attribute ref="xlink:role"/>
        <attribute ref="xlink:arcrole"/><attribute ref="xlink:title"/><attribute ref="xlink:show"/><attribute ref="xlink:actuate"/>
        </attributeGroup>
        <attributeGroup name="simpleAttrs"><attributeGroup ref="xlink:simpleLink"/></attributeGroup>
        </schema>
        """

    private static let xml = """
        <schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/XML/1998/namespace">
        <attribute name="lang" type="string"/></schema>
        """
}
