import GeoTIFF
import Reprojection

/// The images of a mosaic as one worker reads them: opened when needed, a bounded number of them at a time.
final class SheetShelf {
    private let sources: [SheetSource]
    private let policy: DatumPolicy
    private var open: [Int: (image: GeoTIFFImage, lastUse: Int)] = [:]
    private var clock = 0
    private var blocks: BlockCache
    private var operations: [OperationKey: CarriedOperation] = [:]

    private static let mostOpen = 24

    private struct OperationKey: Hashable {
        var source: String
        var target: String
    }

    init(_ sources: [SheetSource], policy: DatumPolicy, cacheInBytes: Int) {
        self.sources = sources
        self.policy = policy
        blocks = BlockCache(capacityInBytes: cacheInBytes)
    }

    func image(_ number: Int) throws -> GeoTIFFImage {
        clock += 1
        if let known = open[number] {
            open[number]?.lastUse = clock
            return known.image
        }
        if open.count >= Self.mostOpen, let oldest = open.min(by: { $0.value.lastUse < $1.value.lastUse })?.key { open[oldest] = nil }
        let image = try GeoTIFFImage(path: sources[number].path)
        open[number] = (image, clock)
        return image
    }

    /// From positions of a served CRS to those of a sheet.
    func operation(from crs: CRS, toSheet number: Int) throws -> CarriedOperation {
        let key = OperationKey(source: crs.id, target: sources[number].crs.id)
        if let known = operations[key] { return known }
        let made = CarriedOperation(try CoordinateOperation(from: crs, to: sources[number].crs, policy: policy))
        operations[key] = made
        return made
    }

    /// A part of one level of an image, which lies inside it.
    func window(sheet: Int, level: Int, _ area: PixelArea) throws -> PixelWindowCopy {
        let pixels = try image(sheet).levels[level]
        var copy = PixelWindowCopy(area)
        for row in (area.top / pixels.blockHeight)...((area.bottom - 1) / pixels.blockHeight) {
            for column in (area.left / pixels.blockWidth)...((area.right - 1) / pixels.blockWidth) {
                let key = BlockCache.Key(sheet: sheet, level: level, column: column, row: row)
                let words = try blocks.words(key) { () throws(GeoTIFFError) in try pixels.block(column: column, row: row) }
                guard let words else { continue }
                copy.take(words, left: column * pixels.blockWidth, top: row * pixels.blockHeight, width: pixels.blockWidth)
            }
        }
        return copy
    }
}

/// A coordinate operation that is kept, which a value that cannot be copied is not by itself.
final class CarriedOperation {
    let operation: CoordinateOperation

    init(_ operation: consuming CoordinateOperation) { self.operation = operation }
}

/// Pixels of an image level; right and bottom are not inside.
struct PixelArea: Hashable {
    var left: Int
    var top: Int
    var right: Int
    var bottom: Int

    var width: Int { right - left }
    var height: Int { bottom - top }
}

/// Pixels copied out of the blocks of an image.
struct PixelWindowCopy {
    let area: PixelArea
    private(set) var words: [UInt32]

    init(_ area: PixelArea) {
        self.area = area
        words = [UInt32](repeating: 0, count: area.width * area.height)
    }

    /// Copies what a block shares with the window.
    mutating func take(_ block: [UInt32], left: Int, top: Int, width: Int) {
        let bottom = top + block.count / width
        let (from, to) = (max(left, area.left), min(left + width, area.right))
        guard from < to else { return }
        for y in max(top, area.top)..<min(bottom, area.bottom) {
            let source = (y - top) * width + from - left
            let target = (y - area.top) * area.width + from - area.left
            words.replaceSubrange(target..<(target + to - from), with: block[source..<(source + to - from)])
        }
    }
}
