public import SimpleFeatures

extension CoordinateOperation {
    /// The box around the image of a box, its edges densified because straight edges do not stay straight.
    ///
    /// - Parameter segmentsPerEdge: 1 or more; 32 finds the bulge of a city's edge to millimetres.
    /// - Returns: `nil` for an empty box, or when a position of its border cannot be carried.
    public borrowing func transform(_ envelope: Envelope, segmentsPerEdge: Int = 32) -> Envelope? {
        precondition(segmentsPerEdge >= 1, "an edge has at least one segment")
        guard !envelope.isEmpty else { return nil }
        var border: [Coordinate] = []
        border.reserveCapacity(4 * (segmentsPerEdge + 1))
        for i in 0...segmentsPerEdge {
            let t = Double(i) / Double(segmentsPerEdge)
            let x = i == segmentsPerEdge ? envelope.maxX : envelope.minX + (envelope.maxX - envelope.minX) * t
            let y = i == segmentsPerEdge ? envelope.maxY : envelope.minY + (envelope.maxY - envelope.minY) * t
            border.append(Coordinate(x: x, y: envelope.minY))
            border.append(Coordinate(x: x, y: envelope.maxY))
            border.append(Coordinate(x: envelope.minX, y: y))
            border.append(Coordinate(x: envelope.maxX, y: y))
        }
        guard transform(&border) == 0 else { return nil }
        return border.reduce(into: Envelope.empty) { $0.formUnion($1) }
    }
}
