import FeatureStore
import Reprojection

extension MapLibrary {
    /// A file to be made.
    enum Work: Sendable {
        case features(CatalogueLayer, LayerRecord, PreparedFileName)
        case labelPoints(CatalogueLayer, LayerRecord, PreparedFileName)
        case aggregate(CatalogueLayer, LayerRecord, into: CatalogueLayer, LayerRecord, AggregateRule, PreparedFileName)
        case names(CatalogueLayer, LayerRecord, PreparedFileName)
        /// Writes a layer with many edits as one file.
        case compaction(PreparedLayer, PreparedFileName)

        var name: PreparedFileName {
            switch self {
            case .features(_, _, let name), .labelPoints(_, _, let name), .aggregate(_, _, into: _, _, _, let name),
                .names(_, _, let name), .compaction(_, let name):
                name
            }
        }
    }

    // MARK: Preparing

    func startPreparing(_ missing: [Work]) {
        guard preparation == nil, !missing.isEmpty else { return }
        let life = state.foreignFilesLeft
        preparation = Task(priority: .utility) {
            for work in missing where state.foreignFilesLeft == life { await prepare(work, life) }
            preparation = nil
            seenChangeCount = nil  // the next look starts on what was called for meanwhile
        }
    }

    /// - Parameter life: what is made in another one is of a registry that is not there any more.
    private func prepare(_ work: Work, _ life: Int) async {
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
                edited.forget(namesOf: name)
            case .compaction(let layer, let name):
                if try await preparer.compact(layer, as: name) { edited.forget(layersOf: name) } else { edited.giveUpCompacting(name) }
            }
        } catch let error as RegistryError where error.code == .versionChanged {
            return  // a newer version is there; the next look asks for its file
        } catch {
            failures[work.name.fileName] = "\(error)"
        }
        if state.foreignFilesLeft != life { discard(work.name) }
        do { try await rebuild() } catch { failures[work.name.fileName] = "\(error)" }
    }

    /// Waits until the tiles of a layer show its version of now, as far as that is to be had within a time.
    ///
    /// A change of few features is shown at once but where borders are shared, which are drawn anew as a whole.
    public func settle(_ layer: String, within limit: Duration) async throws {
        let deadline = ContinuousClock.now + limit
        while let live = state.layers[layer], let record = live.record, let name = preparer.fileName(live.definition, record) {
            let isShown = opened[name.fileName] != nil || edited.layer(name) != nil || failures[name.fileName] != nil
            // A file that is open is shown when the look that has opened it is over.
            if isShown || ContinuousClock.now > deadline { return try await rebuilding?.value ?? () }
            try await Task.sleep(for: .milliseconds(20))
            try await refresh()
        }
    }

    private func discard(_ name: PreparedFileName) {
        let file = name.fileName
        (opened[file], openedNames[file], failures[file]) = (nil, nil, nil)
        do {
            try preparer.remove(name)
        } catch {
            failures[file] = "\(error)"
        }
    }
}
