/// One number read when the metrics are asked for, from whoever keeps it.
struct MetricReading {
    enum Kind: String {
        /// Only rises while the process runs; its name ends in `_total`.
        case counter
        case gauge
    }

    let name: String
    let kind: Kind
    /// One sentence for whoever draws the number.
    let help: String
    let value: Double

    private init(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        self.name = name
        self.kind = kind
        self.help = help
        self.value = value
    }

    /// - Parameter name: without `workmap_` and `_total`.
    static func counter(_ name: String, _ help: String, _ value: Int) -> MetricReading {
        MetricReading("workmap_\(name)_total", .counter, help, Double(value))
    }

    /// - Parameter name: without `workmap_`.
    static func gauge(_ name: String, _ help: String, _ value: Int) -> MetricReading {
        MetricReading("workmap_\(name)", .gauge, help, Double(value))
    }

    /// In the text format 0.0.4.
    var text: String { "# HELP \(name) \(help)\n# TYPE \(name) \(kind.rawValue)\n\(name) \(value)\n" }
}
