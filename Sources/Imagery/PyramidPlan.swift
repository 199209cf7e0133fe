import GeoTIFF
import Reprojection
import SimpleFeatures
import Tiling
import Wording

/// Which tiles of one matrix set a mosaic fills.
struct PyramidPlan: Sendable {
    let target: ImageryTarget
    /// The finest level, whose tiles are drawn from the sheets; those above are averaged from it.
    let nativeLevel: Int
    /// By level, from the set's first to the native one.
    let limits: [Int: TileMatrixLimits]
    /// What each sheet covers, in the set's CRS.
    let envelopes: [Envelope]

    /// Image pixels a tile pixel may have before the next finer level is called for.
    private static let coarsest = 1.25

    /// - Returns: `nil` for a set whose levels do not halve one another, or that the mosaic lies outside of.
    init?(_ target: ImageryTarget, footprints: [SheetFootprint]) {
        let matrices = target.set.matrices
        let halve = zip(matrices, matrices.dropFirst()).allSatisfy { coarse, fine in
            abs(coarse.cellSize / fine.cellSize - 2) < 1e-9 && coarse.pointOfOrigin == fine.pointOfOrigin
                && coarse.tileSize == fine.tileSize && fine.variableMatrixWidths.isEmpty
        }
        guard halve, let first = matrices.first, let last = matrices.last else { return nil }
        let finest = footprints.map(\.pixelSize).min() ?? .infinity
        let native = matrices.first { $0.cellSize / finest <= Self.coarsest } ?? last
        var box = Envelope.empty
        for footprint in footprints { box.formUnion(footprint.envelope) }
        guard var block = native.addresses(intersecting: box) else { return nil }
        var limits = [native.level: block]
        for level in stride(from: native.level - 1, through: first.level, by: -1) {
            block = TileMatrixLimits(
                level: level, rows: (block.rows.lowerBound >> 1)...(block.rows.upperBound >> 1),
                columns: (block.columns.lowerBound >> 1)...(block.columns.upperBound >> 1))
            limits[level] = block
        }
        self.target = target
        self.limits = limits
        nativeLevel = native.level
        envelopes = footprints.map(\.envelope)
    }

    var firstLevel: Int { target.set.matrices.first?.level ?? nativeLevel }

    /// The sheets that may show something in a tile, from the bottom to the top.
    func sheets(under address: TileAddress) -> [Int] {
        guard let matrix = target.set.matrix(level: address.level) else { return [] }
        let box = matrix.envelope(of: address)
        return envelopes.indices.filter { envelopes[$0].intersects(box) }
    }

    func square(of address: TileAddress) -> TileSquare? {
        guard let matrix = target.set.matrix(level: address.level) else { return nil }
        let box = matrix.envelope(of: address)
        return TileSquare(left: box.minX, top: box.maxY, cellSize: matrix.cellSize, side: matrix.tileSize)
    }

    /// The four tiles under one that the mosaic reaches, from the top left by rows.
    func children(of address: TileAddress) -> [TileAddress] {
        var children: [TileAddress] = []
        for row in 0...1 {
            for column in 0...1 {
                let child = TileAddress(level: address.level + 1, row: address.row * 2 + row, column: address.column * 2 + column)
                if limits[child.level]?.contains(child) == true { children.append(child) }
            }
        }
        return children
    }

    /// The tiles of a level in the order of a walk down from the top.
    func addresses(level: Int) -> [TileAddress] {
        var found: [TileAddress] = []
        func walk(_ address: TileAddress) {
            if address.level == level { found.append(address) } else { children(of: address).forEach(walk) }
        }
        limits[firstLevel]?.forEachAddress(walk)
        return found
    }
}

/// Where a sheet lies in the CRS of a matrix set.
struct SheetFootprint: Sendable {
    var envelope: Envelope
    /// CRS units along the shorter side of a pixel, in the middle of the sheet.
    var pixelSize: Double

    /// Steps along a side of the sheet: edges bend when they are carried.
    private static let steps = 16
    /// Pixels apart that sizes are measured over.
    private static let span = 16.0

    /// - Throws: `ImageryError` for a sheet that lies nowhere in the CRS.
    init(_ shelf: SheetShelf, sheet: Int, source: SheetSource, in target: ImageryTarget, policy: DatumPolicy) throws {
        let image = try shelf.image(sheet)
        let operation = try CoordinateOperation(from: source.crs, to: target.crs, policy: policy)
        var ring = image.outline(parts: Self.steps)
        let (cx, cy) = (Double(image.width) / 2, Double(image.height) / 2)
        var middle = [
            image.reference.position(x: cx, y: cy), image.reference.position(x: cx + Self.span, y: cy),
            image.reference.position(x: cx, y: cy + Self.span),
        ]
        guard operation.transform(&ring) == 0, operation.transform(&middle) == 0 else {
            throw ImageryError(
                code: .outsideEverySet,
                message: LocalisedText(
                    zh: "\(source.path)：按 \(source.crs.label) 计，图像有一部分不在 \(target.crs.label) 之内；请检查 --crs 和地理参考",
                    en: "\(source.path): taken as \(source.crs.label), parts of the image lie outside \(target.crs.label); check --crs and the georeference"))
        }
        envelope = .empty
        for position in ring { envelope.formUnion(position) }
        let lengths = middle.dropFirst().map { position -> Double in
            let (dx, dy) = (position.x - middle[0].x, position.y - middle[0].y)
            return (dx * dx + dy * dy).squareRoot() / Self.span
        }
        pixelSize = lengths.min() ?? .infinity
    }
}
