public import FeatureStore
import FoundationEssentials
import Imagery
public import Reprojection
public import SimpleFeatures
import Synchronization
import TileCache
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
    let preparer: LayerPreparer
    private let styles: StyleShelf
    private nonisolated let snapshot: Mutex<LibraryState>
    private nonisolated let observers = Mutex<[Observer]>([])
    private let comparing = TileWorker(number: -2)
    private nonisolated let versionFiles = Mutex<TileVersionFiles?>(nil)
    /// By file name.
    var opened: [String: PreparedLayer] = [:]
    var openedNames: [String: NameIndex] = [:]
    var openedImagery: [String: ImageryArchive] = [:]
    /// What is served of a version that has no file of its own, because only some features of an older one were edited.
    var edited = EditedLayers()
    var failures: [String: String] = [:]
    var seenChangeCount: Int64?
    /// Of the registry, when it was looked at last.
    var servedMoment: RegistryMoment?
    var preparation: Task<Void, Never>?
    var rebuilding: Task<Void, any Error>?

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

    /// Told of changes in their order; must not wait.
    public typealias Observer = @Sendable (LibraryChange) -> Void

    /// Calls the observer at every change from now on.
    public nonisolated func observe(_ observer: @escaping Observer) {
        observers.withLock { $0.append(observer) }
    }

    /// Lets maps begin with the tile versions that were written of them, as far as their data are the same.
    nonisolated func takeVersions(from files: TileVersionFiles) {
        versionFiles.withLock { $0 = files }
        snapshot.withLock { state in
            for map in state.maps.values { state.maps[map.definition.id]?.tileVersions = files.versions(of: map) ?? map.tileVersions }
        }
    }

    /// Says which pictures a map's latest change has really changed, level by level; of a level without an answer all have.
    ///
    /// - Returns: whether this is still what is served: after another change nothing is taken over.
    nonisolated func settlePictures(of map: LiveMap, _ answers: [TileVersions.Rung: [DirtyTiles.Block]?]) -> Bool {
        snapshot.withLock { state in
            guard var live = state.maps[map.definition.id], live.dataVersion == map.dataVersion, live.style?.version == map.style?.version
            else { return false }
            for (rung, blocks) in answers {
                if let blocks { live.tileVersions.close(rung, dirty: blocks) } else { live.tileVersions.restart(rung) }
            }
            state.maps[map.definition.id] = live
            return true
        }
    }

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

    /// Takes over whatever the registry holds now: when this returns, what was committed before the call is served.
    public func catchUp() async throws {
        if try await refresh() { return }
        // Somebody else has seen the change, and is still at work on it.
        try await rebuilding?.value
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

    /// One after the other: what is published last is what was read last.
    func rebuild() async throws {
        let former = rebuilding
        let task = Task {
            _ = await former?.result
            try await rebuildNow()
        }
        rebuilding = task
        try await task.value
    }

    private func rebuildNow() async throws {
        if try await leaveForeignFiles() { snapshot.withLock { $0.foreignFilesLeft += 1 } }
        let (definitions, byID) = try await amendedRecords()
        var layers: [String: LiveLayer] = [:]
        var missing: [Work] = []
        for (id, definition) in definitions {
            layers[id] = live(definition, byID, definitions, missing: &missing)
        }
        try tidy(definitions, byID)
        await publish(layers)
        missing += edited.compactions()
        // The map is ready first; until the names are, the search scans the registry.
        startPreparing(missing.filter { $0.name.kind == .features } + missing.filter { $0.name.kind == .names })
    }

    /// The registry's layers with their definitions, those that were edited since their files were made opened as they are now.
    private func amendedRecords() async throws -> ([String: CatalogueLayer], [String: LayerRecord]) {
        while true {
            let records = try await registry.layers()
            let catalogue = state.catalogue
            var definitions = catalogue.layers
            for record in records where definitions[record.id] == nil {
                definitions[record.id] = catalogue.definition(
                    of: record.id, title: record.title, schema: record.schema, dimension: record.dimension)
            }
            do {
                for record in records {
                    if let definition = definitions[record.id] { try await amend(definition, record) }
                }
                return (definitions, Dictionary(uniqueKeysWithValues: records.map { ($0.id, $0) }))
            } catch let error as RegistryError where error.code == .versionChanged {
                continue  // edited once more in between; the next look sees it
            }
        }
    }

    private func publish(_ layers: [String: LiveLayer]) async {
        var next = state
        next.layers = layers
        next.maps = [:]
        next.styleFailures = [:]
        for definition in next.catalogue.maps.values { next.add(liveMap(definition, layers)) }
        next.generation += 1
        let comparisons = await comparing.comparisons(from: state, to: next)
        if let files = versionFiles.withLock({ $0 }) {
            for map in next.maps.values where state.maps[map.definition.id] == nil {
                next.maps[map.definition.id]?.tileVersions = files.versions(of: map) ?? map.tileVersions
            }
        }
        let change = snapshot.withLock { state in
            next.takeVersions(from: state, comparisons)
            defer { state = next }
            return LibraryChange(from: state, to: next, comparisons)
        }
        for observer in observers.withLock({ $0 }) { observer(change) }
    }

    private func liveMap(_ definition: MapDefinition, _ layers: [String: LiveLayer]) -> (map: LiveMap, styleFailure: String?) {
        var drawn = definition.layers.compactMap { layers[$0] }
        if definition.includesOverlays {
            drawn += layers.values.filter { $0.definition.group == "overlay" }.sorted { $0.definition.id < $1.definition.id }
        }
        let overlays = drawn.filter { $0.definition.group == "overlay" && $0.record != nil }
        switch styles.style(definition.style, overlays: overlays) {
        case .success(let style):
            // The last good document stays in use; the reason is told all the same.
            return (LiveMap(definition: definition, layers: drawn, style: style), styles.failure(of: definition.style))
        case .failure(let error):
            return (LiveMap(definition: definition, layers: drawn, style: nil), error.message.both)
        }
    }
}

extension LibraryState {
    fileprivate mutating func add(_ made: (map: LiveMap, styleFailure: String?)) {
        maps[made.map.definition.id] = made.map
        styleFailures[made.map.definition.id] = made.styleFailure
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
