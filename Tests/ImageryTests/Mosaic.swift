import Foundation
import GeoTIFF
import Reprojection
import SimpleFeatures
import TestSupport
import Tiling

@testable import Imagery

/// Images that the tests write, and the matrix sets they are cut into.
enum Mosaic {
    static let policy = DatumPolicy()
    /// In Dongguan: CGCS2000 longitude and latitude.
    static let place = Coordinate(x: 113.75, y: 23.02)

    static func set(_ id: String) throws -> TileMatrixSet {
        let sets = try TileMatrixSetRegistry(directory: Repository.path + "/Tiles/matrix-sets")
        guard let set = sets[id] else { throw Missing(id: id) }
        return set
    }

    /// `place` in a CRS.
    static func place(in crs: CRS) throws -> Coordinate {
        guard let carried = try CoordinateOperation(from: .cgcs2000, to: crs, policy: policy).transform(place) else { throw Missing(id: crs.id) }
        return carried
    }

    struct Missing: Error { var id: String }

    static func target(_ id: String) throws -> ImageryTarget {
        let set = try set(id)
        return ImageryTarget(set: set, crs: try CRS(set.crs == "OGC:CRS84" ? "EPSG:4490" : set.crs))
    }

    /// Writes an image whose middle is at `place`.
    ///
    /// - Parameter pixelSize: CRS units.
    static func sheet(
        epsg: Int, pixelSize: Double, side: Int = 640, shiftInPixels: Double = 0, turned: Bool = false,
        format: GeoTIFFWriter.Format = GeoTIFFWriter.Format(), _ pixel: (Int, Int) -> UInt32
    ) throws -> SheetSource {
        let crs = try CRS("EPSG:\(epsg)")
        let middle = try place(in: crs)
        let half = Double(side) / 2
        // A tenth of a turn or none.
        let (cosine, sine) = turned ? (0.8090169943749475, 0.5877852522924731) : (1, 0)
        let column = Coordinate(x: pixelSize * cosine, y: pixelSize * sine)
        let row = Coordinate(x: pixelSize * sine, y: -pixelSize * cosine)
        let origin = Coordinate(
            x: middle.x + (shiftInPixels - half) * column.x - half * row.x, y: middle.y + (shiftInPixels - half) * column.y - half * row.y)
        guard let reference = GeoReference(origin: origin, column: column, row: row) else { throw Missing(id: "reference") }
        let path = try ScratchDirectory.make() + "/sheet.tif"
        let writer = try GeoTIFFWriter(
            path: path, width: side, height: side, reference: reference, epsg: epsg, isGeographic: crs.isGeographic, format: format)
        try writer.write(pixel)
        try writer.finish()
        return SheetSource(path: path, crs: crs)
    }

    /// A wave of 64 pixels that rises and falls by 8 a pixel, across in red and down in green.
    static func wave(_ position: Double) -> Double {
        let phase = position - (position / 64).rounded(.down) * 64
        return phase < 32 ? phase * 7.5 : (64 - phase) * 7.5
    }

    static func wavePixel(_ x: Int, _ y: Int) -> UInt32 {
        0xFF40_0000 | UInt32(wave(Double(x) + 0.5).rounded()) | UInt32(wave(Double(y) + 0.5).rounded()) << 8
    }

    static func builder(_ sheets: [SheetSource], _ sets: [String]) throws -> PyramidBuilder {
        try PyramidBuilder(sources: sheets, targets: try sets.map(target), geographic: .cgcs2000, policy: policy)
    }

    static func archive(_ sheets: [SheetSource], _ sets: [String], workers: Int = 2) async throws -> ImageryArchive {
        let path = try ScratchDirectory.make() + "/base.image.1.imagery"
        try await builder(sheets, sets).build(path: path, workers: workers)
        return try ImageryArchive(path: path)
    }
}
