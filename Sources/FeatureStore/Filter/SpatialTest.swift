internal import SimpleFeatures
internal import Topology

/// Asks many geometries for one relation to one literal, by numbers where these decide and by GEOS where they do not.
final class SpatialTest {
    private let relation: SpatialRelation
    private let envelope: Envelope
    private let cover: Cover
    /// Several for a collection, which is met where one of its parts is.
    private let probes: [Probe]

    /// What is known of the literal's inside without a look at its border.
    private enum Cover {
        case nothing
        case box
        case grid(CoverGrid)
    }

    /// Holds GEOS' state, which cannot be copied, where an array can keep it.
    private final class Probe {
        let probe: SpatialProbe

        init(_ geometry: Geometry) throws(TopologyError) {
            probe = try SpatialProbe(geometry)
        }
    }

    /// - Parameter features: about how many will be asked; 0 where a grid is not worth its making.
    init(_ relation: SpatialRelation, _ literal: SpatialLiteral, features: Int = 0) throws(TopologyError) {
        self.relation = relation
        envelope = literal.geometry.envelope
        var probes: [Probe] = []
        if case .geometryCollection(let parts) = literal.geometry {
            for part in parts { probes.append(try Probe(part)) }
        } else {
            probes.append(try Probe(literal.geometry))
        }
        self.probes = probes
        cover = literal.isBox ? .box : features > 0 ? CoverGrid(literal.geometry, features: features).map { .grid($0) } ?? .nothing : .nothing
    }

    /// The answer for every geometry with this envelope, or with a smaller one; `nil` where that alone does not tell.
    func verdict(_ box: Envelope) -> Bool? {
        guard box.intersects(envelope) else { return relation == .disjoint }
        let isInside: Bool
        switch cover {
        case .nothing: return nil
        case .box:
            isInside = box.minX > envelope.minX && box.maxX < envelope.maxX && box.minY > envelope.minY && box.maxY < envelope.maxY
            if !isInside { return nil }
        case .grid(let grid):
            switch grid.position(of: box) {
            case .inside: isInside = true
            case .outside: isInside = false
            case .undecided: return nil
            }
        }
        guard isInside else { return relation == .disjoint }
        return relation == .intersects || relation == .within || relation == .coveredBy
    }

    /// The answer for one position; `nil` where GEOS has none.
    func holds(_ point: Coordinate) -> Bool? {
        if let known = verdict(Envelope(minX: point.x, minY: point.y, maxX: point.x, maxY: point.y)) { return known }
        if case .box = cover {
            // What is left lies on the border.
            switch relation {
            case .intersects, .touches, .coveredBy: return true
            default: return false
            }
        }
        return decided { probe throws(TopologyError) in try probe.isRelated(point, by: relation) }
    }

    /// The answer for well-known binary; `nil` where GEOS has none.
    func holds(_ wellKnownBinary: RawSpan) -> Bool? {
        decided { probe throws(TopologyError) in try probe.isRelated(wellKnownBinary, by: relation) }
    }

    func exactly(_ wellKnownBinary: [UInt8]) throws(TopologyError) -> Bool? {
        unsafe holds(wellKnownBinary.span.bytes)
    }

    private func decided(_ ask: (borrowing SpatialProbe) throws(TopologyError) -> Bool) -> Bool? {
        do throws(TopologyError) {
            // A collection is disjoint where all its parts are.
            let isEnough = relation != .disjoint
            for probe in probes where try ask(probe.probe) == isEnough { return isEnough }
            return !isEnough
        } catch {
            return nil
        }
    }
}
