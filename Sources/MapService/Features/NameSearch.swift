import FeatureStore
import Logging
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Wording

/// One place that a search found.
struct NamedPlace: Sendable {
    var layer: String
    var layerTitle: String
    var id: Int64
    var name: String
    /// `nil` where the layer is not searched by address, or the name is one.
    var address: String?
    /// In the layer's CRS.
    var geometry: Geometry
    var crs: CRS
}

/// Finds places by name and address: whole names before beginnings before parts, then by the layers' search ranks, then
/// by id.
struct NameSearch {
    let service: ServiceContext

    /// - Throws: `RegistryError` of `versionChanged` when a layer is replaced twice while this is at work.
    func find(_ query: NameQuery, limit: Int) async throws -> [NamedPlace] {
        do {
            return try await find(query, limit: limit, in: service.library.state)
        } catch let error as RegistryError where error.code == .versionChanged {
            try await service.library.refresh()
            return try await find(query, limit: limit, in: service.library.state)
        }
    }

    private func find(_ query: NameQuery, limit: Int, in state: LibraryState) async throws -> [NamedPlace] {
        let layers = try Self.layers(of: state)
        var scanned: [Int: NameScan] = [:]
        var hits: [Hit] = []
        var seen: Set<Hit> = []
        for match in NameMatch.allCases {
            for (place, layer) in layers.enumerated() where hits.count < limit {
                let ids = try await ids(query, match, in: layer, limit: limit, scanned: &scanned[place])
                for id in ids where seen.insert(Hit(layer: place, id: id)).inserted && hits.count < limit {
                    hits.append(Hit(layer: place, id: id))
                }
            }
        }
        return try await places(hits, layers)
    }

    private struct Hit: Hashable {
        /// The layer's place in the order of search.
        var layer: Int
        var id: Int64
    }

    /// A layer that is searched.
    private struct SearchedLayer {
        var selection: FeatureSelection
        /// Positions in the schema of the fields that are looked into, the name first.
        var columns: [Int]

        var query: FeatureQuery {
            var query = selection.query(nil)
            query.fields = .some(columns)
            return query
        }
    }

    private static func layers(of state: LibraryState) throws -> [SearchedLayer] {
        let layers = state.layersInOrder.enumerated().sorted {
            ($0.element.definition.searchRank, $0.offset) < ($1.element.definition.searchRank, $1.offset)
        }
        return try layers.compactMap { _, layer in
            guard let record = layer.record, record.crs != nil else { return nil }
            let columns = layer.definition.searchedFields(of: record.schema)
            guard !columns.isEmpty else { return nil }
            return SearchedLayer(selection: try FeatureSelection(layer: record.id, in: state), columns: columns)
        }
    }

    private func ids(
        _ query: NameQuery, _ match: NameMatch, in layer: SearchedLayer, limit: Int, scanned: inout NameScan?
    ) async throws -> [Int64] {
        if scanned == nil, let names = layer.selection.layer.names {
            do {
                return try await ids(query, match, in: layer, names, limit: limit)
            } catch let error as PreparedLayerError {
                service.logger.warning("a name index cannot be searched", metadata: ["error": "\(error)"])
            }
        }
        if let scanned { return scanned.found[match] ?? [] }
        service.logger.info(
            "no name index yet; the search reads the registry",
            metadata: ["layer": "\(layer.selection.record.id)", "version": "\(layer.selection.record.version)"])
        let scan = try await service.installation.registry.scan(layer.query, into: NameScan(query, columns: layer.columns, limit: limit))
        scanned = scan
        return scan.found[match] ?? []
    }

    /// Those of the index, and of the features edited since, which are read.
    private func ids(
        _ query: NameQuery, _ match: NameMatch, in layer: SearchedLayer, _ names: EditedNames, limit: Int
    ) async throws -> [Int64] {
        guard !names.edited.isEmpty else { return try await names.index.find(query, match, limit: limit) }
        let known = try await names.index.find(query, match, limit: limit + names.edited.count).filter { !names.edited.contains($0) }
        var read = layer.query
        read.ids = names.edited.sorted()
        let scan = try await service.installation.registry.scan(read, into: NameScan(query, columns: layer.columns, limit: limit))
        return Array((known + (scan.found[match] ?? [])).sorted().prefix(limit))
    }

    /// The features of the hits, in their order.
    private func places(_ hits: [Hit], _ layers: [SearchedLayer]) async throws -> [NamedPlace] {
        var found: [Hit: NamedPlace] = [:]
        for (number, ofLayer) in Dictionary(grouping: hits, by: \.layer) {
            let layer = layers[number]
            guard let crs = layer.selection.record.crs else { continue }
            var query = layer.query
            query.ids = ofLayer.map(\.id)
            for feature in try await service.installation.registry.features(query) {
                guard let geometry = feature.geometry else { continue }
                let address = layer.columns.dropFirst().compactMap { Self.text(feature.values[$0]) }.first
                guard let name = Self.text(feature.values[layer.columns[0]]) ?? address else { continue }
                found[Hit(layer: number, id: feature.id)] = NamedPlace(
                    layer: layer.selection.record.id, layerTitle: layer.selection.layer.definition.title.zh, id: feature.id,
                    name: name, address: address, geometry: geometry, crs: crs)
            }
        }
        return hits.compactMap { found[$0] }
    }

    private static func text(_ value: PropertyValue) -> String? {
        if case .text(let text) = value, !text.isEmpty { text } else { nil }
    }
}
