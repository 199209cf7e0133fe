/// Which features deep pages of whole layers begin after, learnt from what was passed over once.
///
/// A page at an offset has to pass over the rows before it; with a mark every so many rows it passes over few. Marks belong to
/// one version of a layer; those of a former one go when the next is asked for.
struct PageMarks {
    /// Rows from one mark to the next.
    static let distance = 256

    private struct Layer {
        var version: Int64
        /// The id of the last row of every full distance, in order.
        var ids: [Int64] = []
    }

    private var layers: [String: Layer] = [:]

    /// The nearest known place at or before a row.
    ///
    /// - Parameter skip: rows that come before the wanted one.
    /// - Returns: rows passed over up to there, a multiple of `distance`, and the id of the last of them; `nil` for the beginning.
    func nearest(to skip: Int, layer: String, version: Int64) -> (passed: Int, after: Int64)? {
        guard let known = layers[layer], known.version == version else { return nil }
        let count = min(known.ids.count, skip / Self.distance)
        return count > 0 ? (count * Self.distance, known.ids[count - 1]) : nil
    }

    /// - Parameter ids: of the last row of every full distance after `passed` rows, which is a multiple of `distance`.
    mutating func learn(_ ids: [Int64], after passed: Int, layer: String, version: Int64) {
        var known = layers[layer] ?? Layer(version: version)
        if known.version != version { known = Layer(version: version) }
        let first = passed / Self.distance
        guard first <= known.ids.count else { return }
        known.ids += ids.dropFirst(known.ids.count - first)
        layers[layer] = known
    }
}
