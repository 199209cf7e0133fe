import FeatureStore
import Foundation
import TestSupport
import TileProduction

@testable import MapService

/// The standard's own data for its abstract tests, imported like any file, with a service over it.
enum NaturalEarth {
    static let service = Task { try await make() }

    static func client() async throws -> RouterClient { try RouterClient(try await service.value) }

    private static func make() async throws -> ServiceContext {
        let installation = try Installation(data: ScratchDirectory.make("natural-earth"), share: Hamlet.repository)
        for layer in ["ne_110m_admin_0_countries", "ne_110m_populated_places_simple", "ne_110m_rivers_lake_centerlines"] {
            var request = LayerImportRequest(
                layer: layer, files: [Corpora.path("cql2/data/ne110m4cql2.gpkg")], readerOptions: ReaderOptions(layer: layer))
            request.acceptsRemoteData = true
            // The file says so; told again, so that data far from the city is meant.
            request.crs = "EPSG:4326"
            _ = try await installation.importLayer(request)
        }
        let library = try installation.library()
        try await library.prepareAll()
        return Hamlet.context(installation, library)
    }
}
