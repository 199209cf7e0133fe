/// Cuts polygons to a box so that what remains are whole polygons: no bridging edges along the box's border.
///
/// The edges inside the box form chains from border to border; following the border clockwise from where one chain
/// leaves to where the next one enters closes them, for holes and exteriors together. Where rounding or an invalid
/// polygon breaks the alternation of leaving and entering, Sutherland-Hodgman takes over; its bridges are then the
/// ring check's business.
public struct PolygonClipper: Sendable {
    /// A run of positions from border to border, all between them strictly inside.
    private struct Chain {
        var positions: [GridPosition]
        var entry: Int64
        var exit: Int64
    }

    private struct Event {
        var place: Int64
        var chain: Int
        var isExit: Bool
    }

    public let box: ClipBox
    private var reduced: [GridPosition] = []
    private var chains: [Chain] = []
    private var closed = FlatRings()
    /// Whether the part of the box that no chain divides is covered.
    private var isCovered = false

    public init(box: ClipBox) {
        self.box = box
    }

    /// Cuts one polygon: an exterior wound positive, then its holes, wound negative.
    ///
    /// - Parameter output: receives the rings of none, one or more polygons, each an exterior and its holes; they
    ///   may still hold positions that `RingCleaning` takes out.
    public mutating func clip(_ polygon: FlatRings, into output: inout FlatRings) {
        chains.removeAll(keepingCapacity: true)
        closed.removeAll()
        isCovered = false
        for r in 0..<polygon.count {
            guard collect(polygon, ring: r) else { return }
        }
        if chains.isEmpty {
            if isCovered { output.append(box.corners.map(\.position)) }
            output.appendAll(closed)
            return
        }
        guard let exteriors = link() else {
            for r in 0..<polygon.count { output.append(clipBySides(polygon.positions[polygon.range(r)])) }
            return
        }
        distribute(exteriors, into: &output)
    }

    private func outcode(_ p: GridPosition) -> UInt8 { box.outcode(x: p.x, y: p.y) }

    private mutating func reduce(_ ring: Span<GridPosition>) {
        reduced.removeAll(keepingCapacity: true)
        for i in 0..<ring.count {
            let p = ring[i]
            let code = outcode(p)
            while code != 0, let last = reduced.last, reduced.count > 1,
                code & outcode(last) & outcode(reduced[reduced.count - 2]) != 0
            {
                reduced.removeLast()
            }
            reduced.append(p)
        }
        while reduced.count > 2,
            outcode(reduced[0]) & outcode(reduced[reduced.count - 1]) & outcode(reduced[reduced.count - 2]) != 0
        {
            reduced.removeLast()
        }
    }

    /// Takes the ring apart into chains; false when it shows that nothing of the polygon is in the box.
    private mutating func collect(_ polygon: FlatRings, ring r: Int) -> Bool {
        let isHole = r > 0
        let range = polygon.range(r)
        guard range.count >= 3 else { return isHole }
        reduce(polygon.positions.span.extracting(range))
        if reduced.allSatisfy({ outcode($0) == 0 }) {
            closed.append(reduced)
            return true
        }
        let before = chains.count
        collectChains()
        if chains.count > before { return true }
        // No edge runs through the box: it lies wholly on one side of the ring.
        let doubledCentre = (Int64(box.minX) + Int64(box.maxX), Int64(box.minY) + Int64(box.maxY))
        let holdsBox = polygon.ring(r, contains: doubledCentre)
        if isHole { return !holdsBox }
        isCovered = holdsBox
        return holdsBox
    }

    private mutating func collectChains() {
        let firstOfRing = chains.count
        var open: [GridPosition] = []
        var startsInside = false
        let n = reduced.count
        for i in 0..<n {
            guard let piece = box.cut(reduced[i], reduced[i + 1 == n ? 0 : i + 1]), piece.from != piece.to,
                !box.areOnOneSide(piece.from, piece.to)
            else { continue }
            if open.isEmpty {
                open.append(piece.from)
                if !box.isOnBorder(piece.from) { startsInside = true }
            }
            open.append(piece.to)
            if box.isOnBorder(piece.to) {
                addChain(open)
                open.removeAll(keepingCapacity: true)
            }
        }
        // The ring's first position was inside: the last run leads into the first chain.
        if !open.isEmpty, startsInside, chains.count > firstOfRing {
            chains[firstOfRing].positions.insert(contentsOf: open.dropLast(), at: 0)
            chains[firstOfRing].entry = box.borderPlace(open[0])
        }
    }

    private mutating func addChain(_ positions: [GridPosition]) {
        chains.append(
            Chain(
                positions: positions, entry: box.borderPlace(positions[0]),
                exit: box.borderPlace(positions[positions.count - 1])))
    }

