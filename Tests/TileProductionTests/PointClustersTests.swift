import Foundation
import Portrayal
import SimpleFeatures
import TestSupport
import Testing

@testable import TileProduction

/// Points of a GeoJSON source gathered into clusters.
@Suite struct PointClustersTests {
    private static func point(_ x: Double, _ y: Double, _ id: UInt64, _ properties: [String: PropertyValue] = [:]) -> PointClusters.Member {
        PointClusters.Member(x: x, y: y, id: id, count: 1, properties: properties)
    }

    private static func rule(
        radius: Double = 50, maximumZoom: Int = 4, least: Int = 2, _ properties: [ClusterProperty] = []
    ) -> PointClusters.Rule {
        PointClusters.Rule(radius: radius, maximumZoom: maximumZoom, leastCount: least, properties: properties)
    }

    /// A pixel of the world at zoom 0.
    private static let pixel = 1.0 / 512

    @Test func pointsWithinTheRadiusBecomeTheirMean() {
        let clusters = PointClusters(
            [Self.point(0.5, 0.5, 1), Self.point(0.5 + 40 * Self.pixel, 0.5, 2), Self.point(0.9, 0.5, 3)], Self.rule())
        let coarse = clusters.members(atZoom: 0)
        #expect(coarse.map(\.count) == [2, 1])
        #expect(abs(coarse[0].x - (0.5 + 20 * Self.pixel)) < 1e-12)
        #expect(coarse[0].properties["cluster"] == .boolean(true) && coarse[0].properties["point_count"] == .real(2))
        #expect(coarse[1].id == 3 && coarse[1].properties.isEmpty)
        // 80 pixels apart at zoom 1.
        #expect(clusters.members(atZoom: 1).map(\.count) == [1, 1, 1])
        #expect(clusters.members(atZoom: 22).map(\.id) == [1, 2, 3])
    }

    @Test func fewerThanTheLeastCountStayAlone() {
        let points: [PointClusters.Member] = (0..<3).map { (i: Int) in Self.point(0.5 + Double(i) * Self.pixel, 0.5, UInt64(i + 1)) }
        #expect(PointClusters(points, Self.rule(least: 4)).members(atZoom: 0).map(\.count) == [1, 1, 1])
        #expect(PointClusters(points, Self.rule(least: 3)).members(atZoom: 0).map(\.count) == [3])
    }

    @Test func propertiesAreAddedUp() throws {
        let sum = try ClusterProperty(name: "sum", JSONValue(json: Array(#"["+", ["get", "value"]]"#.utf8)))
        let greatest = try ClusterProperty(
            name: "greatest", JSONValue(json: Array(#"[["max", ["accumulated"], ["get", "greatest"]], ["get", "value"]]"#.utf8)))
        var points: [PointClusters.Member] = []
        for i in 0..<6 {
            let value = PropertyValue.real(Double(i * i))
            points.append(Self.point(0.5 + Double(i) * 20 * Self.pixel, 0.5, UInt64(i + 1), ["value": value]))
        }
        let clusters = PointClusters(points, Self.rule(radius: 300, [sum, greatest]))
        let one = clusters.members(atZoom: 0)
        #expect(one.map(\.count) == [6])
        #expect(one.first?.properties["sum"] == .real(55) && one.first?.properties["greatest"] == .real(25))
        #expect(throws: PortrayalError.self) { try ClusterProperty(name: "n", .string("+")) }
    }

    @Test(arguments: [(950, PropertyValue.real(950)), (1_240, .text("1.2k")), (2_000, .text("2k")), (15_400, .text("15k"))])
    func countsAreShortened(_ count: Int, _ expected: PropertyValue) {
        let points: [PointClusters.Member] = (0..<count).map { (i: Int) in Self.point(0.5 + Double(i) * 1e-7, 0.5, UInt64(i + 1)) }
        let one = PointClusters(points, Self.rule(maximumZoom: 0)).members(atZoom: 0)
        #expect(one.map(\.count) == [count])
        #expect(one.first?.properties["point_count_abbreviated"] == expected)
    }

    /// By the rule itself, without a grid: nobody is lost, and of two that stand alone or first none has the other in reach.
    @Test(arguments: 1...8 as ClosedRange<UInt64>) func everyPointIsInOnePlace(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func share() -> Double { Double(random.next() % 1_000_000) / 1_000_000 }
        let points: [PointClusters.Member] = (0..<400).map { (i: Int) in Self.point(share(), share(), UInt64(i + 1)) }
        let clusters = PointClusters(points, Self.rule(radius: 20, maximumZoom: 6))
        var before = points.count
        for zoom in stride(from: 6, through: 0, by: -1) {
            let members = clusters.members(atZoom: zoom)
            #expect(members.reduce(0) { $0 + $1.count } == points.count)
            #expect(members.count <= before)
            before = members.count
        }
        #expect(before < points.count * 2 / 3)
    }
}
