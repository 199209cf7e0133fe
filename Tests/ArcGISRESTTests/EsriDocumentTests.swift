import SimpleFeatures
import Testing
import Tiling

@testable import ArcGISREST

@Suite struct EsriDocumentTests {
    /// Levels `first...last` of a ladder that halves.
    private static func set(_ id: String, crs: String, origin: Coordinate, cellSize: Double, first: Int, last: Int, metresPerUnit: Double) -> TileMatrixSet {
        let matrices = (first...last).map { level in
            let halvings = Double(1 << (level - first))
            return TileMatrix(
                id: "\(level)", level: level, cellSize: cellSize / halvings, pointOfOrigin: origin, tileSize: 256, matrixWidth: Int(halvings) * 2,
                matrixHeight: Int(halvings), scaleDenominator: cellSize / halvings * metresPerUnit / 0.00028)
        }
        return TileMatrixSet(id: id, title: id, crs: crs, isNorthFirst: false, metresPerUnit: metresPerUnit, matrices: matrices)
    }

    private static let mercator = set(
        "w", crs: "EPSG:3857", origin: Coordinate(x: -20_037_508.342789244, y: 20_037_508.342789244), cellSize: 156_543.03392804097, first: 0, last: 22, metresPerUnit: 1)
    private static let degrees = set(
        "c", crs: "EPSG:4490", origin: Coordinate(x: -180, y: 90), cellSize: 0.703125, first: 1, last: 20, metresPerUnit: 111_319.49079327358)

    private static func numbers(_ document: JSONDocument, _ name: String) -> [Double] {
        guard case .array(let lods)? = document["lods"] else { return [] }
        return lods.compactMap { if case .number(let n)? = $0[name] { n } else { nil } }
    }

    /// The scale of the first level of ArcGIS Online's scheme, and of Tianditu's c at 96 dots an inch.
    @Test func scalesAreThoseThatArcGISComputesWith() {
        let w = EsriTileInfo(Self.mercator, format: "PNG32", lastLevel: 20).json()
        #expect(abs(Self.numbers(w, "scale")[0] - 591_657_527.591555) < 0.01)
        #expect(Self.numbers(w, "resolution").count == 21)
        #expect(w["spatialReference"]?["wkid"] == 102_100 && w["spatialReference"]?["latestWkid"] == 3857)
        let c = EsriTileInfo(Self.degrees, format: "PNG32", lastLevel: 20).json()
        #expect(abs(Self.numbers(c, "scale")[0] - 295_829_355.4545656) < 0.001)
        #expect(c["origin"]?["x"] == .number(-180) && c["origin"]?["y"] == .number(90) && c["spatialReference"]?["wkid"] == 4490)
    }

    @Test func vectorTilesHaveTheSameGridAtHalfTheResolution() {
        let tiles = EsriTileInfo(Self.mercator, tileSize: 512, format: "pbf", lastLevel: 18).json()
        #expect(Self.numbers(tiles, "resolution")[0] == 78_271.51696402048)
        #expect(abs(Self.numbers(tiles, "scale")[0] - 295_828_763.7957775) < 0.01)
        #expect(Self.numbers(tiles, "resolution").count == 19)
    }

    @Test func fieldsAreEsris() {
        let schema = FeatureSchema(fields: [
            Field(name: "name", kind: .text, title: "名称"), Field(name: "floors", kind: .integer), Field(name: "open", kind: .boolean), Field(name: "built", kind: .date),
        ])
        let fields = EsriField.all(of: schema)
        #expect(fields.map(\.type) == ["esriFieldTypeOID", "esriFieldTypeString", "esriFieldTypeDouble", "esriFieldTypeSmallInteger", "esriFieldTypeDate"])
        #expect(fields[1].alias == "名称" && fields[2].alias == "floors")
    }

    @Test(arguments: [("cb", true), ("dojo_request_script_callbacks.dojo_request_script0", true), ("$jQuery._1", true), ("alert(1)", false), ("a..b", false), ("1a", false),
        ("a;b", false), ("a[0]", false), ("<script>", false), ("回调", false), ("a.", false), (String(repeating: "a", count: 200), false)])
    func onlyNamesOfFunctionsAreCalled(_ callback: String, _ isTaken: Bool) {
        let form = try? EsriForm(form: "json", callback: callback)
        #expect((form?.callback != nil) == isTaken)
        if let call = form?.callback { #expect(String(decoding: call.call(Array("{}".utf8)), as: UTF8.self) == "/**/\(callback)({});") }
    }

    @Test(arguments: [("json", "{\"a\":1}"), ("pjson", "{\n  \"a\": 1\n}"), ("html", "{\n  \"a\": 1\n}"), (nil, "{\n  \"a\": 1\n}")])
    func formsAreWrittenAsAsked(_ form: String?, _ wanted: String) throws {
        #expect(String(decoding: try EsriForm(form: form, callback: nil).bytes(["a": 1]), as: UTF8.self) == wanted)
    }

    @Test func aFormThatIsNotOfferedIsRefused() {
        #expect(throws: EsriError.self) { try EsriForm(form: "amf", callback: nil) }
    }
}
