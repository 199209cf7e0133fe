import FeatureStore
import Wording

/// The layers of maps as they were at a past time, each prepared once for every state it was in.
actor HistoricLayers {
    private let library: MapLibrary
    private let byteLimit: Int64
    private var files: HistoricFiles?
    /// `foreignFilesLeft` of the library when `files` were opened.
    private var life = 0

    init(library: MapLibrary, byteLimit: Int64) {
        self.library = library
        self.byteLimit = byteLimit
    }

    /// A layer in the state it was in.
    private struct Past {
        var definition: CatalogueLayer
        var record: LayerRecord
        /// `nil` where that is the present one.
        var state: LayerState?
    }

    /// The map as of a time.
    ///
    /// - Parameters:
    ///   - level: nominal; layers that it does not show stay as they are.
    ///   - all: every layer, for those that others are counted into.
    func map(_ map: LiveMap, at time: String, level: Int, among all: [String: LiveLayer]) async throws -> LiveMap {
        var layers: [LiveLayer] = []
        for layer in map.layers {
            let tiles = layer.definition.tiles
            let isShown = tiles.levels.contains(level) || tiles.aggregate?.levels.contains(level) == true || layer.definition.isImagery
            layers.append(isShown ? try await self.layer(layer, at: time, among: all) : layer)
        }
        try files?.tidy(keeping: byteLimit)
        return LiveMap(definition: map.definition, layers: layers, style: map.style)
    }

    private func layer(_ live: LiveLayer, at time: String, among all: [String: LiveLayer]) async throws -> LiveLayer {
        guard let past = try await past(live, at: time) else {
            return LiveLayer(definition: live.definition, record: nil, state: .absent)
        }
        var polygons: Past?
        if let rule = live.definition.tiles.aggregate, let owner = all[rule.into] { polygons = try await self.past(owner, at: time) }
        if past.state == nil, polygons.map({ $0.state == nil }) ?? true { return live }
        let preparer = try openFiles().preparer
        return LiveLayer(
            definition: past.definition, record: past.record, state: .ready, prepared: try await features(past, preparer),
            aggregate: try await counts(past, into: polygons, preparer), labelPoints: try await labelPoints(past, preparer))
    }

    /// `nil` for a layer that there was not yet.
    private func past(_ live: LiveLayer, at time: String) async throws(RegistryError) -> Past? {
        let registry = library.registry
        do throws(RegistryError) {
            let version = try await registry.version(of: live.definition.id, at: time)
            if let record = live.record, record.version == version {
                return Past(definition: live.definition, record: record, state: nil)
            }
            let state = LayerState.version(version)
            let record = try await registry.record(of: live.definition.id, in: state)
            return Past(definition: live.definition, record: record, state: state)
        } catch {
            if error.code == .layerNotYet { return nil }
            throw error
        }
    }

    private func openFiles() throws(ProductionError) -> HistoricFiles {
        let present = library.state.foreignFilesLeft
        if let files, life == present { return files }
        let opened = try HistoricFiles(library: library)
        (files, life) = (opened, present)
        return opened
    }

    // MARK: Files

    private func features(_ past: Past, _ preparer: LayerPreparer) async throws -> PreparedLayer? {
        guard let name = preparer.fileName(past.definition, past.record) else { return nil }
        return try await file(name) {
            try await preparer.prepare(past.definition, past.record, state: past.state, as: name)
        }
    }

    private func labelPoints(_ past: Past, _ preparer: LayerPreparer) async throws -> PreparedLayer? {
        guard LabelPointLayer.isCalledFor(past.definition, past.record) else { return nil }
        let name = PreparedFileName(labelPointsOf: past.definition, record: past.record, served: library.served)
        return try await file(name) {
            try await LabelPointLayer.prepare(
                past.record, definition: past.definition, registry: preparer.registry, served: preparer.served,
                policy: preparer.policy, state: past.state, path: preparer.path(name))
        }
    }

    private func counts(_ past: Past, into polygons: Past?, _ preparer: LayerPreparer) async throws -> PreparedLayer? {
        guard let rule = past.definition.tiles.aggregate, let polygons, past.record.crs != nil else { return nil }
        let owner = (polygons.definition, polygons.record)
        let name = PreparedFileName(past.definition, record: past.record, into: owner, rule: rule, served: library.served)
        return try await file(name) {
            _ = try await AggregateLayer.prepare(
                past.record, by: rule, into: owner, registry: preparer.registry, served: preparer.served, policy: preparer.policy,
                states: (past.state, polygons.state), path: preparer.path(name))
        }
    }

    private func file(_ name: PreparedFileName, make: () async throws -> Void) async throws -> PreparedLayer {
        if let layer = files?.open(name) { return layer }
        try await make()
        guard let layer = files?.open(name) else {
            throw ProductionError(
                code: .storage,
                message: .init(zh: "\(name.fileName) 写好后无法打开；请检查数据目录", en: "\(name.fileName) was written and cannot be opened; check the data directory"))
        }
        return layer
    }
}
