import SQLite
import Tiling

extension StoreDatabase {
    private static let query = """
        SELECT t.id, t.seal, t.style_version, t.data_version, t.format, t.is_gzip, t.is_empty, t.made_of, t.left_out, b.tag, b.bytes
        FROM series s JOIN tiles t ON t.series = s.id AND t.level = ?5 AND t."row" = ?6 AND t."column" = ?7
        LEFT JOIN blobs b ON b.id = t.blob
        WHERE s.map = ?1 AND s.matrix_set = ?2 AND s.format = ?3 AND s.policy_class = ?4
        """

    /// The row of a tile, whatever its version.
    func row(_ key: TileKey) throws -> StoredTile? {
        try connection.withStatement(Self.query) { statement in
            try statement.bind(key.map, at: 1)
            try statement.bind(key.matrixSet, at: 2)
            try statement.bind(key.format.storedName, at: 3)
            try statement.bind(key.policyClass, at: 4)
            try statement.bind(Int64(key.address.level), at: 5)
            try statement.bind(Int64(key.address.row), at: 6)
            try statement.bind(Int64(key.address.column), at: 7)
            guard try statement.step() else { return nil }
            return StoredTile(
                id: statement.integer(at: 0), seal: statement.integer(at: 1), styleVersion: UInt64(bitPattern: statement.integer(at: 2)),
                dataVersion: UInt64(bitPattern: statement.integer(at: 3)),
                format: statement.text(at: 4), isGzip: statement.integer(at: 5) != 0, isEmpty: statement.integer(at: 6) != 0,
                madeOf: UInt64(bitPattern: statement.integer(at: 7)), leftOut: statement.text(at: 8),
                tag: statement.isNull(at: 9) ? nil : statement.text(at: 9), body: unsafe statement.withBlob(at: 10) { unsafe Array($0) })
        }
    }
}
