internal import FoundationEssentials
internal import SQLite
internal import Wording

/// Names of versions: what they may be, and what they are where nobody says so.
enum DeliveryName {
    private static let mostCharacters = 60

    /// The name that a new version of the layer gets.
    ///
    /// - Throws: `deliveryUnsuitable` for what cannot be a name, `deliveryTaken` for that of another version.
    static func allot(_ wanted: String?, layer: String, _ connection: borrowing Connection) throws -> String {
        let taken = try names(of: layer, connection)
        guard let wanted else { return free(day(), taken) }
        try check(wanted)
        guard !taken.contains(wanted) else {
            throw RegistryError(
                code: .deliveryTaken,
                message: .init(
                    zh: "图层 \(layer) 已有版本“\(wanted)”；请另取名称，或先用 workmap versions drop \(layer) \(wanted) 删除它",
                    en: "layer \(layer) has a version \"\(wanted)\"; take another name, or delete that one first with workmap versions drop \(layer) \(wanted)"))
        }
        return wanted
    }

    private static func names(of layer: String, _ connection: borrowing Connection) throws -> Set<String> {
        try connection.withStatement("SELECT name FROM workmap_deliveries WHERE layer = ? AND state <> 'dropped'") { row in
            try row.bind([.text(layer)])
            var names: Set<String> = []
            while try row.step() { names.insert(row.text(at: 0)) }
            return names
        }
    }

    /// Letters of any script, digits, `-`, `_` and `.`, so that a name is one word on a command line and in an address; two
    /// points stand between two names.
    private static func check(_ name: String) throws(RegistryError) {
        let isAllowed = { (c: Character) in c.isLetter || c.isNumber || c == "-" || c == "_" || c == "." }
        guard let first = name.first, first.isLetter || first.isNumber, name.allSatisfy(isAllowed), name.count <= mostCharacters,
            !name.contains(".."), name.last != "."
        else {
            throw RegistryError(
                code: .deliveryUnsuitable,
                message: .init(
                    zh: "“\(name)”不能作版本名：请以字母、汉字或数字开头，其后用字母、汉字、数字、“-”“_”或单个“.”，至多 \(mostCharacters) 字，例如 2026Q4",
                    en: "\"\(name)\" cannot name a version: begin with a letter or digit, go on with letters, digits, '-', '_' or single points, at most \(mostCharacters) characters, such as 2026Q4"))
        }
    }

    /// Today in Beijing.
    private static func day() -> String {
        let beijing = Date().addingTimeInterval(8 * 3600)
        return String(beijing.formatted(.iso8601).prefix(10))
    }

    private static func free(_ day: String, _ taken: Set<String>) -> String {
        var (name, number) = (day, 2)
        while taken.contains(name) {
            name = "\(day)-\(number)"
            number += 1
        }
        return name
    }
}
