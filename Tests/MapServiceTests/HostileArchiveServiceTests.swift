import Foundation
import SQLite
import Testing
import Tiling

@testable import MapService

/// Archives whose views never end, among others that are well.
@Suite struct HostileArchiveServiceTests {
    private static func write(_ folder: ArchiveFolder, _ name: String, _ tiles: String) throws {
        let connection = try Connection(path: "\(folder.path)/\(name)", access: .readWriteOrCreate)
        try connection.execute("CREATE TABLE metadata (name TEXT, value TEXT); INSERT INTO metadata VALUES ('format', 'pbf')")
        try connection.execute("CREATE TABLE n (i INTEGER); INSERT INTO n VALUES (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)")
        for _ in 0..<4 { try connection.execute("INSERT INTO n SELECT i FROM n") }
        try connection.execute("CREATE VIEW tiles AS \(tiles)")
    }

    @Test func oneThatIsNeverReadToItsEndIsRefusedAndTheOthersAreServed() async throws {
        let folder = try ArchiveFolder()
        try folder.write("town.mbtiles", ArchiveFolder.town(1))
        try Self.write(
            folder, "counts.mbtiles",
            "WITH RECURSIVE k(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM k) SELECT i % 5 AS zoom_level, 0 AS tile_column, 0 AS tile_row, x'01' AS tile_data FROM k")
        try Self.write(
            folder, "joins.mbtiles", "SELECT 4 AS zoom_level, a.i AS tile_column, b.i AS tile_row, x'01' AS tile_data FROM n a, n b, n c, n d, n e, n f")
        folder.shelf.refresh()
        #expect(folder.shelf.archives.map(\.name) == ["town"])
        #expect(folder.shelf.refusedFiles == [folder.path + "/counts.mbtiles", folder.path + "/joins.mbtiles"])
        #expect(try await folder.client.ask(ArchiveFolder.target).status == 200)
        #expect(try await folder.client.ask("/tiles/counts/4/0/0.mvt").status == 404)
    }

    /// Its tiles are well but for one; whoever asks for that one gets an error, and everybody else their tiles.
    @Test func aTileWithoutAnEndIsAnErrorAndHoldsNobodyUp() async throws {
        let folder = try ArchiveFolder()
        try Self.write(
            folder, "town.mbtiles",
            """
            SELECT 4 AS zoom_level, i AS tile_column, 9 AS tile_row,
            CASE WHEN i = 7 THEN (SELECT min(a.i + b.i + c.i + d.i + e.i + f.i) FROM n a, n b, n c, n d, n e, n f) ELSE x'1A00' END AS tile_data
            FROM (SELECT DISTINCT i FROM n)
            """)
        folder.shelf.refresh()
        for _ in 0..<3 {
            #expect(try await folder.client.ask("/tiles/town/4/7/6.mvt").status == 500)
            let well = try await folder.client.ask("/tiles/town/4/3/6.mvt")
            #expect(well.status == 200)
            #expect(well.body == [0x1A, 0])
        }
    }
}
