import FeatureStore
import OGCAPI
import Reprojection
import SimpleFeatures

/// The features of a selection on their way into a file, run by run, in the file's CRS.
struct ExportFeed: Sendable {
    private enum Source: Sendable {
        /// A plain page, or everything.
        case runs(PageCursor)
        /// A page of a selection with a shape, which is judged as a whole.
        case page(offset: Int)
    }

    private let selection: FeatureSelection
    private let desk: FeatureDesk
    private let crs: CRS
    private var source: Source
    /// Rows that may still be read.
    private var remaining: Int
    /// Features whose geometry could not be carried, so far.
    private(set) var unplaced = 0

    static let runLength = 1000

    /// - Parameter page: the part of the selection that is wanted; `nil` for all of it.
    init(_ selection: FeatureSelection, _ desk: FeatureDesk, to crs: CRS, page: (offset: Int, limit: Int)?) async throws {
        self.selection = selection
        self.desk = desk
        self.crs = crs
        if let page, selection.shape != nil {
            source = .page(offset: page.offset)
            remaining = page.limit
        } else {
            let cursor = PageCursor(try await desk.matched(selection), skip: page?.offset ?? 0)
            source = .runs(cursor)
            remaining = min(page?.limit ?? .max, max(0, cursor.matched.count - (page?.offset ?? 0)))
        }
    }

    /// What follows the first run of a page of a selection without a shape.
    ///
    /// - Parameter count: rows that may still be read.
    init(_ selection: FeatureSelection, _ desk: FeatureDesk, to crs: CRS, after cursor: PageCursor, count: Int) {
        self.selection = selection
        self.desk = desk
        self.crs = crs
        source = .runs(cursor)
        remaining = count
    }

    var hasMore: Bool { remaining > 0 }

    /// The next features, perhaps none; `nil` after the last ones.
    mutating func next() async throws -> [Feature]? {
        guard remaining > 0 else { return nil }
        switch source {
        case .page(let offset):
            let features = try await desk.carriedPage(selection, offset: offset, limit: remaining, to: crs, unplaced: &unplaced)
            remaining = 0
            return features
        case .runs(var cursor):
            let before = cursor.written
            let features = try await desk.carriedRun(
                selection, cursor: &cursor, limit: min(remaining, Self.runLength), to: crs, unplaced: &unplaced)
            source = .runs(cursor)
            remaining = cursor.written > before ? remaining - (cursor.written - before) : 0
            return features
        }
    }
}
