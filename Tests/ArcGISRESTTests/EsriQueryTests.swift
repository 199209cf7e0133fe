import SimpleFeatures
import Testing
import Tiling
import Wording

@testable import ArcGISREST

@Suite struct EsriQueryTests {
    private static func query(_ parameters: [String: String]) throws -> EsriQuery { try EsriQuery { parameters[$0] } }

    @Test func everythingIsTheDefault() throws {
        let query = try Self.query(["where": " 1 = 1 ", "outFields": "*", "f": "json"])
        #expect(query.condition == nil && query.fields == nil && query.returnsGeometry && query.result == .features && query.form == .json)
    }

    @Test func parametersAreRead() throws {
        let query = try Self.query([
            "where": "floors > 3", "objectIds": "3, 5", "outFields": "name, floors", "returnGeometry": "false", "outSR": "102100",
            "orderByFields": "floors DESC, name", "resultOffset": "10", "resultRecordCount": "5", "geometryPrecision": "3",
            "geometry": "113.5,22.5,114,23", "inSR": #"{"wkid":4490}"#, "spatialRel": "esriSpatialRelContains", "f": "geojson",
        ])
        #expect(query.condition == "floors > 3" && query.ids == [3, 5] && query.fields == ["name", "floors"] && !query.returnsGeometry)
        #expect(query.outCRS?.description == "EPSG:3857" && query.offset == 10 && query.count == 5 && query.decimals == 3)
        #expect(query.order.map(\.field) == ["floors", "name"] && query.order.map(\.ascends) == [false, true])
        #expect(query.geometry?.crs?.description == "EPSG:4490" && query.relation == .contains && query.form == .geoJSON)
        #expect(query.geometry?.geometry.envelope == Envelope(minX: 113.5, minY: 22.5, maxX: 114, maxY: 23))
    }

    @Test func resultsAreTold() throws {
        #expect(try Self.query(["returnCountOnly": "true"]).result == .count)
        #expect(try Self.query(["returnIdsOnly": "true"]).result == .ids)
        #expect(try Self.query(["returnExtentOnly": "true", "returnCountOnly": "true"]).result == .extent)
        let statistics = try Self.query([
            "outStatistics": #"[{"statisticType":"sum","onStatisticField":"floors","outStatisticFieldName":"n"}]"#,
            "groupByFieldsForStatistics": "town",
        ])
        #expect(statistics.result == .statistics([.init(kind: .sum, field: "floors", name: "n")], groupBy: ["town"]))
    }

    @Test(arguments: [
        ("objectIds", "1,x"), ("geometry", "1,2,3"), ("geometry", "{\"x\":1}"), ("geometry", "{\"rings\":[[[0,0],[1,1]]]}"), ("geometry", "nan,1"),
        ("spatialRel", "nope"), ("outSR", "x"), ("orderByFields", "a b c"), ("resultOffset", "-1"), ("resultRecordCount", "1e9"), ("f", "xml"),
        ("returnGeometry", "maybe"), ("outStatistics", "[]"), ("outStatistics", "{"), ("outStatistics", #"[{"statisticType":"median","onStatisticField":"a"}]"#),
        ("geometry", "[[[[[[[[["), ("geometry", "{\"x\":1e999,\"y\":0}"), ("geometry", "{\"x\":1,\"y\":1,\"spatialReference\":{\"wkid\":1}}"),
    ]) func badParametersAreNamed(name: String, value: String) {
        let error = #expect(throws: EsriError.self) { try Self.query([name: value]) }
        #expect(error?.code == 400 && error?.message.en.contains("'\(name)'") == true)
    }

    @Test func aDistanceHasAUnit() throws {
        let place = ["geometry": "113.5,22.5", "geometryType": "esriGeometryPoint"]
        #expect(try Self.query(place.merging(["distance": "2", "units": "esriSRUnit_Kilometer"]) { $1 }).distance == 2000)
        #expect(throws: EsriError.self) { try Self.query(place.merging(["distance": "2", "units": "parsec"]) { $1 }) }
    }
}

@Suite struct EsriGeometryTests {
    @Test func ringsFindTheirHoles() throws {
        let text = #"{"rings":[[[0,0],[0,10],[10,10],[10,0],[0,0]],[[2,2],[4,2],[4,4],[2,4],[2,2]],[[20,0],[20,5],[25,5],[20,0]]]}"#
        guard case .multiPolygon(let polygons) = try EsriGeometry(text, type: nil).geometry else { Issue.record("two polygons"); return }
        #expect(polygons.map(\.rings.count) == [2, 1])
    }

    @Test func ringsTheOtherWayRoundAreExteriors() throws {
        guard case .polygon(let polygon) = try EsriGeometry(#"{"rings":[[[0,0],[10,0],[10,10],[0,10]]]}"#, type: nil).geometry else { Issue.record("one polygon"); return }
        #expect(polygon.rings.count == 1 && polygon.rings[0].first == polygon.rings[0].last)
    }

    @Test func whatIsWrittenIsWoundAsArcGISDoes() {
        var writer = EsriFeatureWriter(schema: FeatureSchema(fields: [Field(name: "名称", kind: .text), Field(name: "day", kind: .date)]), decimals: 2)
        let square = [Coordinate(x: 0, y: 0), Coordinate(x: 1, y: 0), Coordinate(x: 1, y: 1.005), Coordinate(x: 0, y: 1), Coordinate(x: 0, y: 0)]
        writer.append(Feature(id: 7, geometry: .polygon(Polygon(rings: [square])), values: [.text("a\"b"), .text("1970-01-02")]), withGeometry: true)
        let text = String(decoding: writer.bytes, as: UTF8.self)
        #expect(text == #"{"attributes":{"OBJECTID":7,"名称":"a\"b","day":86400000},"geometry":{"rings":[[[0,0],[0,1],[1,1],[1,0],[0,0]]]}}"# || text.contains("[[0,0],[0,1],[1,1.0"))
        #expect(text.hasPrefix(#"{"attributes":{"OBJECTID":7,"名称":"a\"b","day":86400000},"geometry":{"rings":[[[0,0],[0,1],"#))
    }
}

@Suite struct SQLConditionTests {
    @Test(arguments: [
        ("floors > 3 AND name LIKE '东%'", "floors > 3 AND name LIKE '东%'"), ("a != 'it''s'", "a <> 'it''s'"),
        ("UPPER(name) = 'X'", "CASEI(name) = 'X'"), ("day > DATE '2020-01-31'", "day > DATE('2020-01-31')"),
        ("t < TIMESTAMP '2020-01-31 08:00:00'", "t < TIMESTAMP('2020-01-31T08:00:00Z')"), ("name = N'东莞'", "name = '东莞'"),
        ("\"a b\" IS NOT NULL", "\"a b\" IS NOT NULL"), ("a = 'DATE ''x'''", "a = 'DATE ''x'''"), ("x BETWEEN 1 AND 2", "x BETWEEN 1 AND 2"),
    ]) func sqlIsWrittenAsCQL2(sql: String, cql2: String) throws {
        #expect(try SQLCondition.cql2(sql) == cql2)
    }

    @Test func quotesMustEnd() {
        #expect(throws: EsriError.self) { try SQLCondition.cql2("a = 'x") }
        #expect(throws: EsriError.self) { try SQLCondition.cql2(String(repeating: "a", count: 20_000)) }
    }
}
