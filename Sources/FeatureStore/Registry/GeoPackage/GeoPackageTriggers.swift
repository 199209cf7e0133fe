internal import SQLite

/// The triggers that keep an R-tree in step when another program edits a row (OGC 12-128r17 annex F.3).
enum GeoPackageTriggers {
    /// What `statements` call theirs.
    static func names(table: String, geometry: String) -> [String] {
        ["insert", "update1", "update2", "update3", "update4", "delete"].map { "rtree_\(table)_\(geometry)_\($0)" }
    }

    /// The statements for one geometry column.
    static func statements(table: String, geometry: String, key: String) -> [String] {
        let prefix = "rtree_\(table)_\(geometry)"
        let (t, r, g, k) = (quotedIdentifier(table), quotedIdentifier(prefix), quotedIdentifier(geometry), quotedIdentifier(key))
        let filled = "NEW.\(g) NOT NULL AND NOT ST_IsEmpty(NEW.\(g))"
        let unfilled = "(NEW.\(g) ISNULL OR ST_IsEmpty(NEW.\(g)))"
        let insert = """
            INSERT OR REPLACE INTO \(r) VALUES \
            (NEW.\(k), ST_MinX(NEW.\(g)), ST_MaxX(NEW.\(g)), ST_MinY(NEW.\(g)), ST_MaxY(NEW.\(g)));
            """
        let delete = "DELETE FROM \(r) WHERE id = OLD.\(k);"
        let trigger = { (suffix: String, event: String, condition: String, body: String) in
            "CREATE TRIGGER \(quotedIdentifier("\(prefix)_\(suffix)")) AFTER \(event) ON \(t) WHEN \(condition) BEGIN \(body) END"
        }
        return [
            trigger("insert", "INSERT", filled, insert),
            trigger("update1", "UPDATE OF \(g)", "OLD.\(k) = NEW.\(k) AND \(filled)", insert),
            trigger("update2", "UPDATE OF \(g)", "OLD.\(k) = NEW.\(k) AND \(unfilled)", delete),
            trigger("update3", "UPDATE", "OLD.\(k) != NEW.\(k) AND (\(filled))", delete + " " + insert),
            trigger(
                "update4", "UPDATE", "OLD.\(k) != NEW.\(k) AND \(unfilled)",
                "DELETE FROM \(r) WHERE id IN (OLD.\(k), NEW.\(k));"),
            trigger("delete", "DELETE", "OLD.\(g) NOT NULL", delete),
        ]
    }
}
