import Foundation
import GeoTIFF
import Raster
import Reprojection
import SimpleFeatures
import TestSupport
import Testing
import Tiling

@testable import Imagery

@Suite struct PyramidTests {
    private static let red: UInt32 = 0xFF20_28C8
    private static let green: UInt32 = 0xFF28_B030

    private static func isNear(_ word: UInt32, _ other: UInt32, by tolerance: Int = 6) -> Bool {
        [0, 8, 16, 24].allSatisfy { shift in abs(Int(word >> UInt32(shift) & 255) - Int(other >> UInt32(shift) & 255)) <= tolerance }
    }

    /// Every level from the native one up has the picture, and what lies outside is transparent.
    @Test func allLevelsAreThere() async throws {
        let sheet = try Mosaic.sheet(epsg: 4547, pixelSize: 2, side: 700) { _, _ in Self.red }
        let archive = try await Mosaic.archive([sheet], ["w", "c"])
        #expect(archive.metadata.sets.map(\.id) == ["w", "c"] && archive.metadata.sheets == 1)
        #expect(archive.metadata.envelope.contains(Mosaic.place))
        for (number, id) in ["w", "c"].enumerated() {
            let target = try Mosaic.target(id)
            let centre = try Mosaic.place(in: target.crs)
            let range = archive.metadata.sets[number].firstLevel...archive.metadata.sets[number].lastLevel
            #expect(range.lowerBound == target.set.matrices[0].level && range.upperBound == 16)
            for level in range {
                let matrix = try #require(target.set.matrix(level: level))
                let address = try #require(matrix.address(containing: centre))
                let tile = try #require(try archive.tile(set: number, address), "\(id) \(level)")
                let picture = try tile.pixmap()
                #expect(tile.format == (picture.isOpaque ? .jpeg : .webp))
                guard level >= 12 else { continue }
                let box = matrix.envelope(of: address)
                let x = Int((centre.x - box.minX) / matrix.cellSize), y = Int((box.maxY - centre.y) / matrix.cellSize)
                #expect(Self.isNear(picture[min(x, 255), min(y, 255)], Self.red), "\(id) \(level): \(String(picture[x, y], radix: 16))")
            }
            #expect(try archive.tile(set: number, TileAddress(level: 16, row: 0, column: 0)) == nil)
        }
    }

    @Test func aParentIsTheMeanOfItsChildren() throws {
        var parent = Pixmap(width: 4, height: 4)
        parent.takeQuarter(Pixmap(width: 4, height: 4, pixels: [UInt32](repeating: 0xFF10_1010, count: 16)), row: 1, column: 0)
        var mixed = Pixmap(width: 4, height: 4)
        mixed[0, 0] = 0xFFFF_FF00
        mixed[1, 1] = 0xFF00_0000
        parent.takeQuarter(mixed, row: 0, column: 1)
        #expect(parent[0, 2] == 0xFF10_1010 && parent[1, 3] == 0xFF10_1010 && parent[0, 0] == 0)
        #expect(parent[2, 0] == 0x8040_4000 && parent[3, 0] == 0)
    }

    /// Sheets that abut leave no gap, and the later one lies over the earlier.
    @Test func sheetsJoinWithoutASeam() async throws {
        let left = try Mosaic.sheet(epsg: 4547, pixelSize: 1, side: 512, shiftInPixels: -256) { _, _ in Self.red }
        let right = try Mosaic.sheet(epsg: 4547, pixelSize: 1, side: 512, shiftInPixels: 256) { _, _ in Self.red }
        let over = try Mosaic.sheet(epsg: 4547, pixelSize: 1, side: 64) { _, _ in Self.green }
        let archive = try await Mosaic.archive([left, right, over], ["w"])
        let matrix = try #require(try Mosaic.set("w").matrix(level: archive.metadata.sets[0].lastLevel))
        let centre = try Mosaic.place(in: .webMercator)
        func word(_ east: Double, _ north: Double) throws -> UInt32 {
            let place = Coordinate(x: centre.x + east, y: centre.y + north)
            let address = try #require(matrix.address(containing: place))
            let box = matrix.envelope(of: address)
            let picture = try #require(try archive.tile(set: 0, address)).pixmap()
            return picture[Int((place.x - box.minX) / matrix.cellSize), Int((box.maxY - place.y) / matrix.cellSize)]
        }
        for step in -40...40 {
            #expect(Self.isNear(try word(Double(step) * 0.2, 150), Self.red), "across the seam at \(step)")
        }
        #expect(Self.isNear(try word(0, 0), Self.green, by: 12))
    }

    @Test func theSameImagesGiveTheSameBytesOnAnyNumberOfWorkers() async throws {
        var format = GeoTIFFWriter.Format()
        format.tileSide = nil
        let sheets = [
            try Mosaic.sheet(epsg: 4490, pixelSize: 9e-6, Mosaic.wavePixel),
            try Mosaic.sheet(epsg: 4547, pixelSize: 1, side: 300, shiftInPixels: 200, turned: true, format: format, Mosaic.wavePixel),
        ]
        var files: [Data] = []
        for workers in [1, 2, 5] {
            let archive = try await Mosaic.archive(sheets, ["w", "c", "CGCS2000GK114"], workers: workers)
            files.append(try Data(contentsOf: URL(filePath: archive.path)))
        }
        #expect(files[0] == files[1] && files[1] == files[2])
    }

    @Test func anImageOfAnotherContentHasAnotherHash() async throws {
        let one = try await Mosaic.archive([try Mosaic.sheet(epsg: 3857, pixelSize: 5, side: 64) { _, _ in Self.red }], ["w"])
        let other = try await Mosaic.archive([try Mosaic.sheet(epsg: 3857, pixelSize: 5, side: 64) { _, _ in Self.green }], ["w"])
        #expect(one.contentHash != other.contentHash)
    }

    /// An image that breaks in the middle leaves nothing behind.
    @Test func aDamagedImageLeavesNoFile() async throws {
        let sheet = try Mosaic.sheet(epsg: 4547, pixelSize: 0.5, Mosaic.wavePixel)
        let builder = try Mosaic.builder([sheet], ["w"])
        var bytes = try Data(contentsOf: URL(filePath: sheet.path))
        for i in (bytes.count / 3)..<(bytes.count / 2) { bytes[i] = 0xFF }
        try bytes.write(to: URL(filePath: sheet.path))
        let directory = try ScratchDirectory.make()
        await #expect(throws: GeoTIFFError.self) { try await builder.build(path: directory + "/a.imagery", workers: 2) }
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory) == [])
    }

    @Test func damagedArchivesAreRefused() async throws {
        let archive = try await Mosaic.archive([try Mosaic.sheet(epsg: 3857, pixelSize: 5, side: 64) { _, _ in Self.red }], ["w"])
        let whole = try Data(contentsOf: URL(filePath: archive.path))
        let directory = try ScratchDirectory.make()
        var generator = SeededGenerator(seed: 4490)
        var refused = 0
        for round in 0..<60 {
            let path = "\(directory)/\(round)"
            var bytes = whole
            if round < 30 { bytes = whole.prefix(Int(generator.next() % UInt64(whole.count))) } else { bytes[Int(generator.next() % 64)] ^= 0xFF }
            try bytes.write(to: URL(filePath: path))
            do throws(ImageryError) {
                let opened = try ImageryArchive(path: path)
                _ = try opened.tile(set: 0, TileAddress(level: 15, row: 14_000, column: 26_000))
            } catch {
                #expect([.archiveDamaged, .archiveNotAccessible].contains(error.code))
                refused += 1
            }
        }
        #expect(refused >= 40)
    }
}
