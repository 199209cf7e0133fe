import Foundation
import TestSupport
import Testing

@testable import Reprojection

@Suite struct CRSTests {
    @Test(arguments: [
        ("EPSG:4547", "EPSG:4547"), ("epsg:4547", "EPSG:4547"), ("4547", "EPSG:4547"), (" 4547\n", "EPSG:4547"),
        ("urn:ogc:def:crs:EPSG::4547", "EPSG:4547"), ("URN:OGC:DEF:CRS:EPSG:9.9:4490", "EPSG:4490"),
        ("http://www.opengis.net/def/crs/EPSG/0/3857", "EPSG:3857"),
        ("https://www.opengis.net/def/crs/EPSG/0/4326", "EPSG:4326"),
        ("http://www.opengis.net/def/crs/OGC/1.3/CRS84", "OGC:CRS84"), ("OGC:CRS84", "OGC:CRS84"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "OGC:CRS84"), ("crs84", "OGC:CRS84"), ("CRS:84", "OGC:CRS84"),
        ("gcj-02", "GCJ-02"), ("GCJ02", "GCJ-02"), ("bd-09", "BD-09"), ("EPSG:900913", "EPSG:3857"),
        ("EPSG:4526", "EPSG:4526"), ("04547", "EPSG:4547"), ("ESRI:102100", "ESRI:102100"),
    ])
    func readsEverySpelling(text: String, id: String) throws {
        let crs = try CRS(text)
        #expect(crs.id == id)
        #expect(try CRS(crs.id) == crs)
    }

    @Test(arguments: [
        "", "EPSG:", "EPSG:abc", "EPSG:-1", "EPSG:+4547", "EPSG:99999", "EPSG:4547:1", "hello", "urn:ogc:def:crs:EPSG::",
        "http://example.org/EPSG/0/4547", "PROJCS[", "GEOGCS[\"x\"", "{}", "OGC:CRS27", "EPSG:99999999999999999999",
        "+proj=nonsense",
    ])
    func refusesWhatIsNoCRS(text: String) {
        #expect { _ = try CRS(text) } throws: { ($0 as? ReprojectionError)?.code == .unknownCRS }
    }

    @Test(arguments: ["EPSG:5737", "EPSG:4479"])
    func refusesWhatIsNotHorizontal(text: String) {
        #expect { _ = try CRS(text) } throws: { ($0 as? ReprojectionError)?.code == .unsupportedCRS }
    }

    @Test func refusesALocalEngineeringGrid() {
        let text = #"LOCAL_CS["Dongguan city grid",UNIT["metre",1]]"#
        #expect { _ = try CRS(text) } throws: { ($0 as? ReprojectionError)?.code == .unsupportedCRS }
    }

    @Test(arguments: CRS.known.filter { !$0.isObfuscated })
    func constantsAgreeWithPROJ(constant: CRS) throws {
        let inspected = try CRS.inspect(definition: constant.id, id: constant.id)
        #expect(inspected.name == constant.name)
        #expect(inspected.isGeographic == constant.isGeographic)
        #expect(inspected.isNorthFirst == constant.isNorthFirst)
        #expect(abs(inspected.metresPerUnit - constant.metresPerUnit) < 1e-9)
        #expect(inspected.datum == constant.datum)
    }

    struct Definition: Decodable {
        let name: String
        let axes: [[String]]
        let wkt2: String
        let wkt1_esri: String
    }

