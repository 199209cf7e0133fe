internal import Reprojection
internal import SimpleFeatures
internal import Topology
internal import Wording

/// Turns the records of one source into features of the layer, or counts why not.
struct RecordIntake: ~Copyable {
    private let source: String
    private let fields: [Field]
    /// For each field of the source, its position in the layer.
    private let positions: [Int]
    private let isSameOrder: Bool
    private let hasGeometry: Bool
    private let operation: CoordinateOperation?
    private let topology: TopologyContext
    private let blank: [PropertyValue]
    private let mends: Bool

    /// - Parameter mends: whether a geometry that is not valid is repaired; otherwise its record is rejected.
    init(
        source: String, positions: [Int], definition: LayerDefinition, operation: consuming CoordinateOperation?, mends: Bool = true
    ) throws(TopologyError) {
        self.mends = mends
        self.source = source
        self.fields = definition.schema.fields
        self.positions = positions
        isSameOrder = positions == Array(definition.schema.fields.indices)
        hasGeometry = definition.crs != nil
        self.operation = operation
        topology = try TopologyContext()
        blank = Array(repeating: .null, count: definition.schema.fields.count)
    }

    /// The feature as it shall be stored; `nil` when the record was rejected, which `findings` then counts.
    borrowing func take(
        _ record: ReadRecord, findings: inout ImportFindings
    ) -> Feature? {
        for notice in record.notices { findings.notices.add(notice, source: source, at: record.location) }
        guard var feature = record.feature else {
            for rejection in record.rejections { findings.rejections.add(rejection, source: source, at: record.location) }
            return nil
        }
        if let geometry = feature.geometry, !geometry.isEmpty {
            guard let placed = place(geometry, at: record.location, &findings) else { return nil }
            feature.geometry = placed
        } else {
            feature.geometry = nil
        }
        arrange(&feature.values, at: record.location, &findings)
        return feature
    }

    private borrowing func place(
        _ geometry: Geometry, at location: SourceLocation, _ findings: inout ImportFindings
    ) -> Geometry? {
        guard hasGeometry else {
            findings.rejections.add(.unexpectedGeometry, source: source, at: location)
            return nil
        }
        do throws(TopologyError) {
            let repaired = try topology.repaired(geometry)
            if !mends, let kind = repaired.kinds.first {
                findings.rejections.add(.invalid(kind, geometry), source: source, at: location)
                return nil
            }
            for kind in repaired.kinds { findings.repairs.add(.repair(kind), source: source, at: location) }
            switch operation {
            case nil: return repaired.geometry
            case .some(let operation):
                if let carried = operation.transform(repaired.geometry) { return carried }
                findings.rejections.add(.notConvertible(repaired.geometry), source: source, at: location)
                return nil
            }
        } catch {
            findings.rejections.add(.irreparable(error, geometry), source: source, at: location)
            return nil
        }
    }

    private borrowing func arrange(
        _ values: inout [PropertyValue], at location: SourceLocation, _ findings: inout ImportFindings
    ) {
        if !isSameOrder {
            var arranged = blank
            for (index, position) in positions.enumerated() { arranged[position] = values[index] }
            values = arranged
        }
        for index in values.indices where !RecordIntake.fits(values[index], fields[index].kind) {
            if let coerced = ValueCoercion.coerce(values[index], to: fields[index].kind) {
                values[index] = coerced
            } else {
                findings.notices.add(.valueDropped(values[index], fields[index]), source: source, at: location)
                values[index] = .null
            }
        }
    }

    /// Whether nothing need be done, which is nearly always so.
    private static func fits(_ value: PropertyValue, _ kind: FieldKind) -> Bool {
        switch (value, kind) {
        case (.null, _), (.text, .text), (.integer, .integer), (.boolean, .boolean), (.text, .date), (.text, .dateTime): true
        case (.real(let r), .real): r.isFinite
        default: false
        }
    }
}

/// What an import has found so far.
struct ImportFindings {
    var rejections: DiagnosticTally
    var repairs: DiagnosticTally
    var notices: DiagnosticTally

    init(examplesPerKey: Int, sensitiveFields: Set<String>) {
        rejections = DiagnosticTally(examplesPerKey: examplesPerKey, sensitiveFields: sensitiveFields)
        repairs = rejections
        notices = rejections
    }
}

extension Diagnostic {
    fileprivate static let unexpectedGeometry = Diagnostic(
        key: "geometry-unexpected",
        reason: .init(zh: "此记录有位置，而数据源开头没有位置，也未声明坐标系。", en: "The record has a place, and the source neither began with places nor declares a CRS."),
        suggestion: .init(zh: "请用 --crs 指明坐标系。", en: "State the CRS with --crs."))

    fileprivate static func repair(_ kind: RepairKind) -> Diagnostic {
        Diagnostic(
            key: kind.rawValue,
            reason: .init(zh: "几何无效，已修复。", en: "The geometry was invalid and has been repaired."),
            suggestion: .init(zh: "请在源头改正。", en: "Mend it at its source."))
    }

