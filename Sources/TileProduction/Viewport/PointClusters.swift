import Foundation
import Portrayal
import SimpleFeatures

/// Points that lie close together at a zoom, gathered into one (`cluster` of a GeoJSON source).
///
/// The rule is that of the published algorithm "supercluster": from the finest zoom to the coarsest, in the order of the points,
/// each takes in all that lie within the radius and are not taken yet, and stands then in their mean.
struct PointClusters: Sendable {
    /// One point or cluster on the world plane.
    struct Member: Sendable {
        var x: Double
        var y: Double
        var id: UInt64
        var count: Int
        var properties: [String: PropertyValue]
        /// What the cluster properties have added up to, by their order; empty before the first.
        fileprivate var sums: [PropertyValue] = []

        var isCluster: Bool { count > 1 }
    }

    struct Rule: Sendable {
        /// Logical pixels.
        var radius: Double
        /// Above it points stand alone.
        var maximumZoom: Int
        var leastCount: Int
        var properties: [ClusterProperty]
    }

    /// By zoom, from 0; the last holds the points themselves.
    private let members: [[Member]]

    init(_ points: [Member], _ rule: Rule) {
        let top = min(max(rule.maximumZoom, 0), 24)
        var levels = [[Member]](repeating: [], count: top + 2)
        levels[top + 1] = points
        for zoom in stride(from: top, through: 0, by: -1) {
            levels[zoom] = Self.gathered(levels[zoom + 1], zoom: zoom, rule, pointCount: points.count)
        }
        members = levels
    }

    func members(atZoom zoom: Int) -> [Member] { members[min(max(zoom, 0), members.count - 1)] }

    private static func gathered(_ finer: [Member], zoom: Int, _ rule: Rule, pointCount: Int) -> [Member] {
        let radius = rule.radius / (Viewport.tileSideInPixels * exp2(Double(zoom)))
        let grid = NeighbourGrid(finer.map { ($0.x, $0.y) }, radius: radius)
        var taken = [Bool](repeating: false, count: finer.count)
        var out: [Member] = []
        for i in finer.indices where !taken[i] {
            taken[i] = true
            let near = grid.neighbours(of: i).filter { !taken[$0] }
            let count = near.reduce(finer[i].count) { $0 + finer[$1].count }
            if near.isEmpty || count < rule.leastCount {
                out.append(finer[i])
                for k in near {
                    taken[k] = true
                    out.append(finer[k])
                }
                continue
            }
            for k in near { taken[k] = true }
            out.append(cluster(of: [i] + near, in: finer, count: count, id: UInt64(i << 5 + zoom + 1 + pointCount), rule.properties))
        }
        return out
    }

    private static func cluster(
        of indices: [Int], in finer: [Member], count: Int, id: UInt64, _ properties: [ClusterProperty]
    ) -> Member {
        var (x, y) = (0.0, 0.0)
        var sums: [PropertyValue] = []
        for i in indices {
            let member = finer[i]
            x += member.x * Double(member.count)
            y += member.y * Double(member.count)
            let own = member.sums.isEmpty ? properties.map { $0.value(of: member.properties) } : member.sums
            sums = sums.isEmpty ? own : zip(properties, zip(sums, own)).map { $0.reduced($1.0, $1.1) }
        }
        var tags = Dictionary(uniqueKeysWithValues: zip(properties.map(\.name), sums))
        tags["cluster"] = .boolean(true)
        tags["cluster_id"] = .real(Double(id))
        tags["point_count"] = .real(Double(count))
        tags["point_count_abbreviated"] = abbreviated(count)
        return Member(x: x / Double(count), y: y / Double(count), id: id, count: count, properties: tags, sums: sums)
    }

    /// 950, 1.2k, 15k.
    private static func abbreviated(_ count: Int) -> PropertyValue {
        if count >= 10_000 { return .text("\(Int((Double(count) / 1_000).rounded()))k") }
        guard count >= 1_000 else { return .real(Double(count)) }
        let tenths = Int((Double(count) / 100).rounded())
        return .text(tenths.isMultiple(of: 10) ? "\(tenths / 10)k" : "\(tenths / 10).\(tenths % 10)k")
    }
}

extension PointClusters.Member {
    init(x: Double, y: Double, id: UInt64, count: Int, properties: [String: PropertyValue]) {
        self.init(x: x, y: y, id: id, count: count, properties: properties, sums: [])
    }
}

extension PointClusters.Rule {
    /// - Parameter members: of the source; `clusterRadius` and so on.
    /// - Throws: `invalidStyle` for cluster properties that are none.
    init(_ members: [String: JSONValue], sourceMaximumZoom: Int) throws(PortrayalError) {
        radius = members["clusterRadius"]?.number ?? 50
        maximumZoom = members["clusterMaxZoom"]?.number.map { Int($0.rounded(.down)) } ?? sourceMaximumZoom - 1
        leastCount = max(2, Int(members["clusterMinPoints"]?.number ?? 2))
        properties = []
        for (name, json) in (members["clusterProperties"]?.object ?? [:]).sorted(by: { $0.key < $1.key }) {
            properties.append(try ClusterProperty(name: name, json))
        }
    }
}

extension GeoJSONRecord {
    /// The record as a point that can be gathered; `nil` for other geometries.
    var point: PointClusters.Member? {
        guard case .point(let c) = geometry else { return nil }
        let place = WorldPlane.position(of: c)
        return PointClusters.Member(x: place.x, y: min(max(place.y, 0), 1), id: id, count: 1, properties: properties)
    }
}

/// Points in square cells as wide as the radius within which neighbours are looked for.
private struct NeighbourGrid {
    private struct Cell: Hashable {
        var column: Int
        var row: Int
    }

    /// Single precision, in which clients keep the places that they look for.
    private let places: [(x: Float, y: Float)]
    private let exact: [(x: Double, y: Double)]
    private let radius: Double
    private let side: Double
    private var cells: [Cell: [Int]] = [:]

    init(_ positions: [(Double, Double)], radius: Double) {
        exact = positions.map { (x: $0.0, y: $0.1) }
        places = positions.map { (x: Float($0.0), y: Float($0.1)) }
        self.radius = radius
        side = max(radius, 1e-9)
        for (i, p) in exact.enumerated() { cells[cell(p.x, p.y), default: []].append(i) }
    }

    private func cell(_ x: Double, _ y: Double) -> Cell {
        Cell(column: Int((x / side).rounded(.down)), row: Int((y / side).rounded(.down)))
    }

    /// All others within the radius, ascending.
    func neighbours(of i: Int) -> [Int] {
        let (x, y) = exact[i]
        let home = cell(x, y)
        var found: [Int] = []
        for row in (home.row - 1)...(home.row + 1) {
            for column in (home.column - 1)...(home.column + 1) {
                for k in cells[Cell(column: column, row: row)] ?? [] where k != i {
                    let (dx, dy) = (Double(places[k].x) - x, Double(places[k].y) - y)
                    if dx * dx + dy * dy <= radius * radius { found.append(k) }
                }
            }
        }
        return found.sorted()
    }
}
