import Foundation
import SimpleFeatures
import TestSupport
import Testing
import Tiling

@testable import Portrayal

/// The style language's own expression cases: does each compile or fail as it should, and what does it give.
@Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
struct ExpressionConformanceTests {
    static let root = Corpora.url("maplibre-expression/tests")

    static let names = Corpora.isPresent ? Corpora.cases(under: root, holding: "test.json") : []

    /// How one case came out.
    struct Verdict {
        var compiles = false
        var inputs = 0
        var differences: [String] = []
    }

    @Test(arguments: names) func caseHolds(_ name: String) throws {
        let verdict = try Self.judge(name)
        #expect(verdict.compiles, "\(verdict.differences)")
        #expect(verdict.differences.isEmpty, "\(verdict.differences)")
    }

    /// What is compiled as it should be, and what is computed as it should be, counted apart.
    @Test func agreement() throws {
        var (compiled, inputs, outputs) = (0, 0, 0)
        for name in Self.names {
            let verdict = try Self.judge(name)
            if verdict.compiles { compiled += 1 }
            inputs += verdict.inputs
            outputs += verdict.compiles ? verdict.inputs - verdict.differences.count : 0
        }
        print("expressions: compile agreement \(compiled)/\(Self.names.count), output agreement \(outputs)/\(inputs)")
        #expect(Self.names.count == 287)
        #expect(compiled == Self.names.count && outputs == inputs)
    }

    static func judge(_ name: String) throws -> Verdict {
        let fixture = try Corpora.json(root.appending(path: name).appending(path: "test.json"))
        let members = try #require(fixture.object)
        let expected = try #require(members["expected"]?.object)
        let json = try #require(members["expression"])
        let shouldCompile = expected["compiled"]?.object?["result"] == .string("success")
        var verdict = Verdict()
        let outputs = expected["outputs"]?.array ?? []
        if shouldCompile { verdict.inputs = outputs.count }
        let property: PropertyExpression
        do {
            property = try PropertyExpression.compile(json, definition(members["propertySpec"]?.object ?? [:]))
        } catch {
            verdict.compiles = !shouldCompile
            if shouldCompile { verdict.differences.append("refused: \(error.issues.map(\.description))") }
            return verdict
        }
        verdict.compiles = shouldCompile
        guard shouldCompile else {
            verdict.differences.append("accepted, should fail: \(expected["compiled"]?.description ?? "")")
            return verdict
        }
        for (i, (input, output)) in zip(members["inputs"]?.array ?? [], outputs).enumerated() {
            let got = evaluate(property, input.array ?? [], members["globalState"]?.object ?? [:])
            if !matches(got, output) {
                verdict.differences.append("input \(i): \(got) for \(output.description.prefix(200))")
            }
        }
        return verdict
    }

    static func definition(_ spec: [String: JSONValue]) -> PropertyDefinition {
        let type = spec["type"]?.text
        let kinds: [String: PropertyDefinition.Kind] = [
            "number": .number, "boolean": .boolean, "color": .colour, "string": .string, "enum": .enumeration,
            "resolvedImage": .image, "formatted": .formatted, "padding": .padding, "numberArray": .numberArray,
            "colorArray": .colourArray, "variableAnchorOffsetCollection": .anchorOffsets,
            "projectionDefinition": .projection,
        ]
        var kind = PropertyDefinition.Kind.object
        if type == "array" {
            kind = ["number": .numbers, "string": .texts, "enum": .enumerations][spec["value"]?.text ?? ""] ?? .texts
        } else if let type {
            kind = kinds[type] ?? .object
        }
        var definition = PropertyDefinition(name: "some-property", kind: kind)
        definition.count = spec["length"]?.number.map { Int($0) }
        definition.names = spec["values"]?.object?.keys.sorted() ?? []
        definition.isDataDriven = spec["property-type"]?.text != "data-constant"
        definition.hasTokens = spec["tokens"] == .boolean(true)
        definition.isInterpolable = spec["expression"]?.object?["interpolated"] != .boolean(false)
        if let fallback = spec["default"], fallback.object == nil {
            let value = ExpressionValue(fallback)
            definition.standard = definition.type.flatMap { Expression.coerced(value, to: $0) } ?? value
        }
        return definition
    }

    static func evaluate(
        _ property: PropertyExpression, _ input: [JSONValue], _ state: [String: JSONValue]
    ) -> Result<ExpressionValue, ExpressionFailure> {
        let globals = input.first?.object ?? [:]
        let feature = input.count > 1 ? input[1].object ?? [:] : [:]
        var context = EvaluationContext()
        context.zoom = globals["zoom"]?.number
        context.heatmapDensity = globals["heatmapDensity"]?.number
        context.lineProgress = globals["lineProgress"]?.number
        context.elevation = globals["elevation"]?.number
        context.globalState = state.mapValues(ExpressionValue.init)
        context.images = Set((globals["availableImages"]?.array ?? []).compactMap(\.text))
        let geometry = feature["geometry"]?.object?["type"]?.text ?? "Unknown"
        context.feature = .record(
            properties: (feature["properties"]?.object ?? [:]).mapValues(ExpressionValue.init),
            id: feature["id"].map(ExpressionValue.init) ?? .null, geometry: geometry,
            state: (feature["featureState"]?.object ?? [:]).mapValues(ExpressionValue.init),
            shape: place(feature["geometry"], globals["canonicalID"], &context))
        do {
            return .success(try property.expression.value(context))
        } catch {
            return property.fallback == .null ? .failure(error) : .success(property.fallback)
        }
    }