    /// Closes the chains along the border; `nil` when leaving and entering do not alternate.
    private func link() -> [[GridPosition]]? {
        guard let next = followers() else { return nil }
        let corners = box.corners
        var used = [Bool](repeating: false, count: chains.count)
        var rings: [[GridPosition]] = []
        for start in chains.indices where !used[start] {
            var ring: [GridPosition] = []
            var c = start
            repeat {
                used[c] = true
                ring.append(contentsOf: chains[c].positions)
                let from = chains[c].exit
                c = next[c]
                let to = chains[c].entry
                let isAround = to < from
                for corner in corners where corner.place > from && (isAround || corner.place < to) {
                    ring.append(corner.position)
                }
                if isAround { for corner in corners where corner.place < to { ring.append(corner.position) } }
            } while c != start && !used[c]
            guard c == start else { return nil }
            rings.append(ring)
        }
        return rings
    }

    /// For every chain, the chain that enters next clockwise after it leaves.
    private func followers() -> [Int]? {
        var events: [Event] = []
        for c in chains.indices {
            events.append(Event(place: chains[c].exit, chain: c, isExit: true))
            events.append(Event(place: chains[c].entry, chain: c, isExit: false))
        }
        events.sort { ($0.place, $0.isExit ? 1 : 0, $0.chain) < ($1.place, $1.isExit ? 1 : 0, $1.chain) }
        // Start where one event stands alone, so that the order of equals is settled by what came before.
        let n = events.count
        let alone = events.indices.first {
            events[$0].isExit && events[$0].place != events[($0 + 1) % n].place
                && events[$0].place != events[($0 + n - 1) % n].place
        }
        var rotated = alone.map { Array(events[$0...] + events[..<$0]) } ?? events
        if alone == nil, let exit = rotated.firstIndex(where: \.isExit) {
            rotated = Array(rotated[exit...] + rotated[..<exit])
        }
        var next = [Int](repeating: -1, count: chains.count)
        var pending: Int?
        for i in rotated.indices {
            // Among equals take the one that alternates.
            let wantsExit = pending == nil
            if rotated[i].isExit != wantsExit {
                var j = i + 1
                while j < n && rotated[j].place == rotated[i].place && rotated[j].isExit != wantsExit { j += 1 }
                guard j < n && rotated[j].place == rotated[i].place else { return nil }
                rotated.swapAt(i, j)
            }
            if let exit = pending {
                next[exit] = rotated[i].chain
                pending = nil
            } else {
                pending = rotated[i].chain
            }
        }
        return pending == nil ? next : nil
    }

    /// Gives every hole to the exterior around it.
    private func distribute(_ linked: [[GridPosition]], into output: inout FlatRings) {
        var exteriors = FlatRings(rings: linked)
        var holes = FlatRings()
        for r in 0..<closed.count {
            if closed.doubleArea(r) > 0 {
                exteriors.append(closed.positions[closed.range(r)])
            } else {
                holes.append(closed.positions[closed.range(r)])
            }
        }
        for e in 0..<exteriors.count {
            output.append(exteriors.positions[exteriors.range(e)])
            for h in 0..<holes.count {
                let p = holes.positions[holes.range(h).lowerBound]
                let isOnly = exteriors.count == 1
                guard isOnly || exteriors.ring(e, contains: (2 * Int64(p.x), 2 * Int64(p.y))) else { continue }
                output.append(holes.positions[holes.range(h)])
            }
        }
    }

    /// Sutherland-Hodgman: one side after the other.
    private func clipBySides(_ ring: ArraySlice<GridPosition>) -> [GridPosition] {
        var current = Array(ring)
        for side: UInt8 in [1, 2, 4, 8] {
            guard var previous = current.last else { return [] }
            var next: [GridPosition] = []
            for p in current {
                let isOut = outcode(p) & side != 0
                if isOut != (outcode(previous) & side != 0) { next.append(crossing(side, previous, p)) }
                if !isOut { next.append(p) }
                previous = p
            }
            current = next
        }
        return current
    }

    private func crossing(_ side: UInt8, _ a: GridPosition, _ b: GridPosition) -> GridPosition {
        if side & 3 != 0 {
            let x = side == 1 ? box.minX : box.maxX
            return GridPosition(x: x, y: ClipBox.crossing(x, (a.x, a.y), (b.x, b.y)))
        }
        let y = side == 4 ? box.minY : box.maxY
        return GridPosition(x: ClipBox.crossing(y, (a.y, a.x), (b.y, b.x)), y: y)
    }
}
