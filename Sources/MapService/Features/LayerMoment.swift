import FeatureStore
import FoundationEssentials
import OGCAPI
import Wording

/// Which state of a layer a `datetime` asks for.
enum LayerMoment {
    /// The layer's record then, and the state to read; `nil` for what is served now.
    typealias Found = (record: LayerRecord, state: LayerState?)

    /// - Parameter current: the layer as it is served.
    /// - Throws: `ParameterError` for a time to come, `RegistryError` where what the layer was then is not kept.
    static func find(
        _ range: DateTimeRange, of current: LayerRecord, in registry: any FeatureRegistry
    ) async throws -> Found {
        let now = Int64(Date().timeIntervalSince1970)
        switch range {
        case .instant(let second):
            let version = try await registry.version(of: current.id, at: try past(second, now))
            return try await found(.version(version), version, current, registry)
        case .interval(nil, let to):
            // From the beginning: what was there before the first import cannot be told.
            return try await found(since: 0, to: min(to ?? now, now), current, registry)
        case .interval(let from?, let to):
            _ = try past(from, now)
            return try await found(since: from, to: min(to ?? now, now), current, registry)
        }
    }

    private static func found(
        since: Int64, to: Int64, _ current: LayerRecord, _ registry: any FeatureRegistry
    ) async throws -> Found {
        let first = try await registry.version(of: current.id, at: text(since))
        let last = try await registry.version(of: current.id, at: text(to))
        return try await found(.version(last, since: first), first == last ? last : nil, current, registry)
    }

    private static func found(
        _ state: LayerState, _ version: Int64?, _ current: LayerRecord, _ registry: any FeatureRegistry
    ) async throws -> Found {
        if version == current.version { return (current, nil) }
        return (try await registry.record(of: current.id, in: state), state)
    }

    /// An instant as ISO 8601 in UTC.
    ///
    /// - Throws: `ParameterError` for an interval, and for a time to come.
    static func instant(_ text: String) throws(ParameterError) -> String {
        guard case .instant(let second) = try DateTimeRange(text) else {
            throw ParameterError(
                .invalid, name: "datetime", value: text,
                expected: .init(zh: "一个时刻：瓦片只有一时的样子", en: "an instant: a tile shows one moment"))
        }
        return try past(second, Int64(Date().timeIntervalSince1970))
    }

    private static func past(_ second: Int64, _ now: Int64) throws(ParameterError) -> String {
        guard second <= now else {
            throw ParameterError(
                .invalid, name: "datetime", value: text(second),
                expected: .init(zh: "不晚于现在（\(text(now))）的时刻；要今天的数据，请去掉 datetime", en: "a time up to now (\(text(now))); leave datetime out for what is there today"))
        }
        return text(second)
    }

    /// ISO 8601 in UTC.
    static func text(_ second: Int64) -> String {
        Date(timeIntervalSince1970: Double(second)).formatted(.iso8601)
    }
}