    /// The feature's geometry on the grid of the tile it is said to lie in, which goes into the context.
    static func place(_ geometry: JSONValue?, _ tile: JSONValue?, _ context: inout EvaluationContext) -> GridShape? {
        guard let level = tile?.object?["z"]?.number, let geometry, let placed = PlacedGeometry(geometry) else { return nil }
        let grid = FeatureGrid(unitsAcrossWorld: 8192 * exp2(level))
        context.grid = grid
        func parts(_ lines: [[Coordinate]]) -> [[GridPosition]] {
            lines.map { $0.map { grid.position(of: FeatureGrid.mercator(degrees: $0)) } }
        }
        if !placed.points.isEmpty { return GridShape(kind: .point, parts: parts([placed.points])) }
        if !placed.lines.isEmpty { return GridShape(kind: .line, parts: parts(placed.lines)) }
        return GridShape(kind: .polygon, parts: parts(placed.polygons.flatMap { $0 }))
    }

    static func matches(_ got: Result<ExpressionValue, ExpressionFailure>, _ wanted: JSONValue) -> Bool {
        if let object = wanted.object, object.keys.elementsEqual(["error"]) {
            if case .failure = got { return true }
            return false
        }
        guard case .success(let value) = got else { return false }
        return matches(value, wanted)
    }

    static func matches(_ value: ExpressionValue, _ wanted: JSONValue) -> Bool {
        func close(_ a: Double, _ b: Double?) -> Bool {
            guard let b else { return false }
            return a == b || abs(a - b) <= 1.01e-5 * max(1, abs(b))
        }
        func all(_ a: [Double], _ b: JSONValue) -> Bool {
            guard let b = b.array, a.count == b.count else { return false }
            return zip(a, b).allSatisfy { close($0, $1.number) }
        }
        switch value {
        case .null: return wanted == .null
        case .boolean(let b): return wanted == .boolean(b)
        case .number(let n): return close(n, wanted.number) || (wanted == .null && !n.isFinite)
        case .string(let s): return wanted == .string(s)
        case .colour(let c):
            var listed = wanted
            if let members = wanted.object { listed = .array(["r", "g", "b", "a"].map { members[$0] ?? .null }) }
            return all([c.red, c.green, c.blue, c.alpha], listed)
        case .array(let items):
            guard let b = wanted.array, items.count == b.count else { return false }
            return zip(items, b).allSatisfy { matches($0, $1) }
        case .object(let members):
            guard let b = wanted.object, members.count == b.count else { return false }
            return members.allSatisfy { name, v in b[name].map { matches(v, $0) } ?? false }
        case .padding(let v), .numberArray(let v):
            return all(v, wanted) || all(v, wanted.object?["values"] ?? .null)
        case .colourArray(let colours):
            let list = wanted.array ?? wanted.object?["values"]?.array
            guard let list, list.count == colours.count else { return false }
            return zip(colours, list).allSatisfy { matches(.colour($0), $1) }
        case .image(let name, let isAvailable):
            return wanted.object?["name"] == .string(name) && wanted.object?["available"] == .boolean(isAvailable)
        case .formatted(let sections):
            guard let list = wanted.object?["sections"]?.array, list.count == sections.count else { return false }
            return zip(sections, list).allSatisfy { section, json in
                guard let json = json.object else { return false }
                return json["text"] == .string(section.text)
                    && (section.scale.map { close($0, json["scale"]?.number) } ?? (json["scale"] == .null))
                    && (section.fonts.map { json["fontStack"] == .string($0) } ?? (json["fontStack"] == .null))
                    && (section.colour.map { matches(.colour($0), json["textColor"] ?? .null) }
                        ?? (json["textColor"] == .null))
            }
        case .anchorOffsets(let list):
            var flat: [JSONValue] = []
            for item in list {
                flat.append(.string(item.anchor.rawValue))
                flat.append(.array(item.offset.map { .number($0) }))
            }
            return wanted == .array(flat) || wanted.object?["values"] == .array(flat)
        case .projection(let from, let to, let t):
            let members: [String: JSONValue] = ["from": .string(from), "to": .string(to), "transition": .number(t)]
            return wanted == .string(from) && from == to || wanted == .object(members)
                || wanted == .array([.string(from), .string(to), .number(t)])
        case .collator: return false
        }
    }
}
