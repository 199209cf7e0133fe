import Glibc
internal import SQLite
public import SimpleFeatures

/// Makes the name index of one layer version: a file of its own, written under a temporary name until it is whole.
///
/// What no answer may show does not get this far: withheld features and sensitive fields stay in the registry.
public actor NameIndexWriter {
    private let path: String
    private let temporaryPath: String
    private let connection: Connection
    /// Positions in the schema of the fields that are searched.
    private let columns: [Int]
    private let withheld: WithheldFeatures
    private var lastID = Int64.min
    private var isAscending = true
    /// Lines of one name are one place, the one with the smallest id: a road is stored in many pieces.
    private var lines: [[String]: Int64] = [:]
    private var isFinished = false

    /// Terms held in memory before they are written: few, large runs are merged quickly at the end.
    private static let bytesInMemory = 32 << 20

    /// - Parameter path: of the file to write.
    /// - Throws: `PreparedLayerError` when it cannot be made.
    public init(layer: CatalogueLayer, schema: FeatureSchema, path: String) throws(PreparedLayerError) {
        self.path = path
        let temporaryPath = "\(path).\(getpid()).part"
        self.temporaryPath = temporaryPath
        columns = layer.searchedFields(of: schema)
        withheld = WithheldFeatures(layer: layer, schema: schema)
        do {
            unsafe unlink(temporaryPath)
            let connection = try Connection(path: temporaryPath, access: .readWriteOrCreate)
            // Nobody reads the file before it is whole, so nothing has to be undone; the commit makes it durable.
            try connection.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = NORMAL; PRAGMA locking_mode = EXCLUSIVE")
            try connection.execute(NameIndex.definition)
            try connection.execute("BEGIN; INSERT INTO names(names, rank) VALUES ('hashsize', \(Self.bytesInMemory))")
            self.connection = connection
        } catch {
            throw Self.wording(error, temporaryPath)
        }
    }

    deinit {
        if !isFinished { unsafe unlink(temporaryPath) }
    }

    /// Takes in features in ascending order of id.
    public func append(_ features: [Feature]) throws(PreparedLayerError) {
        guard isAscending else { return }
        do {
            try connection.withStatement(NameIndex.insertion) { insertion in
                for feature in features where isAscending { try take(feature, insertion) }
            }
        } catch {
            throw Self.wording(error, temporaryPath)
        }
    }

    /// Writes the file.
    ///
    /// - Returns: `false`, and no file, when the ids did not ascend: SQLite would write a run for each of them, so the
    ///   index is better made from the registry, which gives them in order.
    public func finish() throws(PreparedLayerError) -> Bool {
        guard isAscending else {
            // An import that was killed before its commit may have left a file for the version that is now made again.
            unsafe unlink(path)
            return false
        }
        do {
            try connection.withStatement(NameIndex.insertion) { insertion in
                for (names, id) in lines.sorted(by: { $0.value < $1.value }) { try insert(id, names, insertion) }
            }
            try connection.execute("INSERT INTO names(names) VALUES ('optimize'); COMMIT")
        } catch {
            throw Self.wording(error, temporaryPath)
        }
        guard unsafe rename(temporaryPath, path) == 0 else {
            throw PreparedLayerError(
                .fileNotAccessible, "cannot rename \(temporaryPath) to \(path)", cause: unsafe String(cString: strerror(errno)))
        }
        isFinished = true
        return true
    }

    private func take(_ feature: Feature, _ insertion: borrowing Statement) throws {
        guard let geometry = feature.geometry, !withheld.contains(feature) else { return }
        let names: [String] = columns.compactMap { column in
            if case .text(let name) = feature.values[column], !name.isEmpty { name } else { nil }
        }
        guard !names.isEmpty else { return }
        if geometry.dimension == .line {
            lines[names] = min(lines[names] ?? .max, feature.id)
            return
        }
        guard feature.id > lastID else {
            isAscending = false
            return
        }
        lastID = feature.id
        try insert(feature.id, names, insertion)
    }

    private func insert(_ id: Int64, _ names: [String], _ insertion: borrowing Statement) throws {
        var terms = String.UnicodeScalarView()
        for name in names { NameTerms.append(NameText.joined(name), to: &terms) }
        guard !terms.isEmpty else { return }
        try insertion.bind(id, at: 1)
        try insertion.bind(String(terms), at: 2)
        _ = try insertion.step()
        insertion.reset()
    }

    private static func wording(_ error: any Error, _ path: String) -> PreparedLayerError {
        let isFull = (error as? SQLiteError)?.code == .full
        return PreparedLayerError(
            isFull ? .storageFull : .fileNotAccessible,
            "cannot write \(path); see that its directory exists, may be written and has room", cause: "\(error)")
    }
}
