import SQLite
import Wording

/// What an MBTiles archive's `tiles` and `metadata` may be: tables, or views that SQLite can look at without harm.
///
/// A view over views, or over `WITH`, is written out by SQLite before the first row: fourteen that each name the one before
/// twice take half a minute. No writer of MBTiles makes such; views over tables are all that is read.
struct MBTilesSchema {
    private let views: [(name: String, words: Set<Substring>)]

    init(_ connection: borrowing Connection) throws {
        views = try connection.withStatement("SELECT name, sql FROM sqlite_schema WHERE type = 'view'") { statement in
            var views: [(name: String, words: Set<Substring>)] = []
            while try statement.step() {
                let text = statement.text(at: 1).lowercased()
                views.append((statement.text(at: 0).lowercased(), Set(text.split { !($0.isLetter || $0.isNumber || $0 == "_") })))
            }
            return views
        }
    }

    /// - Throws: `unknownKind` for a view that is not made of tables alone.
    func check(path: String) throws(TileArchiveError) {
        for view in views where view.name == "tiles" || view.name == "metadata" {
            let others = views.filter { $0.name != view.name }
            guard !view.words.contains("with"), !others.contains(where: { isNamed($0.name, by: view.words) }) else {
                throw TileArchiveError(
                    code: .unknownKind,
                    message: .init(
                        zh: "\(path) 的视图 \(view.name) 由其他视图或 WITH 构成，不予读取；请改为表或表上的视图",
                        en: "the view \(view.name) of \(path) is made of views or of WITH and is not read; make it a table, or a view over tables"))
            }
        }
    }

    /// A name of several words counts as named where the first of them is there.
    private func isNamed(_ name: String, by words: Set<Substring>) -> Bool {
        guard let first = name.split(whereSeparator: { !($0.isLetter || $0.isNumber || $0 == "_") }).first else { return true }
        return words.contains(first)
    }
}
