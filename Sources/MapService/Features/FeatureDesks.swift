import FeatureStore
import Reprojection
import Synchronization
import TileProduction
import Topology

/// The desks, taken in turn.
final class FeatureDesks: Sendable {
    private let desks: [FeatureDesk]
    private let turn = Atomic<Int>(0)

    init(_ installation: Installation, count: Int) throws(TopologyError) {
        precondition(count > 0, "queries need a desk")
        var desks: [FeatureDesk] = []
        for _ in 0..<count {
            desks.append(try FeatureDesk(registry: installation.registry, policy: installation.policy))
        }
        self.desks = desks
    }

    /// Readies every desk for the CRSs of the layers that are there, so that no first request waits for it.
    func prepare(for layers: [LiveLayer]) async throws {
        let systems = layers.compactMap(\.record?.crs)
        for (place, crs) in systems.enumerated() where !systems[..<place].contains(crs) {
            for desk in desks { try await desk.prepare(for: crs) }
        }
    }

    var next: FeatureDesk {
        let place = turn.wrappingAdd(1, ordering: .relaxed).oldValue
        return desks[Int(UInt(bitPattern: place) % UInt(desks.count))]
    }
}
