import Testing
import Tiling
import Wording

@testable import OGCAPI

@Suite struct WMTSRequestTests {
    static let tile = WMTSTileRequest(layer: "vec", tileMatrixSet: "c", tileMatrix: "12", place: (row: 763, column: 3340), format: .tiles)

    @Test(arguments: [
        "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=default&TILEMATRIXSET=c&FORMAT=tiles&TILEMATRIX=12&TILEROW=763&TILECOL=3340&tk=0123",
        "service=wmts&request=gettile&version=1.0.0&layer=vec&style=&tilematrixset=c&format=tiles&tilematrix=c:12&tilerow=763&tilecol=3340",
        "Service=WMTS&Request=GetTile&Version=1.0.0&Layer=vec&Style=default&TileMatrixSet=c&Format=tiles&TileMatrix=EPSG%3A4490%3A12&TileRow=763&TileCol=3340",
    ])
    func keyValuePairs(_ query: String) throws {
        #expect(try WMTSRequest(kvp: QueryParameters(query)) == .tile(Self.tile))
        #expect(try WMTSRequest(kvp: QueryParameters(query), service: TiandituService("vec_c")) == .tile(Self.tile))
    }

    @Test func tiandituForms() throws {
        let service = try #require(TiandituService("vec_c"))
        #expect(service == TiandituService(layer: "vec", tileMatrixSet: "c") && service.name == "vec_c")
        #expect(TiandituService("vec") == nil && TiandituService("_c") == nil && TiandituService("vec_") == nil)
        let short = try QueryParameters("REQUEST=GetTile&TILEMATRIX=12&TILEROW=763&TILECOL=3340")
        #expect(try WMTSRequest(kvp: short, service: service) == .tile(Self.tile))
        #expect(try WMTSRequest(dataServer: QueryParameters("T=vec_c&x=3340&y=763&l=12&tk=1")) == .tile(Self.tile))
        #expect(try WMTSRequest(dataServer: QueryParameters("T=vec_c&X=3340&Y=763&L=12")) == .tile(Self.tile))
        #expect(throws: ServiceException.self) { try WMTSRequest(dataServer: QueryParameters("T=vec&x=1&y=1&l=1")) }
        #expect(try WMTSRequest(kvp: QueryParameters("request=GetCapabilities&service=wmts"), service: service) == .capabilities(service: service))
    }

    @Test func restful() throws {
        #expect(try WMTSRequest(restfulPath: "/wmts/1.0.0/WMTSCapabilities.xml") == .capabilities(service: nil))
        var tile = Self.tile
        tile.format = .png
        #expect(try WMTSRequest(restfulPath: "/wmts/1.0.0/vec/default/c/12/763/3340.png") == .tile(tile))
        #expect(tile.restfulPath == "/wmts/1.0.0/vec/default/c/12/763/3340.png")
        tile.layer = "门楼牌"
        tile.style = "夜"
        tile.format = .vectorTile
        #expect(try WMTSRequest(restfulPath: tile.restfulPath) == .tile(tile))
        for other in ["/", "/wmts", "/wmts/1.0.0", "/wmts/2.0.0/WMTSCapabilities.xml", "/tiles/1.0.0/a/b/c/1/2/3.png", "/wmts/1.0.0/a/b/c/1/2"] {
            #expect(try WMTSRequest(restfulPath: other) == nil, "\(other)")
        }
        #expect(#expect(throws: ServiceException.self) { try WMTSRequest(restfulPath: "/wmts/1.0.0/vec/default/c/12/x/3.png") }?.locator == "TILEROW")
        #expect(#expect(throws: ServiceException.self) { try WMTSRequest(restfulPath: "/wmts/1.0.0/vec/default/c/12/1/3.gif") }?.locator == "FORMAT")
        #expect(#expect(throws: ServiceException.self) { try WMTSRequest(restfulPath: "/wmts/1.0.0/vec/default/c/12/1/-3.png") }?.locator == "TILECOL")
    }

    @Test func badRequestsNameTheirParameter() throws {
        let whole = "SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=vec&STYLE=&TILEMATRIXSET=c&FORMAT=image/png&TILEMATRIX=12&TILEROW=763&TILECOL=3340"
        for name in ["SERVICE", "REQUEST", "VERSION", "LAYER", "STYLE", "TILEMATRIXSET", "FORMAT", "TILEMATRIX", "TILEROW", "TILECOL"] {
            let query = whole.split(separator: "&").filter { !$0.hasPrefix(name + "=") }.joined(separator: "&")
            let error = #expect(throws: ServiceException.self, "\(name)") { try WMTSRequest(kvp: QueryParameters(query)) }
            #expect(error?.code == .missingParameterValue && error?.locator == name, "\(name)")
        }
        let cases: [(String, ServiceException.Code, String)] = [
            ("SERVICE=WMS&REQUEST=GetTile", .invalidParameterValue, "SERVICE"),
            ("SERVICE=WMTS&REQUEST=GetMap", .operationNotSupported, "REQUEST"),
            ("SERVICE=WMTS&REQUEST=GetFeatureInfo", .missingParameterValue, "VERSION"),
            (whole.replacing("1.0.0", with: "1.1.0"), .invalidParameterValue, "VERSION"),
            (whole.replacing("image/png", with: "image/bmp"), .invalidParameterValue, "FORMAT"),
            (whole.replacing("763", with: "-1"), .invalidParameterValue, "TILEROW"),
            (whole.replacing("3340", with: "99999999999999999999"), .invalidParameterValue, "TILECOL"),
            ("SERVICE=WMTS&REQUEST=GetCapabilities&ACCEPTVERSIONS=2.0.0", .versionNegotiationFailed, "ACCEPTVERSIONS"),
        ]
        for (query, code, locator) in cases {
            let error = #expect(throws: ServiceException.self, "\(query)") { try WMTSRequest(kvp: QueryParameters(query)) }
            #expect(error?.code == code && error?.locator == locator, "\(query): \(error?.message.both ?? "")")
        }
        #expect(try WMTSRequest(kvp: QueryParameters("SERVICE=WMTS&REQUEST=GetCapabilities&ACCEPTVERSIONS=2.0.0,1.0.0")) == .capabilities(service: nil))
    }

    @Test func tilesOutsideAreRefused() throws {
        let registry = try WMTSCapabilitiesTests.registry()
        let c = try #require(registry["c"]?.matrix(id: "12"))
        let found = try Self.tile.resolve(in: registry, offered: ["c", "w"])
        #expect(found.matrix == c && found.address == TileAddress(level: 12, row: 763, column: 3340))
        let limits = [TileMatrixLimits(level: 12, rows: 760...770, columns: 3335...3345)]
        #expect(throws: Never.self) { try Self.tile.resolve(in: registry, offered: ["c"], limits: limits) }
        func failure(offered: [String] = ["c"], _ change: (inout WMTSTileRequest) -> Void) -> ServiceException? {
            var tile = Self.tile
            change(&tile)
            return #expect(throws: ServiceException.self) { try tile.resolve(in: registry, offered: offered, limits: limits) }
        }
        #expect(failure { $0.row = 771 }?.code == .tileOutOfRange)
        #expect(failure { $0.column = 0 }?.locator == "TILECOL")
        #expect(failure { $0.tileMatrix = "11" }?.code == .tileOutOfRange)
        #expect(failure { $0.tileMatrix = "21" }?.code == .invalidParameterValue)
        #expect(failure(offered: ["w"]) { _ in }?.locator == "TILEMATRIXSET")
    }
}
