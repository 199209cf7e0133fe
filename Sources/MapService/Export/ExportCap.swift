import FeatureStore
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Wording

/// How much of a layer of surveyed data one request may take away as a file.
///
/// What counts is the area that the request names, as far as the layer reaches, and not how many features it finds there:
/// features left out by their properties make a contiguous area no smaller.
enum ExportCap {
    private static let squareMetresPerSquareKilometre = 1e6

    /// - Throws: 403 for more than the limit, saying how to ask for less.
    static func check(_ selection: FeatureSelection, _ limit: Double?, _ desk: FeatureDesk) async throws {
        let definition = selection.layer.definition
        guard let limit, definition.isExportCapped, let stored = selection.record.crs else { return }
        let area = try await area(of: selection, stored, desk) / squareMetresPerSquareKilometre
        guard area > limit else { return }
        let (wanted, allowed) = (text(area), text(limit))
        let side = text(limit.squareRoot())
        let radius = Int(((limit / .pi).squareRoot() * 1000).rounded(.down))
        throw ProblemError(
            403, .init(zh: "超出导出范围", en: "More than may be exported"),
            .init(
                zh: "\(definition.title.zh)（\(definition.id)）属测绘成果，每次至多导出 \(allowed) 平方公里，而此请求约 \(wanted) 平方公里；请用 bbox（如边长 \(side) 公里）、center 与 radius（至多 \(radius) 米）或 POST 一个多边形缩小范围",
                en: "\(definition.title.en) (\(definition.id)) is surveyed data, of which a request may take \(allowed) km², and this one asks for about \(wanted) km²; narrow it with bbox (such as \(side) km a side), center and radius (up to \(radius) m), or the polygon of a POST"))
    }

    /// One decimal, rounded up so that nothing over a limit looks like it.
    private static func text(_ number: Double) -> String {
        let tenths = (number * 10).rounded(.up) / 10
        return tenths == tenths.rounded() ? "\(Int(tenths))" : "\(tenths)"
    }

    /// Square metres in the city's plane.
    private static func area(of selection: FeatureSelection, _ stored: CRS, _ desk: FeatureDesk) async throws -> Double {
        var boxes = 0.0
        for envelope in selection.envelopes {
            let box = envelope.map { $0.intersection(selection.record.envelope) } ?? selection.record.envelope
            guard !box.isEmpty else { continue }
            let plane = try await desk.envelope(box, from: stored, to: .gk114)
            boxes += plane.width * plane.height
        }
        switch selection.shape {
        case nil: return boxes
        case .circle(_, let radius): return min(boxes, .pi * radius * radius)
        case .area(let area): return min(boxes, try await desk.carry(area, .cgcs2000, .gk114)?.hullArea ?? .infinity)
        }
    }
}

extension Geometry {
    /// Of its convex hull, in square units: a narrow winding shape takes what lies around it too.
    fileprivate var hullArea: Double {
        var positions: [Coordinate] = []
        forEachPath { positions += $0 }
        return ConvexHull.area(positions)
    }
}

/// The smallest convex shape around positions (Andrew's monotone chain).
private enum ConvexHull {
    static func area(_ positions: [Coordinate]) -> Double {
        let sorted = positions.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
        guard sorted.count > 2 else { return 0 }
        let ring = chain(sorted) + chain(sorted.reversed())
        var doubled = 0.0
        for (a, b) in zip(ring, ring.dropFirst() + ring.prefix(1)) { doubled += cross(ring[0], a, b) }
        return abs(doubled) / 2
    }

    /// Half of the hull, its last position left to the other half.
    private static func chain(_ positions: [Coordinate]) -> [Coordinate] {
        var hull: [Coordinate] = []
        for c in positions {
            while hull.count > 1, cross(hull[hull.count - 2], hull[hull.count - 1], c) <= 0 { hull.removeLast() }
            hull.append(c)
        }
        return Array(hull.dropLast())
    }

    private static func cross(_ o: Coordinate, _ a: Coordinate, _ b: Coordinate) -> Double {
        (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x)
    }
}
