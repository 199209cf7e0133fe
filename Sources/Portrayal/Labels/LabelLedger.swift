public import Tiling

/// Every symbol of one level that wants a place and what it got, so that after a change only those choose again whose
/// choice may come out differently.
///
/// A candidate chooses by what it looks at. When what others took changes, those that come after them and had looked there
/// choose again, in their order; their changes reach others in turn. What comes out is what placing everything afresh gives.
public struct LabelLedger: ~Copyable, Sendable {
    private let frame: RenderFrame
    public let canvas: TileWindow
    /// The topmost first.
    private var layers: [LedgerLayer]
    private var placement: SymbolPlacement
    /// By owner: a candidate's number.
    private var entries: [LedgerEntry] = []
    private var ranks: [SymbolRank] = []
    private var free: [Int32] = []
    /// What each candidate looked at when it last chose.
    private var consulted: CollisionIndex
    private var waiting = TurnQueue()
    /// Candidates that chose in the last update.
    public private(set) var decisions = 0

    /// Candidates in it, placed or not.
    public var count: Int { entries.count - free.count }

    init(renderer: StyleRenderer, frame: RenderFrame, canvas: TileWindow, layers: [ZoomedLayer]) {
        self.frame = frame
        self.canvas = canvas
        self.layers = layers.filter { $0.kind == .symbol && $0.sourceLayer != nil }.reversed().map {
            LedgerLayer($0, frame: frame, catalogue: renderer.catalogue)
        }
        placement = SymbolPlacement(frame: frame, catalogue: renderer.catalogue)
        consulted = CollisionIndex(width: frame.width, height: frame.height)
    }

    /// Takes in what there is now, and places what that changes.
    ///
    /// - Parameter features: all of a source layer in the canvas's units; those that are as they were cost no more than a
    ///   look.
    /// - Throws: `missingFont`; what `features` throws. The ledger is of no use after that.
    public mutating func update(
        scratch: inout RenderScratch, features: (_ sourceLayer: String) throws -> [TileLayer]
    ) throws {
        decisions = 0
        scratch.statistics = RenderStatistics()
        for i in layers.indices {
            let change = try layers[i].take(try features(layers[i].sourceLayer), frame: frame, &scratch)
            for owner in change.removed { remove(owner) }
            for addition in change.added {
                let owners = addition.candidates.enumerated().map { add($1, layer: i, number: $0) }
                layers[i].keep(owners, for: addition.source)
            }
        }
        while let owner = waiting.popFirst() { try decide(owner, &scratch) }
    }

    /// The places as they are now.
    public func plan() -> LabelPlan {
        var placed = [[Int32]](repeating: [], count: layers.count)
        for owner in entries.indices where entries[owner].symbol != nil {
            placed[Int(ranks[owner].layer)].append(Int32(owner))
        }
        var planned: [(layer: String, symbols: [PlacedSymbol])] = []
        for (i, owners) in placed.enumerated() {
            let symbols = owners.sorted { ranks[Int($0)] < ranks[Int($1)] }.compactMap { entries[Int($0)].symbol }
            planned.append((layers[i].id, SymbolPlacement.inDrawingOrder(symbols, layers[i].common)))
        }
        return LabelPlan(canvas: canvas, frame: frame, symbols: planned.reversed())
    }

    /// The labels that want a character which no font of their stack has, as things are now.
    public var unlettered: [UnletteredLabel] {
        entries.indices.compactMap { owner in
            guard entries[owner].isUnlettered, let candidate = entries[owner].candidate else { return nil }
            let (x, y) = candidate.position
            return UnletteredLabel(layer: layers[Int(ranks[owner].layer)].id, text: candidate.format.text, x: x, y: y)
        }
    }

    // MARK: Candidates

    private mutating func add(_ candidate: SymbolCandidate, layer: Int, number: Int) -> Int32 {
        let rank = candidate.rank(layer: Int32(layer), number: Int32(number))
        let owner: Int32
        if let reused = free.popLast() {
            owner = reused
            entries[Int(owner)] = LedgerEntry(candidate: candidate)
            ranks[Int(owner)] = rank
        } else {
            owner = Int32(entries.count)
            entries.append(LedgerEntry(candidate: candidate))
            ranks.append(rank)
        }
        waiting.insert(owner, rank)
        return owner
    }

    private mutating func remove(_ owner: Int32) {
        let entry = entries[Int(owner)]
        forget(owner)
        waiting.remove(owner)
        wakeFollowers(of: ranks[Int(owner)], entry.claim.all)
        entries[Int(owner)] = LedgerEntry(candidate: nil)
        free.append(owner)
    }

    private mutating func forget(_ owner: Int32) {
        placement.release(entries[Int(owner)].claim, by: owner)
        if let box = entries[Int(owner)].consulted { consulted.release(box, by: owner) }
    }

    private mutating func decide(_ owner: Int32, _ scratch: inout RenderScratch) throws(PortrayalError) {
        guard let candidate = entries[Int(owner)].candidate else { return }
        decisions += 1
        let before = entries[Int(owner)].claim
        forget(owner)
        let i = Int(ranks[Int(owner)].layer)
        let unletteredBefore = scratch.statistics.unlettered.count
        let symbol = try placement.decide(
            candidate, owner: owner, among: ranks, layers[i].common, &layers[i].texts, &scratch)
        let claim = placement.room.claim
        entries[Int(owner)].symbol = symbol
        entries[Int(owner)].isUnlettered = scratch.statistics.unlettered.count > unletteredBefore
        entries[Int(owner)].claim = claim
        entries[Int(owner)].consulted = placement.room.consulted
        if let box = placement.room.consulted { consulted.take(box, by: owner) }
        if claim != before { wakeFollowers(of: ranks[Int(owner)], before.all + claim.all) }
    }

    /// Has everyone choose again who comes later and looked at one of the boxes.
    private mutating func wakeFollowers(of rank: SymbolRank, _ boxes: [PixelBox]) {
        var woken: [Int32] = []
        for box in boxes {
            consulted.forEachOwner(meeting: box) { if rank < ranks[Int($0)] { woken.append($0) } }
        }
        for owner in woken { waiting.insert(owner, ranks[Int(owner)]) }
    }
}

/// One candidate with its choice.
private struct LedgerEntry: Sendable {
    /// `nil` for a number that is free.
    var candidate: SymbolCandidate?
    var consulted: PixelBox?
    var claim = PlacementRoom.Claim()
    var symbol: PlacedSymbol?
    /// Whether its text wants a character.
    var isUnlettered = false
}

