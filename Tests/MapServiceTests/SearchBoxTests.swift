import Reprojection
import SimpleFeatures
import TestSupport
import Testing
import TileProduction

@testable import MapService

/// Boxes that are searched hold what they stand for, and hardly more.
struct SearchBoxTests {
    @Test(arguments: [(CRS.crs84, CRS.gk114), (.cgcs2000, .gk114), (.webMercator, .gk114), (.gk114, .cgcs2000), (.gk114, .webMercator)])
    func holdTheCarriedOutline(from: CRS, to: CRS) async throws {
        let installation = try await Hamlet.freshService().installation
        let desk = try FeatureDesk(registry: installation.registry, policy: installation.policy)
        var random = SeededGenerator(seed: 41)
        for _ in 0..<200 {
            let (longitude, latitude) = (112.6 + random.unit() * 2.8, 21 + random.unit() * 4)
            guard let centre = try await desk.carry(.point(Coordinate(x: longitude, y: latitude)), .crs84, from)?.envelope else { continue }
            let unit = from.isGeographic ? 1 / 111_000.0 : 1
            // From a metre to a little more than what is carried by few positions.
            let (width, height) = (unit * 25_000 * random.unit() * random.unit(), unit * 25_000 * random.unit() * random.unit())
            let box = Envelope(minX: centre.minX - width, minY: centre.minY - height, maxX: centre.minX + width, maxY: centre.minY + height)
            let exact = try #require(try await desk.carried(box, from, to))
            let searched = try await desk.searchBox(box, from: from, to: to)
            #expect(searched.contains(exact), "\(box)")
            let metres = to.isGeographic ? 111_000.0 : 1
            #expect((searched.width - exact.width) * metres < 200 && (searched.height - exact.height) * metres < 200, "\(box)")
        }
    }
}
