import SimpleFeatures
import TestSupport
import Testing

struct WKBTests {
    @Test(arguments: GeometrySamples.all)
    func roundTrip(_ geometry: Geometry) throws {
        let decoded = try WKB.decode(WKB.encode(geometry))
        #expect(decoded == WKB.Decoded(geometry: geometry))
    }

    @Test(arguments: GeometrySamples.all)
    func geoPackageRoundTrip(_ geometry: Geometry) throws {
        let (header, value) = try GeoPackageBinary.decode(GeoPackageBinary.encode(geometry, srsID: 4490))
        #expect(header.srsID == 4490)
        #expect(value.geometry == geometry)
        #expect(header.isEmpty == geometry.isEmpty)
        #expect(header.envelope == (geometry.kind == .point || geometry.isEmpty ? nil : geometry.envelope))
    }

    @Test func bigEndian() throws {
        let bytes: [UInt8] = [0, 0, 0, 0, 1, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0]
        #expect(try WKB.decode(bytes).geometry == .point(Coordinate(x: 1, y: 2)))
    }

    @Test(arguments: [1001, 2001, 3001, 0x8000_0001, 0x4000_0001, 0xC000_0001] as [UInt32])
    func heightsAndMeasuresAreDroppedAndSaid(_ code: UInt32) throws {
        var bytes: [UInt8] = [1] + (0..<4).map { UInt8(truncatingIfNeeded: code >> ($0 * 8)) }
        for value in [1.0, 2.0, 3.0, 4.0] { bytes += (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> ($0 * 8)) } }
        let decoded = try WKB.decode(bytes)
        #expect(decoded.geometry == .point(Coordinate(x: 1, y: 2)))
        #expect(decoded.hasDroppedOrdinates)
    }

    @Test func spatialReferenceOfEWKB() throws {
        let point = WKB.encode(.point(Coordinate(x: 1, y: 2)))
        let bytes = [1, 1, 0, 0, 0x20, 0x8A, 0x11, 0, 0] + point[5...]
        #expect(try WKB.decode(bytes) == WKB.Decoded(geometry: .point(Coordinate(x: 1, y: 2)), srid: 4490))
    }

    @Test func emptyPointIsNil() throws {
        let bytes = WKB.encode(.point(Coordinate(x: .nan, y: .nan)))
        #expect(try WKB.decode(bytes).geometry == nil)
    }

    @Test(arguments: [2, 3, 4, 5, 6, 7] as [UInt8])
    func countBeyondTheBytesIsRefused(_ type: UInt8) {
        let error = #expect(throws: WKBError.self) { try WKB.decode([1, type, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0x7F, 0, 0, 0, 0]) }
        #expect(error?.code == .truncated)
    }

    @Test func curvesAreRefused() {
        let error = #expect(throws: WKBError.self) { try WKB.decode([1, 8, 0, 0, 0, 0, 0, 0, 0]) }
        #expect(error?.code == .typeUnsupported)
    }

    @Test func deepNestingIsRefused() {
        let bytes = (0..<1000).flatMap { _ in [1, 7, 0, 0, 0, 1, 0, 0, 0] as [UInt8] }
        let error = #expect(throws: WKBError.self) { try WKB.decode(bytes) }
        #expect(error?.code == .nestedTooDeeply)
    }

    @Test func truncatedAndFlippedBytesNeverCrash() {
        let seed: UInt64 = 0x574B_42
        var random = SeededGenerator(seed: seed)
        var refused = 0
        for geometry in GeometrySamples.all {
            let good = GeoPackageBinary.encode(geometry, srsID: 4490)
            for length in 0..<good.count {
                do { _ = try GeoPackageBinary.decode(Array(good[..<length])) } catch { refused += 1 }
            }
            for _ in 0..<500 {
                var bytes = good
                for _ in 0..<Int.random(in: 1...4, using: &random) {
                    bytes[Int.random(in: 0..<bytes.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
                }
                do { _ = try GeoPackageBinary.decode(bytes) } catch { refused += 1 }
            }
        }
        #expect(refused > 1000, "seed \(seed)")
    }
}
