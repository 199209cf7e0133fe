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
        /// Reasons with their counts; in = kept + left out, `repaired` apart.
        public var leftOut: [(reason: String, count: Int)]
        /// Of the encoded layer, not packed; `nil` in pictures, where a layer has none.
        public var bytes: Int?
        /// Name of the prepared file that was read.
        public var source: String
    }

    /// Reasons that only an account gives, because counting them costs a query.
    public enum Reason {
        /// The layer's plan does not show it at this level.
        public static let outsideLevel = LeftOut.Reason.outsideLevel.rawValue
        /// The style draws nothing of the layer at this level.
        public static let notStyled = "not-styled"
        /// The box meets the window and the geometry does not.
        public static let outsideWindow = "outside-window"
    }

    let isOn: Bool
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

    mutating func note(_ selection: TileSelection, source path: String) {
        guard isOn, let (name, milliseconds) = lastLayer else { return }
        var leftOut = selection.leftOut.nonZero.map { (reason: $0.reason.rawValue, count: $0.count) }
        let counted = selection.leftOut.nonZero.reduce(0) { $0 + ($1.reason == .repaired ? 0 : $1.count) }
        let rest = selection.considered - selection.layer.features.count - counted
        if rest > 0 { leftOut.append((Reason.outsideWindow, rest)) }
        layers.append(
            Layer(
                name: name, milliseconds: milliseconds, considered: selection.considered,
                kept: selection.layer.features.count, vertices: selection.layer.coordinates.count / 2, leftOut: leftOut,
                bytes: nil, source: Self.fileName(path)))
    }

    /// A layer that gives the window nothing as a whole.
    mutating func note(layer name: String, leftOut count: Int, reason: String, source path: String) {
        guard isOn, count > 0 else { return }
        layers.append(
            Layer(
                name: name, milliseconds: 0, considered: count, kept: 0, vertices: 0, leftOut: [(reason, count)],
                bytes: nil, source: Self.fileName(path)))
    }

    /// - Parameter sizes: bytes of the encoded layers by name.
    mutating func note(encoded sizes: [(name: String, bytes: Int)]) {
        guard isOn else { return }
        for size in sizes {
            guard let place = layers.firstIndex(where: { $0.name == size.name && $0.bytes == nil }) else { continue }
            layers[place].bytes = size.bytes
        }
    }

    private static func fileName(_ path: String) -> String {
        path.split(separator: "/").last.map { String($0) } ?? path
    }

    private static func milliseconds(since start: ContinuousClock.Instant) -> Double {
        let elapsed = start.duration(to: .now).components
        return Double(elapsed.seconds) * 1e3 + Double(elapsed.attoseconds) / 1e15
    }
}
