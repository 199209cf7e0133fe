internal import Foundation

/// Times as ArcGIS has them: milliseconds since 1970 in UTC.
public enum EsriTime {
    /// Of a date `2018-05-09` or a time `2018-05-09T08:00:00Z`; `nil` for anything else.
    public static func milliseconds(_ text: String) -> Int64? {
        let whole = text.count == 10 ? text + "T00:00:00Z" : text
        do {
            let date = try Date(whole, strategy: whole.contains(".") ? .iso8601.time(includingFractionalSeconds: true) : .iso8601)
            return Int64((date.timeIntervalSince1970 * 1000).rounded())
        } catch {
            return nil
        }
    }

    /// ISO 8601 in UTC with whole seconds.
    public static func text(milliseconds: Int64) -> String {
        Date(timeIntervalSince1970: Double(milliseconds) / 1000).formatted(.iso8601)
    }
}
