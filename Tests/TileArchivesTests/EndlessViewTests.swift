import Foundation
import SQLite
import TestSupport
import Testing
import Tiling

@testable import TileArchives

/// MBTiles whose views cost more than their files are worth.
@Suite struct EndlessViewTests {
    /// One tile in a table `m`, rows to join with in `n`, and whatever `views` makes of them.
    static func file(_ views: String...) throws -> String {
        let path = try ScratchDirectory.make() + "/hostile.mbtiles"
        let connection = try Connection(path: path, access: .readWriteOrCreate)
        try connection.execute("CREATE TABLE metadata (name TEXT, value TEXT); INSERT INTO metadata VALUES ('format', 'pbf')")
        try connection.execute("CREATE TABLE m (z INTEGER, x INTEGER, y INTEGER, d BLOB); INSERT INTO m VALUES (3, 4, 3, x'1A00')")
        try connection.execute("CREATE TABLE n (i INTEGER); INSERT INTO n VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)")
        for _ in 0..<4 { try connection.execute("INSERT INTO n SELECT i FROM n") }
        for view in views { try connection.execute("CREATE VIEW \(view)") }
        return path
    }

    static let columns = "z AS zoom_level, x AS tile_column, y AS tile_row"
    static let tile = TileAddress(level: 3, row: 4, column: 4)

    /// A view that counts for ever, one that names others, one that joins a table with itself until nobody waits for it.
    @Test(arguments: [
        ["tiles AS WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k) SELECT i % 5 AS zoom_level, 0 AS tile_column, 0 AS tile_row, x'01' AS tile_data FROM k"],
        ["\"a b\" AS WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k) SELECT i FROM k", "tiles AS SELECT i % 5 AS zoom_level, 0 AS tile_column, 0 AS tile_row, x'01' AS tile_data FROM \"a b\""],
        ["tiles AS SELECT \(columns), d AS tile_data FROM m, n a, n b, n c, n d, n e, n f"],
    ])
    func anArchiveThatIsNeverReadToItsEndIsNotOpened(views: [String]) throws {
        let path = try Self.file()
        let connection = try Connection(path: path, access: .readWrite)
        for view in views { try connection.execute("CREATE VIEW \(view)") }
        let error = #expect(throws: TileArchiveError.self) { try TileArchive(path: path) }
        #expect(error?.code == .corrupt || error?.code == .unknownKind)
    }

    /// Twenty views that each name the one before twice would keep SQLite busy before it gave a row.
    @Test func viewsOverViewsAreNotRead() throws {
        let path = try Self.file("v0 AS SELECT \(Self.columns), d AS tile_data FROM m")
        let connection = try Connection(path: path, access: .readWrite)
        for i in 1..<20 { try connection.execute("CREATE VIEW v\(i) AS SELECT * FROM v\(i - 1) UNION ALL SELECT * FROM v\(i - 1)") }
        try connection.execute("CREATE VIEW tiles AS SELECT * FROM V19")
        let error = #expect(throws: TileArchiveError.self) { try TileArchive(path: path) }
        #expect(error?.code == .unknownKind)
    }

    /// Opening looks at the levels; that a tile has no end is seen when it is asked for.
    @Test func aTileThatNeverEndsIsAnErrorEachTime() throws {
        let endless = "(SELECT min(a.i + b.i + c.i + d.i + e.i + f.i) FROM n a, n b, n c, n d, n e, n f)"
        let path = try Self.file("tiles AS SELECT \(Self.columns), CASE WHEN z = 3 AND x = 4 THEN \(endless) ELSE d END AS tile_data FROM (SELECT * FROM m UNION ALL SELECT 2, 0, 0, d FROM m)")
        try Connection(path: path, access: .readWrite).execute("UPDATE m SET x = 5")
        let archive = try TileArchive(path: path)
        #expect(archive.description.levels == 2...3)
        #expect(try archive.tile(at: TileAddress(level: 2, row: 3, column: 0)) == [0x1A, 0])
        try Connection(path: path, access: .readWrite).execute("UPDATE m SET x = 4")
        for _ in 0..<2 {
            let error = #expect(throws: TileArchiveError.self) { try archive.tile(at: Self.tile) }
            #expect(error?.code == .corrupt)
        }
        // What one tile has used up is not missing to the next.
        #expect(try archive.tile(at: TileAddress(level: 2, row: 3, column: 0)) == [0x1A, 0])
    }

    @Test func aValueLargerThanTheFileIsAnError() throws {
        let path = try Self.file("tiles AS SELECT \(Self.columns), CASE WHEN z = 3 THEN zeroblob(900000000 + z) ELSE d END AS tile_data FROM (SELECT 2 AS z, 0 AS x, 0 AS y, d FROM m UNION ALL SELECT * FROM m)")
        let archive = try TileArchive(path: path)
        let error = #expect(throws: TileArchiveError.self) { try archive.tile(at: Self.tile) }
        #expect(error?.code == .corrupt)
    }

    /// As the writers of MBTiles make it: contents once, and a view that joins them.
    @Test func aViewOverTablesIsRead() throws {
        let path = try Self.file("tiles AS SELECT \(Self.columns), d AS tile_data FROM m JOIN (SELECT DISTINCT i FROM n) ON i = z")
        #expect(try TileArchive(path: path).tile(at: Self.tile) == [0x1A, 0])
        #expect(try TileArchive(path: path).inspect().census.tiles == 1)
    }
}
