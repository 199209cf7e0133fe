/// Which changes of datum the installation makes, and which it refuses rather than guess.
///
/// PROJ knows no operation between CGCS2000 and WGS 84 and silently does nothing; it does the same for Xi'an 80 and
/// Beijing 54, where doing nothing is 50 to 120 m wrong. The first is accepted here and stated, the others refused.
public struct DatumPolicy: Sendable {
    /// PROJ pipelines by CRS identifier, from the operator's protected file.
    ///
    /// A pipeline takes that CRS's positions east first, in its units, and gives CGCS2000 longitude and latitude. Its
    /// parameters are secret: no message, description or reflection of this module shows them.
    public var operatorPipelines: [String: String] {
        didSet { pipelines = DatumPolicy.canonical(operatorPipelines) }
    }
    private var pipelines: [String: String]

    /// - Parameter operatorPipelines: see the property; empty for an installation without local systems.
    public init(operatorPipelines: [String: String] = [:]) {
        self.operatorPipelines = operatorPipelines
        self.pipelines = DatumPolicy.canonical(operatorPipelines)
    }

    private static func canonical(_ pipelines: [String: String]) -> [String: String] {
        var result: [String: String] = [:]
        for (key, pipeline) in pipelines {
            result[CRS.canonicalIdentifier(key.trimmingSpace()) ?? key.trimmingSpace()] = pipeline
        }
        return result
    }

    /// The pipeline registered for a CRS by its identifier or, for a definition, by its name.
    func pipeline(for crs: CRS) -> String? {
        pipelines[crs.id] ?? (crs.isDefinition ? pipelines[crs.name] : nil)
    }

    /// What the installation prints when it starts, in Chinese and English.
    public var statement: String {
        let registered = pipelines.keys.sorted().map { $0.contains("[") ? "WKT" : $0 }.joined(separator: ", ")
        return """
            坐标基准策略：CGCS2000 与 WGS 84 视为一致（至 2026 年板块运动累计约 0.9 m，不作改正）；\
            西安 80、北京 54 及地方独立坐标系一律拒绝，除非管理员登记了转换参数（已登记：\
            \(registered.isEmpty ? "无" : registered)）。GCJ-02、BD-09 仅在导入时还原，从不输出。
            Datum policy: CGCS2000 and WGS 84 are taken as identical (about 0.9 m of plate motion by 2026, not corrected); \
            Xi'an 80, Beijing 54 and local city systems are refused unless the operator registered a PROJ pipeline \
            (registered: \(registered.isEmpty ? "none" : registered)). GCJ-02 and BD-09 are undone on import, never served.
            """
    }

    /// How positions of `source` may reach `target`.
    func route(from source: CRS, to target: CRS) throws(ReprojectionError) -> Route {
        if source == target { return .direct(allowsBallpark: false) }
        if pipeline(for: source) != nil || pipeline(for: target) != nil { return .throughCGCS2000 }
        if source.datum.isAcceptedIdentity && target.datum.isAcceptedIdentity { return .direct(allowsBallpark: true) }
        if source.datum == target.datum && source.datum != .unknown { return .direct(allowsBallpark: false) }
        for crs in [source, target] {
            switch crs.datum {
            case .formerNational, .unknown: throw DatumPolicy.refusal(from: source, to: target, because: crs)
            default: break
            }
        }
        return .direct(allowsBallpark: false)
    }

    static func refusal(from source: CRS, to target: CRS, because crs: CRS) -> ReprojectionError {
        let reason =
            switch crs.datum {
            case .unknown: "has no datum that is known"
            case .formerNational(let name), .named(let name): "is on the datum \(name), and no operation of known accuracy leads from it"
            case .cgcs2000, .wgs84, .gcj02, .bd09: "cannot be reached"
            }
        return ReprojectionError(
            .datumRefused,
            "\(source.label) to \(target.label) is refused: \(crs.label) (\(crs.name)) \(reason). Doing nothing would be wrong by "
                + "tens of metres. Register a PROJ pipeline from \(crs.label) to CGCS2000 longitude, latitude in the "
                + "operator's pipelines, or deliver the data in CGCS2000")
    }

    enum Route: Equatable {
        case direct(allowsBallpark: Bool)
        /// Source to CGCS2000 degrees, then to the target: at least one leg is an operator's pipeline.
        case throughCGCS2000
    }
}

extension DatumPolicy: CustomStringConvertible, CustomReflectable {
    public var description: String { "DatumPolicy(\(pipelines.count) operator pipelines)" }
    public var customMirror: Mirror { Mirror(self, children: ["operatorPipelineCount": pipelines.count]) }
}
