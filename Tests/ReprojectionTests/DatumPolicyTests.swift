import SimpleFeatures
import Testing

@testable import Reprojection

@Suite struct DatumPolicyTests {
    static func code(_ source: String, _ target: String, _ policy: DatumPolicy = DatumPolicy()) -> ReprojectionError.Code? {
        do throws(ReprojectionError) {
            _ = try CoordinateOperation(from: CRS(source), to: CRS(target), policy: policy)
            return nil
        } catch {
            return error.code
        }
    }

    @Test(arguments: ["EPSG:4490", "EPSG:4547", "EPSG:4526", "EPSG:4549", "EPSG:4502", "EPSG:4491"])
    func acceptsCGCS2000AsWGS84(id: String) {
        for other in ["EPSG:4326", "EPSG:3857", "OGC:CRS84", "EPSG:32650"] {
            #expect(Self.code(id, other) == nil, "\(id) \(other)")
            #expect(Self.code(other, id) == nil, "\(other) \(id)")
        }
    }

    @Test func theIdentityMovesNothing() throws {
        let c = Coordinate(x: 113.75, y: 23.02)
        let operation = try CoordinateOperation(from: .cgcs2000, to: .wgs84, policy: DatumPolicy())
        #expect(operation.transform(c) == c)
        let proj = try CoordinateOperation(from: .cgcs2000, to: .crs84, policy: DatumPolicy(), shortcuts: false)
        #expect(proj.transform(c) == c)
    }

    /// Xi'an 80 and Beijing 54 with their planes, New Beijing, Pulkovo 42, ETRS89, and a figure without a datum.
    @Test(arguments: ["EPSG:4610", "EPSG:2383", "EPSG:4214", "EPSG:2435", "EPSG:4555", "+proj=longlat +ellps=GRS80"])
    func refusesUnknownPaths(id: String) throws {
        for other in ["EPSG:4490", "EPSG:4547", "EPSG:3857", "EPSG:4326"] {
            #expect(Self.code(id, other) == .datumRefused, "\(id) \(other)")
            #expect(Self.code(other, id) == .datumRefused, "\(other) \(id)")
        }
        do throws(ReprojectionError) {
            _ = try CoordinateOperation(from: CRS(id), to: .cgcs2000, policy: DatumPolicy())
        } catch {
            #expect(error.message.contains("pipeline"))
            #expect(error.message.contains("EPSG:4490"))
        }
    }

    @Test func ballparkOnlyIsRefusedForAnyOtherDatum() {
        #expect(Self.code("EPSG:4258", "EPSG:4490") == .datumRefused)
        #expect(Self.code("EPSG:25832", "EPSG:4547") == .datumRefused)
    }

    @Test func oneDatumNeedsNoPolicy() throws {
        let operation = try CoordinateOperation(from: CRS("EPSG:2383"), to: CRS("EPSG:4610"), policy: DatumPolicy())
        let c = try carried(Coordinate(x: 500_000, y: 2_544_537), by: operation)
        #expect(abs(c.x - 114) < 1e-9 && abs(c.y - 23) < 1e-3)
    }

    @Test(arguments: [CRS.gcj02, .bd09])
    func obfuscationIsNeverProduced(target: CRS) {
        #expect(Self.code("EPSG:4490", target.id) == .obfuscatedTarget)
        #expect(Self.code(target.id, target.id) == .obfuscatedTarget)
        #expect(Self.code(target.id, "EPSG:3857") == nil)
    }

    static let secret = "+proj=pipeline +step +inv +proj=tmerc +lat_0=0 +lon_0=114 +k=1 +x_0=543210 +y_0=12345 +ellps=GRS80"
        + " +step +proj=unitconvert +xy_in=rad +xy_out=deg"

    @Test(arguments: ["EPSG:2383", "epsg:2383", "urn:ogc:def:crs:EPSG::2383"])
    func anOperatorsPipelineOpensTheWay(key: String) throws {
        let policy = DatumPolicy(operatorPipelines: [key: Self.secret])
        let source = try CRS("EPSG:2383")
        let place = Coordinate(x: 113.75, y: 23.02)
        let plane = try carried(place, by: CoordinateOperation(from: .cgcs2000, to: .gk114, policy: policy))
        let local = Coordinate(x: plane.x + 43_210, y: plane.y + 12_345)
        for target in [CRS.cgcs2000, .gk114, .webMercator, .wgs84] {
            let there = try CoordinateOperation(from: source, to: target, policy: policy)
            let expected = try CoordinateOperation(from: .cgcs2000, to: target, policy: policy).transform(place)
            let moved = try carried(local, by: there)
            #expect(CoordinateOperationTests.distance(moved, try #require(expected)) < 1e-5)
            let back = try CoordinateOperation(from: target, to: source, policy: policy)
            #expect(CoordinateOperationTests.distance(try carried(moved, by: back), local) < 1e-4)
        }
    }

    @Test func pipelinesInRadiansAreReadAsSuch() throws {
        let radians = Self.secret.replacing(
            " +step +proj=unitconvert +xy_in=rad +xy_out=deg", with: "")
        let policy = DatumPolicy(operatorPipelines: ["EPSG:2383": radians])
        let operation = try CoordinateOperation(from: CRS("EPSG:2383"), to: .cgcs2000, policy: policy)
        let c = try carried(Coordinate(x: 543_210, y: 2_556_882.5786), by: operation)
        #expect(abs(c.x - 114) < 1e-9 && abs(c.y - 23) < 1e-8)
    }

    @Test func pipelinesStaySecret() throws {
        let policy = DatumPolicy(operatorPipelines: ["EPSG:2383": Self.secret, "EPSG:4610": "+proj=broken +x_0=987654"])
        var dumped = ""
        dump(policy, to: &dumped)
        for text in [dumped, "\(policy)", String(reflecting: policy), policy.statement] {
            #expect(!text.contains("543210") && !text.contains("987654") && !text.contains("tmerc"))
        }
        #expect(policy.statement.contains("EPSG:2383"))
        do throws(ReprojectionError) {
            _ = try CoordinateOperation(from: CRS("EPSG:4610"), to: .cgcs2000, policy: policy)
            Issue.record("a broken pipeline was accepted")
        } catch {
            #expect(error.code == .invalidPipeline)
            #expect(!"\(error)".contains("987654"))
        }
    }

    @Test func statementSpeaksBothLanguages() {
        let statement = DatumPolicy().statement
        #expect(statement.contains("坐标基准策略") && statement.contains("Datum policy") && statement.contains("refused"))
    }
}
