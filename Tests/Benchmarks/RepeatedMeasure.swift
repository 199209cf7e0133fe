import Foundation

/// What stops a measure.
struct BenchmarkFailure: Error {
    var message: String
}

/// Does one thing again and again and keeps what each time cost.
struct RepeatedMeasure {
    struct Costs {
        /// CPU milliseconds, ascending.
        var milliseconds: [Double]

        var json: String {
            let median = Self.rounded(milliseconds[milliseconds.count / 2])
            return "{\"n\": \(milliseconds.count), \"cpu_ms\": \(median), \"least_ms\": \(Self.rounded(milliseconds[0]))}"
        }

        private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }
    }

    /// How long to go on, in CPU milliseconds.
    let milliseconds: Double

    /// At least three times, after one time that warms.
    func run(_ body: () throws -> Void) rethrows -> Costs {
        try body()
        var costs: [Double] = []
        let start = Self.processorMilliseconds()
        while costs.count < 3 || Self.processorMilliseconds() - start < milliseconds {
            let before = Self.processorMilliseconds()
            try body()
            costs.append(Self.processorMilliseconds() - before)
        }
        return Costs(milliseconds: costs.sorted())
    }

    static func processorMilliseconds() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) * 1e-6
    }
}
