import FeatureStore
public import Foundation
public import Portrayal
public import Tiling

/// The labels of one level and what reading for them left out: all that a picture of the level needs of the layers that are
/// drawn as labels and icons only.
public struct LevelLabels: Sendable {
    public let plan: LabelPlan
    /// By tile, of the source layers that no shape is drawn from, and the labels that want a character; tiles that miss
    /// nothing are not in it.
    let leftOut: [TileAddress: LeftOut]

    init(plan: LabelPlan, leftOut: [TileAddress: LeftOut]) {
        self.plan = plan
        self.leftOut = leftOut
    }

    /// The tiles that have other labels, or leave out other features; `nil` where the two cannot be compared.
    func tilesThatDiffer(from former: LevelLabels) -> Set<TileAddress>? {
        guard var tiles = plan.tilesThatDiffer(from: former.plan) else { return nil }
        for (address, counts) in leftOut where former.leftOut[address] != counts { tiles.insert(address) }
        for address in former.leftOut.keys where leftOut[address] == nil { tiles.insert(address) }
        return tiles
    }

    /// Labels that are left out because a character is wanting.
    var unletteredCount: Int { leftOut.values.reduce(0) { $0 + $1[.noGlyph] } }

    // MARK: In a file
    //
    // The plan's bytes; eleven words of 32 bits a tile: column and row of the canvas, the counts by reason; the plan's
    // length and a mark. A plan comes first, so that it can be read where it lies.

    private static let mark = Array("WMLEVEL2".utf8)
    private static let wordsPerTile = 2 + LeftOut.Reason.allCases.count

    /// Equal labels give equal bytes.
    public var bytes: Data {
        var bytes = plan.bytes
        let tiles = leftOut.sorted { ($0.key.row, $0.key.column) < ($1.key.row, $1.key.column) }
        for (address, counts) in tiles {
            bytes.append(littleEndian: UInt32(truncatingIfNeeded: address.column))
            bytes.append(littleEndian: UInt32(truncatingIfNeeded: address.row))
            for reason in LeftOut.Reason.allCases { bytes.append(littleEndian: UInt32(clamping: counts[reason])) }
        }
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: plan.bytes.count))
        bytes.append(littleEndian: UInt32(truncatingIfNeeded: plan.bytes.count >> 32))
        bytes.append(contentsOf: Self.mark)
        return bytes
    }

    /// - Parameters:
    ///   - bytes: what `bytes` gave; may be mapped from a file.
    ///   - canvas: the one that the labels were placed on.
    /// - Throws: `unreadablePlan`.
    public init(bytes: Data, canvas: TileWindow) throws(PortrayalError) {
        let end = bytes.count - 16
        guard end > 0, bytes.suffix(8).elementsEqual(Self.mark) else {
            throw PortrayalError(.unreadablePlan, "the label file is damaged or of another version; delete it, and it is made again")
        }
        let length = Int(bytes.word(at: end)) | Int(bytes.word(at: end + 4)) << 32
        let tileLength = Self.wordsPerTile * 4
        guard length >= 0, length <= end, (end - length) % tileLength == 0 else {
            throw PortrayalError(.unreadablePlan, "the label file is damaged; delete it, and it is made again")
        }
        plan = try LabelPlan(bytes: bytes[0..<length], canvas: canvas)
        var leftOut: [TileAddress: LeftOut] = [:]
        for place in stride(from: length, to: end, by: tileLength) {
            let address = TileAddress(
                level: canvas.origin.level, row: Int(bytes.word(at: place + 4)), column: Int(bytes.word(at: place)))
            for (i, reason) in LeftOut.Reason.allCases.enumerated() {
                let count = Int(bytes.word(at: place + 8 + 4 * i))
                if count > 0 { leftOut[address, default: LeftOut()][reason] = count }
            }
        }
        self.leftOut = leftOut
    }
}

extension Data {
    fileprivate func word(at place: Int) -> UInt32 {
        (0..<4).reduce(0) { $0 | UInt32(self[place + $1]) << UInt32(8 * $1) }
    }
}

/// Sums up what the queries for a plan leave out, and the plan itself.
struct PlannedLeftOut {
    private(set) var byTile: [TileAddress: LeftOut] = [:]
    private var counted: Set<String> = []

    /// - Parameter selection: of the whole canvas; the same layer counts once, however many style layers ask for it.
    mutating func add(_ selection: TileSelection, on canvas: TileWindow) {
        guard counted.insert(selection.layer.name).inserted else { return }
        for (place, leftOut) in selection.leftOutByTile.nonEmpty {
            let (row, column) = place.quotientAndRemainder(dividingBy: canvas.columns)
            let address = TileAddress(
                level: canvas.origin.level, row: canvas.origin.row + row, column: canvas.origin.column + column)
            byTile[address, default: LeftOut()].add(leftOut)
        }
    }

    /// - Parameters:
    ///   - labels: that want a character, placed in `canvas`.
    ///   - canvas: those past its edges are not its own.
    mutating func add(_ labels: [UnletteredLabel], on canvas: TileWindow) {
        let side = Float(canvas.extent / ProductionSettings.unitsPerPixel)
        for label in labels {
            let (column, row) = ((label.x / side).rounded(.down), (label.y / side).rounded(.down))
            guard column >= 0, row >= 0, column < Float(canvas.columns), row < Float(canvas.rows) else { continue }
            let address = TileAddress(
                level: canvas.origin.level, row: canvas.origin.row + Int(row), column: canvas.origin.column + Int(column))
            byTile[address, default: LeftOut()][.noGlyph] += 1
        }
    }
}
