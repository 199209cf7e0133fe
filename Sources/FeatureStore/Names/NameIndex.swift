internal import SQLite

/// The names and addresses of one layer version, to be searched: a full-text index of pairs of characters.
///
/// The file is derived and never the truth: whoever finds it missing or damaged makes it again from the registry.
public actor NameIndex {
    private let connection: Connection

    /// Grows when files of an earlier program no longer answer as they should.
    public static let formatVersion = 1
    private static let applicationID = 0x574D_4E49  // "WMNI"

    static let definition = """
        PRAGMA application_id = \(applicationID); PRAGMA user_version = \(formatVersion);
        CREATE VIRTUAL TABLE names USING fts5(terms, content = '', tokenize = 'ascii')
        """
    static let insertion = "INSERT INTO names(rowid, terms) VALUES (?, ?)"

    /// Opens the file and reads its header.
    ///
    /// - Throws: `PreparedLayerError` when it is missing, damaged or of another kind.
    public init(path: String) throws(PreparedLayerError) {
        do {
            let connection = try Connection(path: path, access: .immutable)
            try connection.execute("PRAGMA mmap_size = 1073741824")
            guard try connection.integer("PRAGMA application_id") == Int64(Self.applicationID),
                try connection.integer("PRAGMA user_version") == Int64(Self.formatVersion)
            else { throw PreparedLayerError(.formatNotKnown, "\(path) is not a name index of this program's format") }
            self.connection = connection
        } catch let error as PreparedLayerError {
            throw error
        } catch {
            throw PreparedLayerError(.fileNotAccessible, "\(path) cannot be opened as a name index", cause: "\(error)")
        }
    }

    /// The smallest ids of features that answer the query at least as well as `match`, ascending.
    ///
    /// - Throws: `PreparedLayerError` when the file is damaged.
    public func find(_ query: NameQuery, _ match: NameMatch, limit: Int) throws(PreparedLayerError) -> [Int64] {
        do {
            return try connection.withStatement("SELECT rowid FROM names WHERE names MATCH ? ORDER BY rowid LIMIT ?") { search in
                try search.bind(query.expression(match), at: 1)
                try search.bind(Int64(limit), at: 2)
                var ids: [Int64] = []
                while try search.step() { ids.append(search.integer(at: 0)) }
                return ids
            }
        } catch {
            throw PreparedLayerError(.fileCorrupt, "\(connection.path) cannot be searched; it is made again when removed", cause: "\(error)")
        }
    }
}
