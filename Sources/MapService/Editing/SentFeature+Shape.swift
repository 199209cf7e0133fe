import FeatureStore
import SimpleFeatures
import Wording

/// What the members of a body may be.
extension SentFeature {
    /// A feature as a whole.
    ///
    /// - Parameter id: the one of its address; `nil` for a new feature.
    /// - Throws: `ProblemError` 400 and 422.
    static func whole(_ bytes: [UInt8], id: Int64?) throws -> SentFeature {
        let sent = try read(bytes.span)
        guard sent.type == .text("Feature") else { throw shape("type", sent.type?.shown, zh: "应为 \"Feature\"", en: "it is \"Feature\"") }
        if case .absent = sent.geometry { throw shape("geometry", nil, zh: "应有此成员，没有位置时写 null", en: "it is there, and null without a place") }
        if case .absent = sent.properties { throw shape("properties", nil, zh: "应有此成员，没有属性时写 null", en: "it is there, and null without properties") }
        try checkForeign(sent, isPatch: false)
        try checkID(sent, id)
        return sent
    }

    /// A JSON Merge Patch of the feature with this id.
    ///
    /// - Throws: `ProblemError` 400 and 422.
    static func patch(_ bytes: [UInt8], id: Int64) throws -> SentFeature {
        let sent = try read(bytes.span)
        guard sent.type == nil || sent.type == .text("Feature") else {
            throw shape("type", sent.type?.shown, zh: "要素的类型不能改变", en: "the type of a feature does not change")
        }
        try checkForeign(sent, isPatch: true)
        try checkID(sent, id)
        return sent
    }

    /// Members that would have a meaning elsewhere must not be lost without a word (RFC 7946 section 6.1 lets others pass).
    private static func checkForeign(_ sent: SentFeature, isPatch: Bool) throws(ProblemError) {
        let ofJSONFG: Set = ["place", "time", "coordRefSys"]
        let passed: Set = ["links", "bbox", "conformsTo", "featureType", "timeStamp"]
        for name in sent.foreign {
            if ofJSONFG.contains(name) {
                throw shape(name, nil, zh: "此处不支持 JSON-FG；位置请写在 geometry 中，坐标系写在 Content-Crs 中", en: "JSON-FG is not taken; the place goes into geometry and its CRS into Content-Crs")
            }
            if isPatch, !passed.contains(name) {
                throw shape(name, nil, zh: "要素没有此成员；字段写在 properties 中", en: "a feature has no such member; fields go into properties")
            }
        }
    }

    /// A new feature gets its id from the service, whatever the body says (/per/create-replace-delete/rid).
    private static func checkID(_ sent: SentFeature, _ id: Int64?) throws(ProblemError) {
        guard let id, let stated = sent.id, stated.shown != String(id) else { return }
        throw shape("id", stated.shown, zh: "标识不能改变；应为 \(id)，或不写", en: "an id does not change; it is \(id), or left out")
    }

    private static func shape(_ member: String, _ value: String?, zh: String, en: String) -> ProblemError {
        EditRefusal.rejected([
            Diagnostic(
                key: "member-wrong", field: member, value: value,
                reason: .init(zh: "此成员不合 GeoJSON 要素的规定。", en: "The member is not what it is in a GeoJSON feature."),
                suggestion: .init(zh: zh + "。", en: en.prefix(1).uppercased() + en.dropFirst() + "."))
        ])
    }
}
