import FeatureStore
import Foundation
import Reprojection
import SimpleFeatures
import TestSupport
import Testing

extension WholeProgram {
    /// Real data that nobody here made, from the file to what tiles are cut from.
    @Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
    struct RealInputTests {
        let data: DataDirectory

        init() throws { data = try DataDirectory() }

        private static let forms: [(layer: String, file: String, options: [String])] = [
            ("geopackage", "dongguan_base.gpkg", ["--source-layer", "towns_4490"]),
            ("shapefile4547", "shp_4547/towns.shp", []),
            ("shapefile4526", "shp_4526_gbk/towns.shp", []),
            ("geojson", "towns35_gcj02.geojson", ["--crs", "GCJ-02"]),
        ]

        /// A unit's outline in EPSG:4547, and the box that tiles find it by in EPSG:3857.
        private struct Unit {
            var name: String
            var positions: [Coordinate]
            var box: Envelope
        }

        private func units(_ layer: String) async throws -> [String: Unit] {
            let record = try #require(try await data.record(layer))
            let crs = try #require(record.crs)
            let toPlane = try CoordinateOperation(from: crs, to: .gk114, policy: DatumPolicy())
            let (code, name) = (try #require(record.schema.index(of: "code")), try #require(record.schema.index(of: "name")))
            let prepared = try data.prepared(layer)
            var boxes: [Int64: Envelope] = [:]
            for place in 0..<Int32(prepared.count) { boxes[prepared.id(at: place)] = try prepared.envelope(of: place, crs: "EPSG:3857") }
            var units: [String: Unit] = [:]
            for feature in try await data.features(layer) {
                var positions: [Coordinate] = []
                feature.geometry?.forEachPath { positions += $0 }
                #expect(toPlane.transform(&positions) == 0)
                guard case .text(let key) = feature.values[code], case .text(let called) = feature.values[name] else { continue }
                units[key] = Unit(name: called, positions: positions, box: try #require(boxes[feature.id]))
            }
            return units
        }

        private func distance(_ a: Coordinate, _ b: Coordinate) -> Double {
            ((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)).squareRoot()
        }

        @Test func theRealUnitsLieOnTheSameGroundInFourForms() async throws {
            for form in Self.forms {
                let outcome = try data.importing(Corpora.path("geo-dongguan/" + form.file), form.layer, form.options)
                #expect(outcome.status == 0 && outcome.output.contains("records in 35 = 入库 stored 35 + 拒绝 rejected 0"), "\(outcome.text)")
            }
            let reference = try await units(Self.forms[0].layer)
            #expect(reference.count == 35)
            #expect(Set(reference.values.map(\.name)).isSuperset(of: ["道滘镇", "高埗镇"]))
            for form in Self.forms.dropFirst() {
                let others = try await units(form.layer)
                #expect(others.keys.sorted() == reference.keys.sorted(), "\(form.layer)")
                for (code, unit) in reference {
                    let other = try #require(others[code])
                    #expect(other.name == unit.name, "\(form.layer) \(code)")
                    // A writer of shapefiles may turn a ring and begin it elsewhere: each position has one within a metre.
                    #expect(farthest(unit.positions, from: other.positions) < 1, "\(form.layer) \(unit.name)")
                    #expect(farthest(other.positions, from: unit.positions) < 1, "\(form.layer) \(unit.name)")
                    let corners = [
                        (unit.box.minX, other.box.minX), (unit.box.minY, other.box.minY), (unit.box.maxX, other.box.maxX),
                        (unit.box.maxY, other.box.maxY),
                    ]
                    for (a, b) in corners { #expect(abs(a - b) < 1.1, "\(form.layer) \(unit.name) in EPSG:3857") }
                }
            }
        }

        /// How far the position lies from the others that has none near it.
        private func farthest(_ positions: [Coordinate], from others: [Coordinate]) -> Double {
            let sorted = others.sorted { $0.x < $1.x }
            return positions.map { p in
                var index = sorted.partitioningIndex { $0.x >= p.x - 2 }
                var nearest = Double.infinity
                while index < sorted.count, sorted[index].x <= p.x + 2 {
                    nearest = min(nearest, distance(p, sorted[index]))
                    index += 1
                }
                return nearest
            }.max() ?? .infinity
        }

        @Test func unclosedRingsAreClosedAndCounted() throws {
            let report = data.path + "-report.json"
            let file = Corpora.path("geo-dongguan/towns32_echarts_unclosed_rings.geojson")
            let outcome = try data.importing(file, "outline", ["--report", report])
            defer { do { try FileManager.default.removeItem(atPath: report) } catch { print("left behind: \(report)") } }
            #expect(outcome.status == 0, "\(outcome.text)")
            let decoded = try JSONDecoder().decode(ImportReport.self, from: Data(contentsOf: URL(filePath: report)))
            #expect(decoded.recordsIn == 32 && decoded.recordsIn == decoded.featuresStored + decoded.recordsRejected)
            let closed = try #require(decoded.repairs.first { $0.key == "ring-closed" })
            #expect(closed.count >= 20 && closed.examples.allSatisfy { $0.place.hasPrefix("feature ") })
        }

        @Test(arguments: ["bantian_roads", "communities", "hospitals"])
        func theFalselyDeclaredShapefileIsExplained(name: String) async throws {
            let file = Corpora.path("shapefile/bantian-cgcs2000-zone38/\(name).shp")
            let refused = try data.importing(file, name)
            #expect(refused.status == 1, "\(refused.text)")
            for part in ["\(name).shp", "EPSG:4547", "zone number", "--crs EPSG:4526"] { #expect(refused.errors.contains(part), "\(part)") }
            #expect(try await data.record(name) == nil)
            let right = try data.importing(file, name, ["--crs", "EPSG:4526"])
            #expect(right.status == 0, "\(right.text)")
            guard name == "communities" else { return }
            // The table carries longitude and latitude of its own.
            let record = try #require(try await data.record(name))
            let toDegrees = try CoordinateOperation(from: try #require(record.crs), to: .cgcs2000, policy: DatumPolicy())
            let (east, north) = (try #require(record.schema.index(of: "lon_wgs")), try #require(record.schema.index(of: "lat_wgs")))
            let features = try await data.features(name)
            #expect(features.count == 175)
            for feature in features {
                guard case .point(let place) = feature.geometry, case .real(let x) = feature.values[east],
                    case .real(let y) = feature.values[north]
                else {
                    Issue.record("community \(feature.id) has no place")
                    continue
                }
                let moved = toDegrees.transform(place)
                let degrees = try #require(moved)
                #expect(abs(degrees.x - x) < 1e-9 && abs(degrees.y - y) < 1e-9, "community \(feature.id)")
            }
        }
    }
}

extension Array {
    /// The first index whose element satisfies a condition that holds for all behind it.
    fileprivate func partitioningIndex(_ isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
