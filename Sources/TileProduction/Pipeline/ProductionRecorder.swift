import FeatureStore
import Tiling

/// What happened while one tile was made; costs nothing measurable unless it is switched on.
public struct ProductionRecorder: Sendable {
    public struct Stage: Sendable {
        public var name: String
        public var milliseconds: Double
    }

    public struct Layer: Sendable {
        public var name: String
        public var milliseconds: Double
        /// Features whose boxes meet the window.
        public var considered: Int
        public var kept: Int
        public var vertices: Int
        public var leftOut: [(reason: String, count: Int)]
        /// Of the encoded layer; 0 for pictures.
        public var bytes: Int
    }

    private let isOn: Bool
    public private(set) var stages: [Stage] = []
    public internal(set) var layers: [Layer] = []
    private var lastLayer: (name: String, milliseconds: Double)?

    public init(isOn: Bool = false) {
        self.isOn = isOn
    }

    mutating func measure<Result>(_ stage: String, _ work: () throws -> Result) rethrows -> Result {
        guard isOn else { return try work() }
        let start = ContinuousClock.now
        defer { stages.append(Stage(name: stage, milliseconds: Self.milliseconds(since: start))) }
        return try work()
    }

    mutating func measure<Result>(layer: String, _ work: () throws -> Result) rethrows -> Result {
        guard isOn else { return try work() }
        let start = ContinuousClock.now
        defer { lastLayer = (layer, Self.milliseconds(since: start)) }
        return try work()
    }

    mutating func note(_ selection: TileSelection) {
        guard isOn, let (name, milliseconds) = lastLayer else { return }
        layers.append(
            Layer(
                name: name, milliseconds: milliseconds, considered: selection.considered,
                kept: selection.layer.features.count, vertices: selection.layer.coordinates.count / 2,
                leftOut: selection.leftOut.nonZero.map { ($0.reason.rawValue, $0.count) }, bytes: 0))
    }

    private static func milliseconds(since start: ContinuousClock.Instant) -> Double {
        let elapsed = start.duration(to: .now).components
        return Double(elapsed.seconds) * 1e3 + Double(elapsed.attoseconds) / 1e15
    }
}
