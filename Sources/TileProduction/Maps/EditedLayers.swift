public import FeatureStore

/// A name index, and the features whose names it no longer knows rightly.
public struct EditedNames: Sendable {
    public let index: NameIndex
    /// To be read from the registry, whatever the index says of them.
    public let edited: Set<Int64>

    public init(_ index: NameIndex, edited: Set<Int64> = []) {
        self.index = index
        self.edited = edited
    }
}

/// Layer versions that are served as an older file and what was edited since.
struct EditedLayers {
    private struct Entry {
        var layer: PreparedLayer
        var name: PreparedFileName
        var files: [String]
        /// Its grid does not allow it.
        var isNeverCompacted = false
    }

    /// Edits up to which a layer is amended: a delta of them is read and written in a second.
    static let mostEdits = 20_000
    /// Edits from which a layer is written as one file in the background: a delta of them costs 10 ms an edit.
    static let editsToCompact = 500
    /// A search reads them all.
    static let mostEditedNames = 2_000

    private var layers: [String: Entry] = [:]
    private struct NamesEntry {
        var names: EditedNames
        var layer: String
        var files: [String]
        /// Makes the index anew.
        var work: MapLibrary.Work
    }

    private var indexes: [String: NamesEntry] = [:]
    /// What was served last of each layer.
    private var formers: [String: (layer: PreparedLayer, digest: UInt64)] = [:]

    func layer(_ name: PreparedFileName) -> PreparedLayer? { layers[name.fileName]?.layer }

    func names(_ name: PreparedFileName) -> EditedNames? { indexes[name.fileName]?.names }

    func has(_ name: PreparedFileName) -> Bool { layers[name.fileName] != nil || indexes[name.fileName] != nil }

    mutating func add(_ layer: PreparedLayer, as name: PreparedFileName, base: PreparedFileName) {
        layers[name.fileName] = Entry(layer: layer, name: name, files: [base.fileName, name.ofAmendment.fileName])
    }

    /// - Parameter work: makes the index anew.
    mutating func add(_ names: EditedNames, as name: PreparedFileName, base: PreparedFileName, work: MapLibrary.Work) {
        indexes[name.fileName] = NamesEntry(names: names, layer: name.layer, files: [base.fileName], work: work)
    }

    /// Forgets versions that are not among these files.
    mutating func keep(only files: Set<String>) {
        layers = layers.filter { files.contains($0.key) }
        indexes = indexes.filter { files.contains($0.key) }
    }

    /// The files that are in use beside those of current versions, by layer.
    var filesByLayer: [(layer: String, files: [String])] {
        layers.values.map { ($0.name.layer, $0.files) } + indexes.values.map { ($0.layer, $0.files) }
    }

    /// What had better be one file, after so many edits.
    func compactions() -> [MapLibrary.Work] {
        let crowded = layers.values.filter { !$0.isNeverCompacted && $0.layer.amendedIDs.count >= Self.editsToCompact }
        return crowded.sorted { $0.name.fileName < $1.name.fileName }.map { .compaction($0.layer, $0.name) }
            + indexes.sorted { $0.key < $1.key }.map(\.value).filter { $0.names.edited.count >= Self.editsToCompact }.map(\.work)
    }

    mutating func giveUpCompacting(_ name: PreparedFileName) { layers[name.fileName]?.isNeverCompacted = true }

    /// The layer has a newer file, which its current version is amended from when it is looked at next.
    mutating func forget(layersOf name: PreparedFileName) {
        layers = layers.filter { $0.value.name.layer != name.layer }
    }

    mutating func forget(namesOf name: PreparedFileName) {
        indexes = indexes.filter { $0.value.layer != name.layer }
    }

    // MARK: Until the next version is there

    /// What was served last of the same layer.
    ///
    /// - Parameter isDigestMeant: whether it must have the same fields and CRSs.
    func former(_ name: PreparedFileName, isDigestMeant: Bool) -> PreparedLayer? {
        guard let (layer, digest) = formers[name.layer], digest == name.digest || !isDigestMeant else { return nil }
        return layer
    }

    mutating func keepFormer(_ layer: PreparedLayer, _ name: PreparedFileName) { formers[name.layer] = (layer, name.digest) }
}
