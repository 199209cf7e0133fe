import FeatureStore
import Foundation

/// When a layer was changed last, in whole seconds.
enum LayerClock {
    static func second(of record: LayerRecord) -> Int64? {
        do {
            return Int64(try Date(record.importedAt, strategy: .iso8601).timeIntervalSince1970)
        } catch {
            return nil  // a registry of elsewhere may write times otherwise; no condition can be set on them
        }
    }

    /// For the header `Last-Modified` of the layer's features, as HTTP writes it; `nil` while the second is not over: another change
    /// may still come in it, and a condition on that second would not see it (RFC 9110 section 8.8.2.2).
    static func lastModified(of record: LayerRecord) -> String? {
        guard let second = second(of: record), Int64(Date().timeIntervalSince1970) > second else { return nil }
        return DateStamp.text(secondsSince1970: Int(second))
    }
}
