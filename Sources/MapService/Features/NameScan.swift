import FeatureStore
import SimpleFeatures

/// Finds names in the rows of the registry, as the name index would: for a layer whose index is still being made.
struct NameScan: FeatureRowConsumer {
    private let query: NameQuery
    private let columns: [Int]
    private let limit: Int
    private var places: [Int] = []
    /// Lines of one name are one place, the one with the smallest id.
    private var lines: Set<[String]> = []
    /// The smallest ids, ascending.
    private(set) var found: [NameMatch: [Int64]] = [:]

    /// - Parameters:
    ///   - columns: positions in the layer's schema of the fields to look into.
    ///   - limit: how many features of each kind of match are enough.
    init(_ query: NameQuery, columns: [Int], limit: Int) {
        self.query = query
        self.columns = columns
        self.limit = limit
    }

    mutating func begin(layer: LayerRecord, fields: [Int]) {
        places = columns.compactMap(fields.firstIndex(of:))
    }

    mutating func take(_ row: borrowing FeatureRow) -> Bool {
        guard row.hasGeometry else { return true }
        var names: [String] = []
        for place in places {
            if case .text(let name) = row.value(at: place), !name.isEmpty { names.append(name) }
        }
        guard !names.isEmpty, let match = query.match(names), found[match, default: []].count < limit else { return true }
        do {
            guard let geometry = try row.geometry() else { return true }
            if geometry.dimension == .line, !lines.insert(names).inserted { return true }
            found[match, default: []].append(row.id)
        } catch {
            return true  // a place that cannot be read cannot be shown; the layer's verification names it
        }
        return found[.whole, default: []].count < limit
    }
}
