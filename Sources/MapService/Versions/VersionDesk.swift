import FeatureStore
import Reprojection
import SimpleFeatures
import TileProduction

/// Compares versions for requests, one comparison at a time; the last few results are kept.
actor VersionDesk {
    /// A comparison's result.
    struct Found: Sendable {
        var report: LayerDifferenceReport
        /// The first differences as GeoJSON features.
        var features: [[UInt8]]
    }

    private struct Key: Hashable {
        var layer: String
        var before: [String]
        var after: [String]
        var key: String?
        var openFields: Set<String>
    }

    private let installation: Installation
    private var results: [(key: Key, task: Task<Found, any Error>)] = []

    private static let mostResults = 4
    private static let mostFeatures = 10_000

    init(installation: Installation) {
        self.installation = installation
    }

    /// - Parameter key: the field that tells which features are the same one; `nil` for the id.
    func compare(_ versions: ComparedVersions, _ selection: FeatureSelection, key: String?) async throws -> Found {
        let open = Set((versions.before.record.schema.fields + versions.after.record.schema.fields).filter(selection.layer.isOpen).map(\.name))
        let wanted = Key(
            layer: selection.record.id, before: Self.identity(versions.before), after: Self.identity(versions.after), key: key,
            openFields: open)
        if let known = results.first(where: { $0.key == wanted }) { return try await known.task.value }
        let comparison = LayerComparison(
            registry: installation.registry, before: ComparedState(versions.before), after: ComparedState(versions.after),
            policy: installation.policy, key: key, openFields: open, exclusions: selection.withheld)
        let (former, policy, crs) = (results.last?.task, installation.policy, versions.after.record.crs)
        let task = Task {
            // One after the other: each reads two whole layers.
            _ = await former?.result
            return try await Self.run(comparison, crs: crs, policy: policy)
        }
        results.append((wanted, task))
        if results.count > Self.mostResults { results.removeFirst() }
        do {
            return try await task.value
        } catch {
            results.removeAll { $0.key == wanted }
            throw error
        }
    }

    /// What a version is: its import, its last edit, and its content, for another registry gives the same numbers.
    private static func identity(_ delivery: LayerDelivery) -> [String] {
        ["\(delivery.number)", "\(delivery.record.version)", delivery.record.contentHash]
    }

    @concurrent
    private static func run(_ comparison: LayerComparison, crs: CRS?, policy: DatumPolicy) async throws -> Found {
        let layer = try DifferenceLayer(shown: comparison.shownSchema, crs: crs, policy: policy)
        var features: [[UInt8]] = []
        let report = try await comparison.run { difference in
            guard features.count < mostFeatures else { return }
            var writer = GeoJSONWriter(schema: layer.schema)
            writer.append(layer.feature(difference))
            features.append(writer.bytes)
        }
        return Found(report: report, features: features)
    }
}
