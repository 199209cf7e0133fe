import FeatureStore
import Imagery
import Reprojection
import Wording

extension MapLibrary {
    func live(
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
            edited.names(name) ?? openNames(name, orElse: .names(definition, record, name), missing: &missing).map { EditedNames($0) }
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
        if let layer = opened[name.fileName] ?? edited.layer(name) {
            edited.keepFormer(layer, name)
            return layer
        }
        if let failure = failures[name.fileName] {
            state = .failed(failure)
            return nil
        }
        do {
            let layer = try PreparedLayer(path: preparer.path(name))
            opened[name.fileName] = layer
            edited.keepFormer(layer, name)
            return layer
        } catch {
            // Missing or damaged: made again from the registry, which has the truth.
            missing.append(work)
            // What was served until now is served until then. Counts are of other polygons after an edit of those.
            var isAggregate = false
            if case .aggregate = work { isAggregate = true }
            if let former = edited.former(name, isDigestMeant: !isAggregate) { return former }
            state = .preparing
            return nil
        }
    }

    func tidy(_ definitions: [String: CatalogueLayer], _ records: [String: LayerRecord]) throws {
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
        edited.keep(only: kept)
        for (id, files) in edited.filesByLayer { current[id]?.keep.formUnion(files) }
        opened = opened.filter { kept.contains($0.key) }
        openedNames = openedNames.filter { kept.contains($0.key) }
        openedImagery = openedImagery.filter { kept.contains($0.key) }
        failures = failures.filter { kept.contains($0.key) }
        try preparer.removeOutdated(current: current)
    }
}
