internal import FoundationEssentials

/// How one version of a layer differs from another: the counts, and for which fields.
public struct LayerDifferenceReport: Codable, Hashable, Sendable {
    /// A version as a report names it.
    public struct Version: Codable, Hashable, Sendable {
        public var name: String
        public var version: Int64
        public var features: Int
        /// ISO 8601 in UTC; `nil` for one that was never served.
        public var publishedAt: String?

        public init(name: String, version: Int64, features: Int, publishedAt: String?) {
            self.name = name
            self.version = version
            self.features = features
            self.publishedAt = publishedAt
        }
    }

    /// How many features have another value of a field.
    public struct FieldCount: Codable, Hashable, Sendable {
        public var field: String
        public var title: String?
        public var features: Int
    }

    public var layer: String
    public var title: String?
    public var before: Version
    public var after: Version
    /// By which features were told to be the same one: `id`, or the field that was named.
    public var matchedBy = "id"
    public var added = 0
    public var removed = 0
    public var changed = 0
    public var unchanged = 0
    /// Changed features whose geometry is another.
    public var geometryChanged = 0
    /// The most frequent first; a feature may count for several.
    public var fields: [FieldCount] = []
    public var fieldsAdded: [String] = []
    public var fieldsRemoved: [String] = []
    /// Features that could not be matched, because their key is empty or not theirs alone; they count as added and removed.
    public var unmatched = 0
    /// CRSs, where the versions are stored in different ones.
    public var crsChanged: [String] = []
    /// West, south, east, north of all changes, before and after, in the CRS of the later version; `nil` without a place.
    public var envelope: ImportReport.Bounds?

    public init(layer: String, title: String?, before: Version, after: Version) {
        self.layer = layer
        self.title = title
        self.before = before
        self.after = after
    }

    public var isEmpty: Bool { added == 0 && removed == 0 && changed == 0 && fieldsAdded.isEmpty && fieldsRemoved.isEmpty }

    /// The report as JSON with sorted keys.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

extension LayerDifferenceReport {
    /// The report for people, Chinese first: what a department that uses the layer is told.
    public var text: String {
        var lines = [
            "图层更新通报 Notice of change",
            "图层 layer: \(title.map { "\($0)（\(layer)）" } ?? layer)",
            "旧版本 before: \(before.text)",
            "新版本 after:  \(after.text)",
            "新增 added \(added)，删除 removed \(removed)，变更 changed \(changed)，不变 unchanged \(unchanged)",
        ]
        if isEmpty { lines.append("两个版本相同 the versions are the same") }
        if changed > 0 { lines.append("变更项 what changed:") }
        if geometryChanged > 0 { lines.append("  图形 geometry: \(geometryChanged)") }
        lines += fields.map { "  \($0.title.map { "\($0) " } ?? "")\($0.field): \($0.features)" }
        if !fieldsAdded.isEmpty { lines.append("新增字段 fields added: \(fieldsAdded.joined(separator: ", "))") }
        if !fieldsRemoved.isEmpty { lines.append("删除字段 fields removed: \(fieldsRemoved.joined(separator: ", "))") }
        if !crsChanged.isEmpty { lines.append("坐标系更换 CRS changed: \(crsChanged.joined(separator: " → "))") }
        lines.append("对应依据 matched by: \(matchedBy == "id" ? "要素标识 feature id" : matchedBy)")
        if unmatched > 0 {
            lines.append("无法对应 not to be matched (\(matchedBy) 为空或重复 empty or repeated): \(unmatched)")
        }
        if let box = envelope { lines.append("变更范围 envelope: x \(box.minX)...\(box.maxX), y \(box.minY)...\(box.maxY)") }
        return lines.joined(separator: "\n") + "\n"
    }
}

extension LayerDifferenceReport.Version {
    fileprivate var text: String {
        let time = publishedAt.map { "发布 published \($0)" } ?? "未发布 not published"
        return "\(name)，\(time)，\(features) 个要素 features"
    }
}
