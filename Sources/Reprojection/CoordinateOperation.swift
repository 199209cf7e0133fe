public import SimpleFeatures

/// Carries positions from one CRS to another, east first on both sides, under a datum policy.
///
/// It owns PROJ state, so it belongs to one owner at a time. Building one costs 40 to 300 ms where PROJ is involved:
/// build once a source, never a request.
public struct CoordinateOperation: ~Copyable {
    public let source: CRS
    public let target: CRS
    private let offset: Offset?
    private let kernel: Kernel
    private let legs: Legs

    private enum Offset { case gcj02, bd09 }
    fileprivate enum Kernel { case proj, identity, toWebMercator, fromWebMercator }
    private struct Legs: ~Copyable {
        var first: ProjTransformation?
        var second: ProjTransformation?
    }

    /// - Parameter source: GCJ-02 and BD-09 are undone first, then count as CGCS2000.
    /// - Parameter target: any CRS but GCJ-02 and BD-09.
    /// - Throws: `datumRefused` with the remedy in the message, `obfuscatedTarget`, `invalidPipeline`, `unknownCRS`.
    public init(from source: CRS, to target: CRS, policy: DatumPolicy) throws(ReprojectionError) {
        try self.init(from: source, to: target, policy: policy, shortcuts: true)
    }

    /// - Parameter shortcuts: false to have PROJ do what closed formulas would, for comparison.
    init(from source: CRS, to target: CRS, policy: DatumPolicy, shortcuts: Bool) throws(ReprojectionError) {
        guard !target.isObfuscated else {
            throw ReprojectionError(
                .obfuscatedTarget,
                "\(target.id) is undone on import and never produced; ask for EPSG:4490 or EPSG:3857 instead")
        }
        let start = source.isObfuscated ? CRS.cgcs2000 : source
        let route = try policy.route(from: start, to: target)
        let kernel = shortcuts && route != .throughCGCS2000 ? Kernel.shortcut(from: start, to: target) : .proj
        let legs = try CoordinateOperation.legs(from: start, to: target, kernel == .proj ? route : nil, policy)
        self.source = source
        self.target = target
        self.offset = source.datum == .gcj02 ? .gcj02 : source.datum == .bd09 ? .bd09 : nil
        self.kernel = kernel
        self.legs = legs
    }

    private static func legs(
        from source: CRS, to target: CRS, _ route: DatumPolicy.Route?, _ policy: DatumPolicy
    ) throws(ReprojectionError) -> Legs {
        switch route {
        case nil: return Legs()
        case .direct(let allowsBallpark):
            let first = try ProjTransformation(from: source, to: target, allowsBallpark: allowsBallpark)
            return Legs(first: first, second: nil)
        case .throughCGCS2000:
            let first = try leg(to: .cgcs2000, of: source, policy)
            let second = try leg(from: .cgcs2000, of: target, policy)
            return Legs(first: first, second: second)
        }
    }

    private static func leg(
        to middle: CRS, of crs: CRS, _ policy: DatumPolicy
    ) throws(ReprojectionError) -> ProjTransformation {
        if let pipeline = policy.pipeline(for: crs) {
            return try ProjTransformation(pipeline: pipeline, of: crs, inverse: false)
        }
        return try ProjTransformation(
            from: crs, to: middle, allowsBallpark: policy.route(from: crs, to: middle) == .direct(allowsBallpark: true))
    }

    private static func leg(
        from middle: CRS, of crs: CRS, _ policy: DatumPolicy
    ) throws(ReprojectionError) -> ProjTransformation {
        if let pipeline = policy.pipeline(for: crs) {
            return try ProjTransformation(pipeline: pipeline, of: crs, inverse: true)
        }
        return try ProjTransformation(
            from: middle, to: crs, allowsBallpark: policy.route(from: middle, to: crs) == .direct(allowsBallpark: true))
    }

    /// Carries positions in place; those that cannot be carried become NaN.
    ///
    /// - Returns: how many could not be carried.
    public borrowing func transform(_ coordinates: inout [Coordinate]) -> Int {
        switch offset {
        case nil: break
        case .gcj02: CoordinateOperation.apply(ChinaOffset.removingGCJ02, to: &coordinates)
        case .bd09: CoordinateOperation.apply(ChinaOffset.removingBD09, to: &coordinates)
        }
        switch kernel {
        case .identity: return CoordinateOperation.apply(CoordinateOperation.placed, to: &coordinates)
        case .toWebMercator: return CoordinateOperation.apply(WebMercator.plane, to: &coordinates)
        case .fromWebMercator: return CoordinateOperation.apply(WebMercator.degrees, to: &coordinates)
        case .proj: break
        }
        var failures = legs.first?.transform(&coordinates) ?? 0
        failures = legs.second?.transform(&coordinates) ?? failures
        return failures
    }

    /// The position in the target CRS; `nil` when it cannot be carried.
    public borrowing func transform(_ coordinate: Coordinate) -> Coordinate? {
        var run = [coordinate]
        return transform(&run) == 0 ? run[0] : nil
    }

    /// The geometry in the target CRS; `nil` when any position of it cannot be carried.
    public borrowing func transform(_ geometry: Geometry) -> Geometry? {
        var failures = 0
        let result = geometry.mapPaths { path in
            var path = path
            failures += transform(&path)
            return path
        }
        return failures == 0 ? result : nil
    }

    @discardableResult
    private static func apply(_ formula: (Coordinate) -> Coordinate?, to coordinates: inout [Coordinate]) -> Int {
        var failures = 0
        for i in coordinates.indices {
            if let carried = formula(coordinates[i]), carried.isFinite {
                coordinates[i] = carried
            } else {
                coordinates[i] = .unplaceable
                failures &+= 1
            }
        }
        return failures
    }

    /// The identity on longitude and latitude, for positions that are on the Earth at all.
    private static func placed(_ c: Coordinate) -> Coordinate? {
        abs(c.y) <= 90 && abs(c.x) <= 540 ? c : nil
    }
}

extension CoordinateOperation.Kernel {
    fileprivate static func shortcut(from source: CRS, to target: CRS) -> Self {
        let degrees: [CRS] = [.cgcs2000, .wgs84, .crs84]
        switch (degrees.contains(source), degrees.contains(target)) {
        case (true, true): return .identity
        case (true, false): return target == .webMercator ? .toWebMercator : .proj
        case (false, true): return source == .webMercator ? .fromWebMercator : .proj
        case (false, false): return .proj
        }
    }
}
