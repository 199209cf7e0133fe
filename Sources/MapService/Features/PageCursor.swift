import FeatureStore
import SimpleFeatures

/// Where the next run of a streamed response begins.
struct PageCursor: Sendable {
    let matched: MatchedFeatures
    var after = Int64.min
    /// Features still to be passed over.
    var skip: Int
    var written = 0

    init(_ matched: MatchedFeatures, skip: Int) {
        self.matched = matched
        self.skip = skip
    }

    /// Moves on behind a first page that the store has cut.
    mutating func pass(_ page: RowPage) {
        written += page.features.count
        // Ids are counted from the first one, rows are read on from the last one.
        guard case .count = matched else { return }
        after = page.lastID
        skip = 0
    }
}

/// Takes rows as features after passing over some.
struct RowPage: FeatureRowConsumer {
    private var skip: Int
    private(set) var skipped = 0
    /// The ids at every full `PageMarks.distance` of what was passed over.
    private(set) var marks: [Int64] = []
    private(set) var features: [Feature] = []
    private(set) var lastID = Int64.min
    private(set) var failure: (any Error)?
    private var columns = 0

    /// Room that is made at once: most answers fit.
    private static let usualCount = 128

    init(skip: Int) {
        self.skip = skip
    }

    mutating func begin(layer: LayerRecord, fields: [Int]) {
        columns = fields.count
    }

    mutating func take(_ row: borrowing FeatureRow) -> Bool {
        lastID = row.id
        if skipped < skip {
            skipped += 1
            if skipped.isMultiple(of: PageMarks.distance) { marks.append(row.id) }
            return true
        }
        do {
            if features.isEmpty { features.reserveCapacity(Self.usualCount) }
            let values = (0..<columns).map { row.value(at: $0) }
            features.append(Feature(id: row.id, geometry: row.hasGeometry ? try row.geometry() : nil, values: values))
            return true
        } catch {
            failure = error
            return false
        }
    }
}
