import FeatureStore
import SimpleFeatures

/// The entity tag of one feature: what the feature is, whichever way it is asked for, and the bytes of the answer.
///
/// A tag is strong in both halves, so that it serves caches; a condition on a change looks at the first alone. It follows from
/// the feature's open fields and its stored place, so that nothing but a change of this feature changes it, and nothing of a
/// withheld field can be guessed from it.
struct FeatureTag {
    /// Of the feature as it is stored.
    let state: String

    /// - Parameter feature: with the values of open fields alone.
    init(_ feature: Feature) {
        var bytes: [UInt8] = []
        Self.append(UInt64(bitPattern: feature.id), &bytes)
        if let geometry = feature.geometry { WKB.append(geometry, to: &bytes) }
        for value in feature.values { Self.append(value, &bytes) }
        state = Self.bare(bytes)
    }

    /// - Parameter body: the answer's bytes before any packing.
    func quoted(for body: [UInt8]) -> String { "\"\(state)-\(Self.bare(body))\"" }

    /// Whether a tag without its quotes is of this state of the feature, in any form.
    func isCurrent(_ tag: String) -> Bool { tag == state || tag.hasPrefix(state + "-") }

    private static func bare(_ bytes: [UInt8]) -> String { ContentTag.of(bytes).filter { $0 != "\"" } }

    private static func append(_ value: PropertyValue, _ bytes: inout [UInt8]) {
        switch value {
        case .null: bytes.append(0)
        case .boolean(let flag): bytes += [1, flag ? 1 : 0]
        case .integer(let n):
            bytes.append(2)
            append(UInt64(bitPattern: n), &bytes)
        case .real(let r):
            bytes.append(3)
            append(r.bitPattern, &bytes)
        case .text(let text):
            bytes.append(4)
            append(UInt64(text.utf8.count), &bytes)
            bytes += Array(text.utf8)
        }
    }

    private static func append(_ word: UInt64, _ bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift))) }
    }
}
