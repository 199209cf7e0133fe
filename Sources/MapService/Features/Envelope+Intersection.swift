import SimpleFeatures

extension Envelope {
    /// What both hold; empty when that is nothing.
    func intersection(_ other: Envelope) -> Envelope {
        Envelope(
            minX: max(minX, other.minX), minY: max(minY, other.minY), maxX: min(maxX, other.maxX),
            maxY: min(maxY, other.maxY))
    }
}