    /// A fault that a repair would put right, where none is wanted.
    fileprivate static func invalid(_ kind: RepairKind, _ geometry: Geometry) -> Diagnostic {
        Diagnostic(
            key: kind.rawValue, field: "geometry", value: geometry.kind.name,
            reason: .init(zh: "几何无效：\(kind.chinese)。", en: "The geometry is not valid: \(kind.english)."),
            suggestion: .init(
                zh: "请改正几何后重发；或允许修复（HTTP：Prefer: handling=lenient）。",
                en: "Mend it and send it again; or allow repairs (over HTTP: Prefer: handling=lenient)."))
    }

    fileprivate static func notConvertible(_ geometry: Geometry) -> Diagnostic {
        let box = geometry.envelope
        return Diagnostic(
            key: "coordinate-not-convertible", value: "\(box.minX) \(box.minY)",
            reason: .init(zh: "有坐标落在其坐标系的定义范围之外。", en: "A position lies where its CRS is not defined."),
            suggestion: .init(zh: "请检查坐标，或用 --crs 改正坐标系。", en: "Check the position, or the CRS with --crs."))
    }

    fileprivate static func irreparable(_ error: TopologyError, _ geometry: Geometry) -> Diagnostic {
        switch error.code {
        case .notFinite:
            let position = geometry.firstNonFinite
            return Diagnostic(
                key: "coordinate-not-finite", value: position.map { "\($0.x) \($0.y)" },
                reason: .init(zh: "坐标分量不是数字。", en: "An ordinate is not a number."),
                suggestion: .init(zh: "请给出坐标，或不写几何。", en: "Give the position, or leave the geometry out."))
        case .tooLarge:
            return Diagnostic(
                key: "too-many-positions", value: "\(geometry.coordinateCount)",
                reason: .init(zh: "几何超过单个要素允许的大小。", en: "The geometry is larger than a feature may be."),
                suggestion: .init(zh: "请拆分为多个要素。", en: "Divide it into several features."))
        case .malformed, .nothingLeft, .engineFailure:
            return Diagnostic(
                key: "geometry-irreparable", value: geometry.kind.name,
                reason: .init(
                    zh: "几何无效且无法修复：\(error.code.chinese)。", en: "The geometry is invalid beyond repair: \(error.message)."),
                suggestion: .init(zh: "请在源头重新绘制。", en: "Draw it again at its source."))
        }
    }

    fileprivate static func valueDropped(_ value: PropertyValue, _ field: Field) -> Diagnostic {
        let text: String =
            switch value {
            case .null: ""
            case .boolean(let flag): "\(flag)"
            case .integer(let n): "\(n)"
            case .real(let r): "\(r)"
            case .text(let s): s
            }
        return Diagnostic(
            key: "value-not-of-kind", field: field.name, value: text,
            reason: .init(zh: "此值不属字段类型 \(field.kind.rawValue)，已略去。", en: "The value is not of the field's kind, \(field.kind.rawValue), and was left out."),
            suggestion: .init(zh: "请改正此值，或将该列声明为文本。", en: "Correct the value, or declare the column as text."))
    }
}

extension RepairKind {
    fileprivate var chinese: String {
        switch self {
        case .ringClosed: "环未闭合，末点应与首点相同"
        case .pathTooShort: "环或线的点数不足"
        case .spike: "边界原路折回"
        case .selfIntersection: "边界自相交"
        case .duplicateRing: "同一环重复出现"
        case .holeOutsideShell: "内环位于外环之外"
        case .nestedHole: "内环套在另一内环之中"
        case .nestedShell: "一个多边形位于另一个之内"
        case .disconnectedInterior: "内部被内环分割开"
        case .debrisDropped: "混有其他维数的部分"
        case .other: "几何引擎指出了其他错误"
        }
    }

    fileprivate var english: String {
        switch self {
        case .ringClosed: "a ring is not closed, its last position is not the first"
        case .pathTooShort: "a ring or line has too few positions"
        case .spike: "the border runs back over itself"
        case .selfIntersection: "the border crosses itself"
        case .duplicateRing: "a ring occurs twice"
        case .holeOutsideShell: "a hole lies outside its outer ring"
        case .nestedHole: "a hole lies in another hole"
        case .nestedShell: "a polygon lies inside another"
        case .disconnectedInterior: "holes cut its interior in two"
        case .debrisDropped: "there are parts of another dimension in it"
        case .other: "the geometry engine names another fault"
        }
    }
}

extension TopologyError.Code {
    /// What it is called in the report, where `TopologyError.message` gives the engine's own words.
    fileprivate var chinese: String {
        switch self {
        case .notFinite: "坐标不是有效数字"
        case .tooLarge: "顶点过多"
        case .malformed: "线或环的点数不足，或环未闭合"
        case .nothingLeft: "修复后不剩任何图形"
        case .engineFailure: "几何引擎无法处理"
        }
    }
}
