import SimpleFeatures
import Testing
import Tiling
import Wording

@testable import OGCAPI

@Suite struct ItemsQueryTests {
    static let c4490 = CRSIdentifier(authority: "EPSG", code: "4490")
    static let c4547 = CRSIdentifier(authority: "EPSG", code: "4547")
    static let offer = ItemsQuery.Offer(properties: ["名称", "code"], crs: [.crs84, c4490, c4547], maximumLimit: 1000)

    static func read(_ query: String) throws -> ItemsQuery { try ItemsQuery(QueryParameters(query), offer: offer) }

    @Test func nothingAsksForEverything() throws {
        #expect(try Self.read("") == ItemsQuery(limit: 10))
        #expect(try Self.read("tk=1&token=2") == ItemsQuery(limit: 10))
    }

    @Test func boxesAreEastFirstInside() throws {
        let box = Envelope(minX: 113.5, minY: 22.6, maxX: 114.3, maxY: 23.2)
        #expect(try Self.read("bbox=113.5,22.6,114.3,23.2").boxes == [box])
        #expect(try Self.read("bbox=113.5,%2022.6,0,114.3,23.2,100").boxes == [box])
        let north = try Self.read("bbox=22.6,113.5,23.2,114.3&bbox-crs=http://www.opengis.net/def/crs/EPSG/0/4490")
        #expect(north.boxes == [box] && north.boxCRS == Self.c4490)
        let plane = try Self.read("bbox=2500000,400000,2600000,500000&bbox-crs=EPSG:4547")
        #expect(plane.boxes == [Envelope(minX: 400_000, minY: 2_500_000, maxX: 500_000, maxY: 2_600_000)])
        #expect(try Self.read("bbox=170,-10,-170,10").boxes == [
            Envelope(minX: 170, minY: -10, maxX: 180, maxY: 10), Envelope(minX: -180, minY: -10, maxX: -170, maxY: 10),
        ])
    }

    @Test func theRest() throws {
        let query = try Self.read("limit=5&offset=20&crs=http://www.opengis.net/def/crs/EPSG/0/4547&%E5%90%8D%E7%A7%B0=%E6%BB%98%E8%81%94&datetime=2018-05-09T00:00:00Z/..&f=application/geo+json")
        #expect(query.limit == 5 && query.offset == 20 && query.crs == Self.c4547 && query.format == .geoJSON)
        #expect(query.filters == [.init(name: "名称", value: "滘联")] && query.datetime == .interval(from: 1_525_824_000, to: nil))
        #expect(try Self.read("limit=99999").limit == 1000)
        let circle = ItemsQuery.Circle(centre: Coordinate(x: 113.75, y: 23.02), radiusInMetres: 500)
        #expect(try Self.read("center=113.75,23.02&radius=500").circle == circle)
        #expect(try Self.read("lon=113.75&lat=23.02&radius=500").circle == circle)
        for text in ["2018-05-09", "2018-05-09T08:00:00Z", "2018-05-09T08:00:00.5%2B08:00", "../2018-05-09", "2018-05-09/2019-01-01", "/2018-05-09"] {
            #expect(throws: Never.self, "\(text)") { try Self.read("datetime=\(text)") }
        }
    }

    @Test(arguments: [
        ("bbox=1,2,3", "bbox", ParameterError.Code.invalid), ("bbox=", "bbox", .invalid), ("bbox=a,b,c,d", "bbox", .invalid),
        ("bbox=1,2,3,nan", "bbox", .invalid), ("bbox=1,2,3,inf", "bbox", .invalid), ("bbox=1,5,3,2", "bbox", .invalid),
        ("bbox=2500000,500000,2600000,400000&bbox-crs=EPSG:4547", "bbox", .invalid),
        ("bbox=1,2,3,4&bbox-crs=EPSG:9999", "bbox-crs", .invalid), ("crs=EPSG:3857", "crs", .invalid), ("crs=x", "crs", .invalid),
        ("limit=0", "limit", .invalid), ("limit=-1", "limit", .invalid), ("limit=ten", "limit", .invalid), ("limit=1&limit=2", "limit", .repeated),
        ("offset=-1", "offset", .invalid), ("datetime=yesterday", "datetime", .invalid), ("datetime=../..", "datetime", .invalid),
        ("datetime=2018-05-09/2018/2018", "datetime", .invalid), ("f=xml", "f", .invalid), ("unknown=1", "unknown", .unknown), ("Limit=1", "Limit", .unknown),
        ("radius=5", "center", .missing), ("center=1,2", "radius", .missing), ("lon=1&radius=5", "lat", .missing), ("lat=1&radius=5", "lon", .missing),
        ("center=1,99&radius=5", "center", .invalid), ("center=1,2&radius=-5", "radius", .invalid), ("center=1,2&radius=nan", "radius", .invalid),
    ])
    func badParametersAreNamed(_ query: String, _ name: String, _ code: ParameterError.Code) throws {
        let error = #expect(throws: ParameterError.self) { try Self.read(query) }
        #expect(error?.name == name && error?.code == code)
        #expect(error?.expected.zh.isEmpty == false && error?.expected.en.isEmpty == false)
    }

    @Test func pagesLinkToEachOther() throws {
        let parameters = try QueryParameters("bbox=1,2,3,4&limit=10&offset=10&名称=滘")
        let page = ItemsPage(url: "http://m/collections/a/items", parameters: parameters, limit: 10, offset: 10)
        let links = page.links(hasMore: true)
        #expect(links.map(\.rel) == ["self", "next", "prev", "alternate"])
        #expect(links[1].href == "http://m/collections/a/items?bbox=1%2C2%2C3%2C4&%E5%90%8D%E7%A7%B0=%E6%BB%98&limit=10&offset=20")
        #expect(ItemsPage(url: "u", parameters: QueryParameters(items: []), limit: 10, offset: 0).links(hasMore: false).map(\.href) == ["u", "u?f=html"])
    }
}
