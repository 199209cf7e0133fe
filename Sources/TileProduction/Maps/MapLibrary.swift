public import FeatureStore
import FoundationEssentials
import Imagery
public import Reprojection
public import SimpleFeatures
import Synchronization
public import Tiling
import Wording

/// The layers and maps of one data directory, kept in step with its registry.
///
/// Opening reads headers only; layers whose prepared file is missing are prepared one after the other in the
/// background and become ready each on its own.
public actor MapLibrary {
    public nonisolated let directory: DataDirectory
    public nonisolated let registry: any FeatureRegistry
    public nonisolated let policy: DatumPolicy
    public nonisolated let served: ServedCRSs
    private let preparer: LayerPreparer
    private let styles: StyleShelf
    private nonisolated let snapshot: Mutex<LibraryState>
    private var opened: [String: PreparedLayer] = [:]
    private var openedNames: [String: NameIndex] = [:]
    private var openedImagery: [String: ImageryArchive] = [:]
    private var failures: [String: String] = [:]
    private var seenChangeCount: Int64?
    private var preparation: Task<Void, Never>?

    /// - Throws: when the data directory, the catalogue's documents or the registry cannot be used.
    public init(
        directory: DataDirectory, catalogue: Catalogue, sets: TileMatrixSetRegistry, registry: any FeatureRegistry,
        policy: DatumPolicy, styles: StyleShelf
    ) throws(ReprojectionError) {
        self.directory = directory
        self.registry = registry
        self.policy = policy
        self.styles = styles
        served = try ServedCRSs(sets.sets)
        preparer = LayerPreparer(directory: directory, registry: registry, served: served, policy: policy)
        snapshot = Mutex(
            LibraryState(generation: 0, catalogue: catalogue, sets: sets, layers: [:], maps: [:], styleFailures: [:]))
    }

    /// What is being served now; never waits.
    public nonisolated var state: LibraryState { snapshot.withLock { $0 } }

    /// Looks whether the registry or a style changed, and takes the change over.
    ///
    /// - Returns: whether anything changed.
    @discardableResult
    public func refresh() async throws -> Bool {
        let count = try await registry.changeCount()
        let styleChanged = styles.reload()
        guard count != seenChangeCount || styleChanged else { return false }
        seenChangeCount = count
        try await rebuild()
        return true
    }

    /// Looks for changes until cancelled; meant to run for the life of a service.
    ///
    /// - Parameters:
    ///   - onChange: called with what is served after a change.
    ///   - onFailure: called where the registry cannot be read.
    public func follow(
        every interval: Duration, onChange: @Sendable (LibraryState) -> Void, onFailure: @Sendable (any Error) -> Void
    ) async {
        while !Task.isCancelled {
            do {
                if try await refresh() { onChange(state) }
                try await Task.sleep(for: interval)
            } catch is CancellationError {
                return
            } catch {
                onFailure(error)
                seenChangeCount = nil
                do { try await Task.sleep(for: interval) } catch { return }
            }
        }
    }

    /// Waits until every layer is ready or has failed.
    public func prepareAll() async throws {
        try await refresh()
        while let running = preparation {
            await running.value
            try await rebuild()
        }
    }

    // MARK: From records to a state

    private func rebuild() async throws {
        let records = try await registry.layers()
        let byID = Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0) })
        let catalogue = state.catalogue
        var definitions = catalogue.layers
        for record in records where definitions[record.id] == nil {
            definitions[record.id] = catalogue.definition(
                of: record.id, title: record.title, schema: record.schema, dimension: record.dimension)
        }
        var layers: [String: LiveLayer] = [:]
        var missing: [Work] = []
        for (id, definition) in definitions {
            layers[id] = live(definition, byID, definitions, missing: &missing)
        }
        try tidy(definitions, byID)
        publish(layers)
        // The map is ready first; until the names are, the search scans the registry.
        startPreparing(missing.filter { $0.name.kind == .features } + missing.filter { $0.name.kind == .names })
    }

    private enum Work: Sendable {
        case features(CatalogueLayer, LayerRecord, PreparedFileName)
        case labelPoints(CatalogueLayer, LayerRecord, PreparedFileName)
        case aggregate(CatalogueLayer, LayerRecord, into: CatalogueLayer, LayerRecord, AggregateRule, PreparedFileName)
        case names(CatalogueLayer, LayerRecord, PreparedFileName)

        var name: PreparedFileName {
            switch self {
            case .features(_, _, let name), .labelPoints(_, _, let name), .aggregate(_, _, into: _, _, _, let name),
                .names(_, _, let name):
                name
            }
        }
    }

    private func live(
        _ definition: CatalogueLayer, _ records: [String: LayerRecord], _ definitions: [String: CatalogueLayer],
        missing: inout [Work]
    ) -> LiveLayer {
        guard let record = records[definition.id] else {
            return LiveLayer(definition: definition, record: nil, state: .absent)
        }
        if definition.isImagery { return imagery(definition, record) }
        var state = LiveLayer.State.ready
        let prepared = preparer.fileName(definition, record).flatMap { name in
            open(name, orElse: .features(definition, record, name), missing: &missing, state: &state)
        }
        var labelPoints: PreparedLayer?
        if LabelPointLayer.isCalledFor(definition, record) {
            let name = PreparedFileName(labelPointsOf: definition, record: record, served: served)
            // The layer itself is served while they are still missing.
            var side = LiveLayer.State.ready
            labelPoints = open(name, orElse: .labelPoints(definition, record, name), missing: &missing, state: &side)
            if case .failed = side { state = side }
        }
        var aggregate: PreparedLayer?
        if let rule = definition.tiles.aggregate, let into = records[rule.into], let owner = definitions[rule.into],
            record.crs != nil
        {
            let name = PreparedFileName(definition, record: record, into: (owner, into), rule: rule, served: served)
            aggregate = open(
                name, orElse: .aggregate(definition, record, into: owner, into, rule, name), missing: &missing,
                state: &state)
        }
        let names = preparer.nameFile(definition, record).flatMap { name in
            openNames(name, orElse: .names(definition, record, name), missing: &missing)
        }
        return LiveLayer(
            definition: definition, record: record, state: state, prepared: prepared, aggregate: aggregate,
            labelPoints: labelPoints, names: names)
    }

    /// An archive that is missing or damaged stays so until the images are imported again.
    private func imagery(_ definition: CatalogueLayer, _ record: LayerRecord) -> LiveLayer {
        let name = PreparedFileName(imageryOf: definition.id, version: record.version)
        if let archive = openedImagery[name.fileName] {
            return LiveLayer(definition: definition, record: record, state: .ready, imagery: archive)
        }
        do {
            let archive = try ImageryArchive(path: preparer.path(name))
            openedImagery[name.fileName] = archive
            return LiveLayer(definition: definition, record: record, state: .ready, imagery: archive)
        } catch {
            return LiveLayer(definition: definition, record: record, state: .failed(error.message.both))
        }
    }

    private func openNames(_ name: PreparedFileName, orElse work: Work, missing: inout [Work]) -> NameIndex? {
        if let index = openedNames[name.fileName] { return index }
        guard failures[name.fileName] == nil else { return nil }
        do {
            let index = try NameIndex(path: preparer.path(name))
            openedNames[name.fileName] = index
            return index
        } catch {
            // Missing or damaged: made again from the registry, which has the truth.
            missing.append(work)
            return nil
        }
    }

    private func open(
        _ name: PreparedFileName, orElse work: Work, missing: inout [Work], state: inout LiveLayer.State
    ) -> PreparedLayer? {
        if let layer = opened[name.fileName] { return layer }
        if let failure = failures[name.fileName] {
            state = .failed(failure)
            return nil
        }
        do {
            let layer = try PreparedLayer(path: preparer.path(name))
            opened[name.fileName] = layer
            return layer
        } catch {
            // Missing or damaged: made again from the registry, which has the truth.
            missing.append(work)
            state = .preparing
            return nil
        }
    }

    private func tidy(_ definitions: [String: CatalogueLayer], _ records: [String: LayerRecord]) throws {
        var current: [String: (version: Int64, keep: Set<String>)] = [:]
        for (id, record) in records {
            guard let definition = definitions[id] else { continue }
            var names = [preparer.fileName(definition, record), preparer.nameFile(definition, record)].compactMap(\.?.fileName)
            if definition.isImagery { names.append(PreparedFileName(imageryOf: id, version: record.version).fileName) }
            if !names.isEmpty { current[id] = (record.version, Set(names)) }
            if LabelPointLayer.isCalledFor(definition, record) {
                let name = PreparedFileName(labelPointsOf: definition, record: record, served: served)
                current[name.layer] = (record.version, [name.fileName])
            }
            if let rule = definition.tiles.aggregate, let into = records[rule.into], let owner = definitions[rule.into] {
                let name = PreparedFileName(definition, record: record, into: (owner, into), rule: rule, served: served)
                current[name.layer] = (record.version, [name.fileName])
            }
        }
        let kept = Set(current.values.flatMap(\.keep))
        opened = opened.filter { kept.contains($0.key) }
        openedNames = openedNames.filter { kept.contains($0.key) }
        openedImagery = openedImagery.filter { kept.contains($0.key) }
        failures = failures.filter { kept.contains($0.key) }
        try preparer.removeOutdated(current: current)
    }

    private func publish(_ layers: [String: LiveLayer]) {
        var next = state
        next.layers = layers
        next.maps = [:]
        next.styleFailures = [:]
        for definition in next.catalogue.maps.values {
            var drawn = definition.layers.compactMap { layers[$0] }
            if definition.includesOverlays {
                drawn += layers.values.filter { $0.definition.group == "overlay" }.sorted {
                    $0.definition.id < $1.definition.id
                }
            }
            let overlays = drawn.filter { $0.definition.group == "overlay" && $0.record != nil }
            switch styles.style(definition.style, overlays: overlays) {
            case .success(let style):
                next.maps[definition.id] = LiveMap(definition: definition, layers: drawn, style: style)
                // The last good document stays in use; the reason is told all the same.
                next.styleFailures[definition.id] = styles.failure(of: definition.style)
            case .failure(let error):
                next.maps[definition.id] = LiveMap(definition: definition, layers: drawn, style: nil)
                next.styleFailures[definition.id] = error.message.both
            }
        }
        next.generation += 1
        snapshot.withLock { $0 = next }
    }

    // MARK: Preparing

    private func startPreparing(_ missing: [Work]) {
        guard preparation == nil, !missing.isEmpty else { return }
        preparation = Task(priority: .utility) {
            for work in missing { await prepare(work) }
            preparation = nil
            seenChangeCount = nil  // the next look starts on what was called for meanwhile
        }
    }

    private func prepare(_ work: Work) async {
        do {
            switch work {
            case .features(let definition, let record, let name):
                try await preparer.prepare(definition, record, as: name)
            case .labelPoints(let definition, let record, let name):
                try await LabelPointLayer.prepare(
                    record, definition: definition, registry: registry, served: served, policy: policy,
                    path: preparer.path(name))
            case .aggregate(_, let record, into: let owner, let into, let rule, let name):
                _ = try await AggregateLayer.prepare(
                    record, by: rule, into: (owner, into), registry: registry, served: served, policy: policy,
                    path: preparer.path(name))
            case .names(let definition, let record, let name):
                try await preparer.indexNames(definition, record, as: name)
            }
        } catch let error as RegistryError where error.code == .versionChanged {
            return  // a newer version is there; the next look asks for its file
        } catch {
            failures[work.name.fileName] = "\(error)"
        }
        do { try await rebuild() } catch { failures[work.name.fileName] = "\(error)" }
    }
}

extension LayerRecord {
    /// What its features draw as, where they all draw alike.
    public var dimension: GeometryDimension? {
        switch geometry {
        case .none, .mixed: nil
        case .only(let kind):
            switch kind {
            case .point, .multiPoint: .point
            case .lineString, .multiLineString: .line
            case .polygon, .multiPolygon: .area
            case .geometryCollection: nil
            }
        }
    }
}
