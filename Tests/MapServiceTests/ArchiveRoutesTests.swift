import Compression
import Foundation
import Glibc
import HTTPTypes
import Logging
import TestSupport
import Testing
import TileArchives
import TileCache
import Tiling

@testable import MapService

/// A folder of archives and a service over it.
struct ArchiveFolder {
    let path: String
    let shelf: ArchiveShelf
    let client: RouterAsker

    init(memoryBytes: Int = 16 << 20) throws {
        path = try ScratchDirectory.make()
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let memory = MemoryTier(capacity: memoryBytes)
        shelf = ArchiveShelf(folder: path, memory: memory, logger: logger)
        var settings = ServiceSettings()
        settings.publicURL = "https://map.example"
        client = RouterAsker(ArchiveApplication(shelf: shelf, memory: memory, settings: settings, sets: try Hamlet.sets(), logger: logger).router())
    }

    /// Writes an archive under a temporary name and gives it its own, as the program's writers do.
    func write(_ file: String, kind: ArchivedTileKind = .mvt, _ tiles: [TileAddress: [UInt8]]) throws {
        var metadata = ArchiveMetadata()
        metadata["name"] = "试验"
        if kind == .mvt { metadata.set("vector_layers", json: #"[{"id":"road","fields":{}}]"#) }
        var writer = try TileArchiveWriter(path: "\(path)/\(file)", kind: kind, packing: kind == .mvt ? .gzip : .none)
        for (address, bytes) in tiles.sorted(by: { HilbertOrder.number(of: $0.key)! < HilbertOrder.number(of: $1.key)! }) {
            try writer.append(TileRun(first: try #require(HilbertOrder.number(of: address)), count: 1, bytes: bytes))
        }
        try writer.finish(
            TileArchiveDescription(
                kind: kind, packing: .gzip, levels: 3...5, bounds: [113, 22, 114, 23], centre: [113.5, 22.5], centreLevel: 4,
                metadata: metadata))
    }

    static let address = TileAddress(level: 4, row: 6, column: 13)
    static let target = "/tiles/town/4/13/6.mvt"

    /// The content of a vector tile and its packed form.
    static func vectorTile(_ fill: UInt8) -> (plain: [UInt8], packed: [UInt8]) {
        let plain = [0x1A, 100] + [UInt8](repeating: fill, count: 100)
        return (plain, Compressor(level: 6).compress(plain, format: .gzip))
    }

    static func town(_ fill: UInt8) -> [TileAddress: [UInt8]] {
        [address: vectorTile(fill).packed, TileAddress(level: 3, row: 3, column: 6): vectorTile(fill).packed, TileAddress(level: 5, row: 0, column: 0): vectorTile(9).packed]
    }
}

@Suite struct ArchiveRoutesTests {
    @Test(arguments: ["town.pmtiles", "town.mbtiles"])
    func tilesAreSentAsTheClientTakesThem(file: String) async throws {
        let folder = try ArchiveFolder()
        try folder.write(file, ArchiveFolder.town(1))
        folder.shelf.refresh()
        let (plain, packed) = ArchiveFolder.vectorTile(1)
        for _ in 0..<2 {
            let answer = try await folder.client.ask(ArchiveFolder.target, headers: [.acceptEncoding: "gzip"])
            #expect(answer.status == 200)
            #expect(answer.body == packed)
            #expect(answer.headers[.contentEncoding] == "gzip")
            #expect(answer.type == "application/vnd.mapbox-vector-tile")
            #expect(answer.headers[.eTag] == EncodedTile.entityTag(of: packed))
            let bare = try await folder.client.ask(ArchiveFolder.target)
            #expect(bare.body == plain)
            #expect(bare.headers[.contentEncoding] == nil)
            let again = try await folder.client.ask(ArchiveFolder.target, headers: [.ifNoneMatch: answer.headers[.eTag] ?? ""])
            #expect(again.status == 304)
        }
    }

    @Test func whatIsNotThereIsSaidSo() async throws {
        let folder = try ArchiveFolder()
        try folder.write("town.pmtiles", ArchiveFolder.town(1))
        try folder.write("air.pmtiles", kind: .png, [ArchiveFolder.address: [0x89, 0x50, 0x4E, 0x47]])
        folder.shelf.refresh()
        for (target, status) in [
            ("/tiles/town/4/0/0.mvt", 204), ("/tiles/town/6/0/0.mvt", 404), ("/tiles/town/4/16/0.mvt", 404), ("/tiles/town/4/13/6.png", 404),
            ("/tiles/village/4/13/6.mvt", 404), ("/tiles/air/4/13/6.png", 200), ("/tiles/air/4/0/0.png", 404), ("/tiles/town.json", 200),
            ("/tiles/village.json", 404), ("/archives/village.pmtiles", 404), ("/archives/../town.pmtiles", 404), ("/archives", 200), ("/", 200),
            ("/health/ready", 200), ("/tiles/town/99999999/0/0.mvt", 404),
        ] { #expect(try await folder.client.ask(target).status == status, "\(target)") }
    }

    @Test func tileJSONIsTheArchivesOwn() async throws {
        let folder = try ArchiveFolder()
        try folder.write("town.mbtiles", ArchiveFolder.town(1))
        folder.shelf.refresh()
        let document = try await folder.client.ask("/tiles/town.json").json()
        #expect(document["tiles"] as? [String] == ["https://map.example/tiles/town/{z}/{x}/{y}.mvt"])
        #expect(document["minzoom"] as? Int == 3)
        #expect(document["maxzoom"] as? Int == 5)
        #expect(document["name"] as? String == "试验")
        #expect(document["bounds"] as? [Double] == [113, 22, 114, 23])
        #expect((document["vector_layers"] as? [[String: Any]])?.first?["id"] as? String == "road")
        let list = try await folder.client.ask("/archives").json()["archives"] as? [[String: Any]]
        #expect(list?.first?["file"] as? String == "https://map.example/archives/town.mbtiles")
    }

    @Test func aReplacedFileIsServedWholeAndTheOldOneToItsEnd() async throws {
        let folder = try ArchiveFolder()
        try folder.write("town.pmtiles", ArchiveFolder.town(1))
        folder.shelf.refresh()
        let old = try #require(folder.shelf.archive(named: "town"))
        let first = try await folder.client.ask(ArchiveFolder.target)
        try folder.write("town.pmtiles", ArchiveFolder.town(2))
        // What began with the old state ends with it.
        #expect(try old.tile(at: TileAddress(level: 3, row: 3, column: 6))?.body == ArchiveFolder.vectorTile(1).packed)
        folder.shelf.refresh()
        let second = try await folder.client.ask(ArchiveFolder.target)
        #expect(first.body == ArchiveFolder.vectorTile(1).plain)
        #expect(second.body == ArchiveFolder.vectorTile(2).plain)
        #expect(first.headers[.eTag] != second.headers[.eTag])
        try FileManager.default.removeItem(atPath: folder.path + "/town.pmtiles")
        folder.shelf.refresh()
        #expect(try await folder.client.ask(ArchiveFolder.target).status == 404)
    }

    @Test func aFileThatIsWrittenToWhileItIsServedGivesNothingWrong() async throws {
        let folder = try ArchiveFolder()
        try folder.write("town.pmtiles", ArchiveFolder.town(1))
        folder.shelf.refresh()
        let handle = try FileHandle(forWritingTo: URL(filePath: folder.path + "/town.pmtiles"))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data([0]))
        try handle.close()
        #expect(try await folder.client.ask(ArchiveFolder.target).status == 503)
        folder.shelf.refresh()
        #expect(try await folder.client.ask(ArchiveFolder.target).status == 200)
    }

    @Test func anArchiveThatIsNoneIsRefusedAndTheRestGoesOn() async throws {
        let folder = try ArchiveFolder()
        try folder.write("town.pmtiles", ArchiveFolder.town(1))
        let whole = try Data(contentsOf: URL(filePath: folder.path + "/town.pmtiles"))
        try whole.prefix(whole.count - 40).write(to: URL(filePath: folder.path + "/cut.pmtiles"))
        try Data("SQLite format 3\u{0}".utf8).write(to: URL(filePath: folder.path + "/not.mbtiles"))
        try Data().write(to: URL(filePath: folder.path + "/empty.pmtiles"))
        var huge = whole
        // The root directory's length.
        huge[22] = 0x7F
        try huge.write(to: URL(filePath: folder.path + "/huge.pmtiles"))
        folder.shelf.refresh()
        folder.shelf.refresh()
        #expect(folder.shelf.archives.map(\.name) == ["town"])
        #expect(folder.shelf.refusedFiles.count == 4)
        #expect(try await folder.client.ask(ArchiveFolder.target).status == 200)
        // The same name, now spoilt: what was opened before goes on.
        try whole.prefix(200).write(to: URL(filePath: folder.path + "/town.pmtiles.new"))
        let isRenamed = unsafe rename(folder.path + "/town.pmtiles.new", folder.path + "/town.pmtiles") == 0
        #expect(isRenamed)
        folder.shelf.refresh()
        #expect(try await folder.client.ask(ArchiveFolder.target).status == 200)
    }

    /// A directory that names itself is noticed when it is walked: an error of that tile, and no more.
    @Test func aLoopIsAnErrorOfTheTile() async throws {
        let folder = try ArchiveFolder()
        try folder.write("town.pmtiles", ArchiveFolder.town(1))
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: folder.path + "/town.pmtiles")))
        // One entry at number 0 without a run, at place 0 of the leaves, five bytes long: itself.
        let loop: [UInt8] = [1, 0, 0, 5, 1]
        bytes[97] = 1
        for (place, word) in [(8, 127), (16, 5), (24, 0), (32, 0), (40, 127), (48, 5)] {
            for i in 0..<8 { bytes[place + i] = i == 0 ? UInt8(word) : 0 }
        }
        bytes.replaceSubrange(127..<132, with: loop)
        try Data(bytes).write(to: URL(filePath: folder.path + "/loop.pmtiles"))
        folder.shelf.refresh()
        #expect(try await folder.client.ask("/tiles/loop/4/13/6.mvt").status == 500)
        #expect(try await folder.client.ask(ArchiveFolder.target).status == 200)
    }
}
