import Raster
import Reprojection
import Tiling

/// The tiles under one address, encoded, with the picture of the address itself.
struct EncodedQuad: Sendable {
    /// Children before their parents.
    var tiles: [(address: TileAddress, tile: StoredTile)] = []
    /// `nil` where no sheet shows anything.
    var top: Pixmap?
}

/// Draws parts of pyramids with images and coordinate operations of its own.
actor PyramidWorker {
    private let warper: TileWarper

    private static let cacheInBytes = 192 << 20

    init(_ sources: [SheetSource], policy: DatumPolicy) {
        warper = TileWarper(shelf: SheetShelf(sources, policy: policy, cacheInBytes: Self.cacheInBytes))
    }

    /// Everything from an address down to the native level.
    func quad(_ address: TileAddress, of plan: PyramidPlan) throws -> EncodedQuad {
        var quad = EncodedQuad()
        quad.top = try draw(address, plan, into: &quad)
        return quad
    }

    private func draw(_ address: TileAddress, _ plan: PyramidPlan, into quad: inout EncodedQuad) throws -> Pixmap? {
        try Task.checkCancellation()
        let picture: Pixmap?
        if address.level == plan.nativeLevel {
            guard let square = plan.square(of: address) else { return nil }
            picture = try warper.draw(square, crs: plan.target.crs, sheets: plan.sheets(under: address))
        } else {
            var parent: Pixmap?
            for child in plan.children(of: address) {
                guard let part = try draw(child, plan, into: &quad) else { continue }
                parent = parent ?? Pixmap(width: part.width, height: part.height)
                parent?.takeQuarter(part, row: child.row & 1, column: child.column & 1)
            }
            picture = parent
        }
        if let picture { quad.tiles.append((address, StoredTile(picture))) }
        return picture
    }
}

extension Pixmap {
    /// Draws a picture of the same size at half its size into one quarter: each pixel the mean of two by two.
    mutating func takeQuarter(_ part: Pixmap, row: Int, column: Int) {
        let (halfWidth, halfHeight) = (width / 2, height / 2)
        for y in 0..<halfHeight {
            var source = 2 * y * part.width
            var target = (row * halfHeight + y) * width + column * halfWidth
            for _ in 0..<halfWidth {
                var mean = WordMean()
                mean.add(part.pixels[source])
                mean.add(part.pixels[source + 1])
                mean.add(part.pixels[source + part.width])
                mean.add(part.pixels[source + part.width + 1])
                pixels[target] = mean.word(of: 4)
                source += 2
                target += 1
            }
        }
    }
}
