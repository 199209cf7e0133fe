import Synchronization

/// Counters and latency histograms, written in the Prometheus text format 0.0.4.
///
/// Label values are a small closed set (route names and status codes), never anything a client chose.
public final class Metrics: Sendable {
    /// Upper bounds of the latency buckets, in seconds.
    static let bounds: [Double] = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

    private struct Series: Hashable {
        var route: String
        var status: Int
    }

    private struct Histogram {
        var buckets = [Int](repeating: 0, count: bounds.count + 1)
        var sum = 0.0
        var count = 0
    }

    private struct State {
        var requests: [Series: Int] = [:]
        var bytes: [String: Int] = [:]
        var latencies: [String: Histogram] = [:]
    }

    private let state = Mutex(State())

    // Tiles answered from memory: counted without a lock, for they are most of the traffic.
    private let hitsOK = Atomic<Int>(0)
    private let hitsNoContent = Atomic<Int>(0)
    private let hitsNotModified = Atomic<Int>(0)
    private let hitBytes = Atomic<Int>(0)
    private static let hitRoute = "tile-hit"

    public init() {}

    /// Counts a tile answered from memory, in no time worth measuring.
    ///
    /// - Parameter status: 200, 204 or 304.
    func recordTileHit(status: Int, bytes: Int) {
        switch status {
        case 200: hitsOK.wrappingAdd(1, ordering: .relaxed)
        case 204: hitsNoContent.wrappingAdd(1, ordering: .relaxed)
        default: hitsNotModified.wrappingAdd(1, ordering: .relaxed)
        }
        hitBytes.wrappingAdd(bytes, ordering: .relaxed)
    }

    /// The state with the tiles from memory in it.
    private func snapshot() -> State {
        var now = state.withLock { $0 }
        let hits = [
            (200, hitsOK.load(ordering: .relaxed)), (204, hitsNoContent.load(ordering: .relaxed)),
            (304, hitsNotModified.load(ordering: .relaxed)),
        ]
        for (status, n) in hits where n > 0 {
            now.requests[Series(route: Self.hitRoute, status: status), default: 0] += n
            now.latencies[Self.hitRoute, default: Histogram()].buckets[0] += n
            now.latencies[Self.hitRoute, default: Histogram()].count += n
        }
        let bytes = hitBytes.load(ordering: .relaxed)
        if bytes > 0 { now.bytes[Self.hitRoute, default: 0] += bytes }
        return now
    }

    /// Counts one answered request.
    func record(route: String, status: Int, bytes: Int, seconds: Double) {
        state.withLock {
            $0.requests[Series(route: route, status: status), default: 0] += 1
            $0.bytes[route, default: 0] += bytes
            let bucket = Self.bounds.firstIndex { seconds <= $0 } ?? Self.bounds.count
            $0.latencies[route, default: Histogram()].buckets[bucket] += 1
            $0.latencies[route, default: Histogram()].sum += seconds
            $0.latencies[route, default: Histogram()].count += 1
        }
    }

    /// The exposition, with `readings` of this moment appended.
    func exposition(readings: [MetricReading]) -> String {
        let now = snapshot()
        var text = ""
        text += "# HELP workmap_requests_total Requests answered.\n# TYPE workmap_requests_total counter\n"
        for (series, n) in now.requests.sorted(by: { ($0.key.route, $0.key.status) < ($1.key.route, $1.key.status) }) {
            text += "workmap_requests_total{route=\"\(series.route)\",status=\"\(series.status)\"} \(n)\n"
        }
        text += "# HELP workmap_response_bytes_total Body bytes sent.\n# TYPE workmap_response_bytes_total counter\n"
        for (route, n) in now.bytes.sorted(by: { $0.key < $1.key }) {
            text += "workmap_response_bytes_total{route=\"\(route)\"} \(n)\n"
        }
        text += "# HELP workmap_request_seconds Time to the finished response.\n# TYPE workmap_request_seconds histogram\n"
        for (route, histogram) in now.latencies.sorted(by: { $0.key < $1.key }) {
            text += Self.lines(of: histogram, route: route)
        }
        return text + readings.map(\.text).joined()
    }

    private static func lines(of histogram: Histogram, route: String) -> String {
        var text = ""
        var cumulative = 0
        for (bound, n) in zip(bounds, histogram.buckets) {
            cumulative += n
            text += "workmap_request_seconds_bucket{route=\"\(route)\",le=\"\(bound)\"} \(cumulative)\n"
        }
        text += "workmap_request_seconds_bucket{route=\"\(route)\",le=\"+Inf\"} \(histogram.count)\n"
        text += "workmap_request_seconds_sum{route=\"\(route)\"} \(histogram.sum)\n"
        text += "workmap_request_seconds_count{route=\"\(route)\"} \(histogram.count)\n"
        return text
    }
}