    @Test(
        .enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"),
        arguments: ["4490", "4547", "4526", "3857", "4326", "4549", "4513", "OGC:CRS84"])
    func identifiesCorpusDefinitions(code: String) throws {
        let all = try Corpora.decode([String: Definition].self, "proj-vectors/crs_definitions.json")
        let definition = try #require(all[code])
        let crs = try CRS(code)
        #expect(crs.name == definition.name)
        #expect(crs.isNorthFirst == (definition.axes[0][2] == "north"))
        // WKT 1 has no word for CRS84's order; it names the same frame as EPSG:4326.
        let esri = try CRS.identify(wkt: definition.wkt1_esri)
        #expect(esri.id == (code == "OGC:CRS84" ? "EPSG:4326" : crs.id))
        let modern = try CRS.identify(wkt: definition.wkt2)
        #expect(modern.isGeographic == crs.isGeographic && modern.datum == crs.datum)
        if code != "OGC:CRS84" { #expect(modern.id == crs.id) }
    }

    @Test(
        .enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"),
        arguments: [
            ("shapefile/bantian-cgcs2000-zone38/communities.prj", "EPSG:4547"),
            ("geo-dongguan/shp_4547", "EPSG:4547"), ("geo-dongguan/shp_4526_gbk", "EPSG:4526"),
        ])
    func identifiesProjectionFiles(path: String, id: String) throws {
        var url = Corpora.url(path)
        if url.pathExtension != "prj" {
            let names = try FileManager.default.contentsOfDirectory(atPath: url.path)
            url.append(path: try #require(names.first { $0.hasSuffix(".prj") }))
        }
        #expect(try CRS.identify(wkt: String(contentsOf: url, encoding: .utf8)).id == id)
    }

    static func gaussKrueger(name: String, falseEasting: Double, meridian: Double) -> String {
        """
        PROJCS["\(name)",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",\
        SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],\
        PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",\(falseEasting)],PARAMETER["False_Northing",0.0],\
        PARAMETER["Central_Meridian",\(meridian)],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],\
        UNIT["Meter",1.0]]
        """
    }

    @Test func parametersDecideAndNotTheName() throws {
        let liar = CRSTests.gaussKrueger(name: "CGCS2000_3_Degree_GK_CM_114E", falseEasting: 38_500_000, meridian: 114)
        #expect(try CRS.identify(wkt: liar).id == "EPSG:4526")
        let local = CRSTests.gaussKrueger(name: "Dongguan_113_45", falseEasting: 500_000, meridian: 113.75)
        let crs = try CRS.identify(wkt: local)
        #expect(crs.id == local && crs.epsgCode == nil)
        #expect(crs.label == "\"Dongguan_113_45\"")
        #expect(crs.datum == .cgcs2000 && !crs.isGeographic && crs.metresPerUnit == 1)
        #expect(try CRS(crs.id) == crs)
    }

    @Test func identifiesEveryZoneInBothForms() throws {
        for number in [25, 30, 38, 39, 40, 45] {
            let zone = try #require(GaussKruegerZone(width: .threeDegrees, number: number))
            let meridian = Double(number) * 3
            let prefixed = CRSTests.gaussKrueger(
                name: "CGCS2000_3_Degree_GK_Zone_\(number)", falseEasting: Double(number) * 1e6 + 5e5, meridian: meridian)
            let plain = CRSTests.gaussKrueger(
                name: "CGCS2000_3_Degree_GK_CM_\(number * 3)E", falseEasting: 5e5, meridian: meridian)
            #expect(try CRS.identify(wkt: prefixed).epsgCode == zone.epsg(hasPrefix: true))
            #expect(try CRS.identify(wkt: plain).epsgCode == zone.epsg(hasPrefix: false))
        }
    }

    @Test func aForeignEllipsoidUnmasksAFalseDatumName() throws {
        let wkt = #"""
            GEOGCS["x",DATUM["D_China_2000",SPHEROID["Krassowsky_1940",6378245.0,298.3]],PRIMEM["Greenwich",0.0],\#
            UNIT["Degree",0.0174532925199433]]
            """#
        #expect(try CRS.identify(wkt: wkt).datum == .unknown)
    }

    @Test func aDatumShiftAttachedToTheDefinitionIsLeftOut() throws {
        let wkt = #"""
            GEOGCS["China Geodetic Coordinate System 2000",DATUM["China_2000",SPHEROID["CGCS2000",6378137,298.257222101],\#
            TOWGS84[0,0,0,0,0,0,0]],PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]]
            """#
        #expect(try CRS.identify(wkt: wkt) == .cgcs2000)
    }
}
