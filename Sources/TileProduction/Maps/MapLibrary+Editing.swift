import FeatureStore
import FoundationEssentials
import Reprojection

extension MapLibrary {
    /// Opens what is derived from a layer as older files and what was edited since, where its version has no files of its own.
    ///
    /// - Throws: `versionChanged` where the layer was edited once more meanwhile.
    func amend(_ definition: CatalogueLayer, _ record: LayerRecord) async throws {
        guard !definition.isImagery else { return }
        // A shared border belongs to two features: what becomes of one changes the other.
        if let name = preparer.fileName(definition, record), !definition.sharedBorders {
            try await amend(name, record) { [preparer] ids, name in
                try await preparer.prepare(definition, record, ids: ids, as: name)
            }
        }
        if LabelPointLayer.isCalledFor(definition, record) {
            let name = PreparedFileName(labelPointsOf: definition, record: record, served: served)
            try await amend(name, record) { [registry, served, policy, preparer] ids, name in
                try await LabelPointLayer.prepare(
                    record, definition: definition, registry: registry, served: served, policy: policy, ids: ids,
                    path: preparer.path(name))
            }
        }
        if let name = preparer.nameFile(definition, record) { try await amendNames(name, definition, record) }
    }

    /// - Parameter prepare: writes the features of these ids into a file of this name.
    private func amend(
        _ name: PreparedFileName, _ record: LayerRecord, prepare: (Set<Int64>, PreparedFileName) async throws -> Void
    ) async throws {
        guard isWanting(name), let (base, ids) = try await preparer.base(of: name, in: record), ids.count <= EditedLayers.mostEdits
        else { return }
        do {
            let layer = try PreparedLayer(path: preparer.path(base))
            try await prepare(ids, name.ofAmendment)
            let delta = try PreparedLayer(path: preparer.path(name.ofAmendment))
            if let amended = layer.amended(by: delta, replacing: ids) { edited.add(amended, as: name, base: base) }
        } catch is PreparedLayerError {
            return  // the older file is damaged: the layer is prepared whole
        }
    }

    private func amendNames(_ name: PreparedFileName, _ definition: CatalogueLayer, _ record: LayerRecord) async throws {
        guard isWanting(name), let (base, ids) = try await preparer.base(of: name, in: record), ids.count <= EditedLayers.mostEditedNames
        else { return }
        do {
            let index = try NameIndex(path: preparer.path(base))
            edited.add(EditedNames(index, edited: ids), as: name, base: base, work: .names(definition, record, name))
        } catch {
            return  // the older file is damaged: the index is made anew
        }
    }

    private func isWanting(_ name: PreparedFileName) -> Bool {
        opened[name.fileName] == nil && openedNames[name.fileName] == nil && !edited.has(name)
            && failures[name.fileName] == nil && !FileManager.default.fileExists(atPath: preparer.path(name))
    }
}
