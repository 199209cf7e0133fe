import SimpleFeatures
import Testing

struct WKTTests {
    private static let c = Coordinate(x: 1, y: 2), d = Coordinate(x: -3.5, y: 4e2)

    @Test(arguments: [
        ("POINT(1 2)", Geometry.point(c)), ("SRID=4490;point z (1 2 3)", .point(c)), ("LINESTRING (1 2, -3.5 4e2)", .lineString([c, d])),
        ("MULTIPOINT((1 2),(-3.5 4e2))", .multiPoint([c, d])), ("MULTIPOINT(1 2,-3.5 4e2)", .multiPoint([c, d])),
        ("POLYGON((1 2,-3.5 4e2,1 2))", .polygon(Polygon(rings: [[c, d, c]]))), ("MULTILINESTRINGZ((1 2 0,-3.5 4e2 0))", .multiLineString([[c, d]])),
        ("MULTIPOLYGON(((1 2,-3.5 4e2,1 2)))", .multiPolygon([Polygon(rings: [[c, d, c]])])),
        ("GEOMETRYCOLLECTION(POINT(1 2),LINESTRING EMPTY)", .geometryCollection([.point(c), .lineString([])])),
    ])
    func reads(_ text: String, _ geometry: Geometry) throws {
        #expect(try WKT.decode(text).geometry == geometry)
    }

    @Test(arguments: ["", "POINT", "POINT(1)", "POINT(1 2", "POINT(1 2) x", "CIRCLE(1 2)", "POLYGON(1 2)", "POINT(a b)"])
    func refuses(_ text: String) {
        #expect(throws: WKT.Fault.self) { try WKT.decode(text) }
    }
}
