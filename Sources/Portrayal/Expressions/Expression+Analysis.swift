extension Expression {
    var children: [Expression] {
        switch self {
        case .literal, .property, .hasProperty, .globalState, .tokens, .within, .distance: []
        case .call(_, let a), .coalesce(let a), .list(let a), .assertion(_, let a), .coercion(_, let a): a
        case .compare(let c): [c.left, c.right] + (c.collator.map { [$0] } ?? [])
        case .branch(let branches, let otherwise): branches.flatMap { [$0.test, $0.output] } + [otherwise]
        case .match(let m): [m.input] + m.outputs + [m.otherwise]
        case .step(let input, _, let outputs): [input] + outputs
        case .interpolate(let i): [i.input] + i.outputs
        case .format(let parts): parts.flatMap { [$0.content] + [$0.scale, $0.font, $0.colour].compactMap { $0 } }
        case .collator(let a, let b, let locale): [a, b] + (locale.map { [$0] } ?? [])
        case .numberFormat(let f):
            [f.number] + [f.locale, f.currency, f.unit, f.minimumFractionDigits, f.maximumFractionDigits].compactMap { $0 }
        }
    }

    /// Whether any node of the tree, this one included, satisfies `test`.
    func contains(_ test: (Expression) -> Bool) -> Bool {
        test(self) || children.contains { $0.contains(test) }
    }

    /// Whether the value is the same for every feature.
    var isFeatureConstant: Bool {
        !contains { node in
            switch node {
            case .property, .hasProperty, .tokens, .within, .distance: return true
            case .call(let function, let arguments):
                switch function {
                case .get, .has: return arguments.count == 1
                case .featureState, .properties, .geometryType, .id, .accumulated: return true
                default: return false
                }
            default: return false
            }
        }
    }

    /// Whether the value is the same at every zoom.
    var isZoomConstant: Bool {
        !contains { if case .call(.zoom, _) = $0 { true } else { false } }
    }

    /// Whether the value differs from place to place of one feature: along a line, or over a density surface.
    var variesInFeature: Bool {
        contains { node in
            if case .call(let function, _) = node { [.lineProgress, .heatmapDensity, .elevation].contains(function) } else { false }
        }
    }

    /// Whether the value can be computed when the style is compiled.
    var isConstant: Bool {
        isFeatureConstant
            && !contains { node in
                switch node {
                case .collator, .globalState: return true
                case .call(let function, _):
                    return [.zoom, .heatmapDensity, .elevation, .lineProgress, .isSupportedScript, .error, .image]
                        .contains(function)
                case .numberFormat: return false
                default: return false
                }
            }
    }

    /// The same tree for one zoom: whatever does not depend on the feature is a literal afterwards.
    func folded(_ context: EvaluationContext) -> Expression {
        if case .literal = self { return self }
        if isFeatureConstant, !variesInFeature {
            // What fails stays a node, so that it fails again where a feature asks for it.
            do { return .literal(try value(context)) } catch {}
        }
        switch self {
        case .call(let function, let a): return .call(function, a.map { $0.folded(context) })
        case .coalesce(let a): return .coalesce(a.map { $0.folded(context) })
        case .list(let a): return .list(a.map { $0.folded(context) })
        case .assertion(let type, let a): return .assertion(type, a.map { $0.folded(context) })
        case .coercion(let type, let a): return .coercion(type, a.map { $0.folded(context) })
        case .compare(var c):
            c.left = c.left.folded(context)
            c.right = c.right.folded(context)
            return .compare(c)
        case .branch(let branches, let otherwise):
            return .branch(
                branches.map { ($0.test.folded(context), $0.output.folded(context)) },
                otherwise: otherwise.folded(context))
        case .match(var m):
            m.input = m.input.folded(context)
            m.outputs = m.outputs.map { $0.folded(context) }
            m.otherwise = m.otherwise.folded(context)
            return .match(m)
        case .step(let input, let stops, let outputs):
            let x = input.folded(context)
            if case .literal(.number(let n)) = x { return outputs[Self.lastStop(stops, notAbove: n)].folded(context) }
            return .step(input: x, stops: stops, outputs: outputs.map { $0.folded(context) })
        case .interpolate(var i):
            i.input = i.input.folded(context)
            i.outputs = i.outputs.map { $0.folded(context) }
            return .interpolate(i)
        default: return self
        }
    }

    /// What of a feature the expression reads.
    var inputs: ExpressionInputs {
        var out = ExpressionInputs()
        _ = contains { node in
            switch node {
            case .property(let name), .hasProperty(let name): out.properties.insert(name)
            case .tokens(let pieces):
                for (i, piece) in pieces.enumerated() where i & 1 == 1 { out.properties.insert(piece) }
            case .call(let function, let arguments):
                switch function {
                case .get, .has: if arguments.count == 1 { out.needsAllProperties = true }
                case .properties: out.needsAllProperties = true
                case .geometryType: out.needsGeometryKind = true
                case .id: out.needsID = true
                default: break
                }
            case .within, .distance: out.needsGeometry = true
            default: break
            }
            return false
        }
        return out
    }
}

/// What of a feature an expression reads.
public struct ExpressionInputs: Hashable, Sendable {
    public var properties: Set<String> = []
    /// Whether a name is computed, so that any property may be read.
    public var needsAllProperties = false
    public var needsGeometryKind = false
    public var needsID = false
    /// Whether it matters where the feature lies.
    public var needsGeometry = false

    mutating func formUnion(_ other: ExpressionInputs) {
        properties.formUnion(other.properties)
        needsAllProperties = needsAllProperties || other.needsAllProperties
        needsGeometryKind = needsGeometryKind || other.needsGeometryKind
        needsID = needsID || other.needsID
        needsGeometry = needsGeometry || other.needsGeometry
    }
}
