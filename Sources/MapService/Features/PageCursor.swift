import FeatureStore
import SimpleFeatures

/// Where the next run of a streamed response begins.
struct PageCursor: Sendable {
    enum Matched: Sendable {
        /// Features are read by ascending id from `after` on.
        case count(Int)
        /// These are the features.
        case ids([Int64])

        var count: Int {
            switch self {
            case .count(let count): count
            case .ids(let ids): ids.count
            }
        }
    }

    var matched: Matched
    var after = Int64.min
    /// Features still to be passed over.
    var skip: Int
    var written = 0

    init(_ matched: Matched, skip: Int) {
        self.matched = matched
        self.skip = skip
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
            let values = (0..<columns).map { row.value(at: $0) }
            features.append(Feature(id: row.id, geometry: row.hasGeometry ? try row.geometry() : nil, values: values))
            return true
        } catch {
            failure = error
            return false
        }
    }
}
