import Foundation
import TestSupport
import Testing

@testable import Portrayal

/// The style language's own expression cases: does each compile or fail as it should, and what does it give.
@Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
struct ExpressionConformanceTests {
    static let root = Corpora.url("maplibre-expression/tests")

    /// Cases that do not hold, with the reason.
    static let known: [(prefix: String, reason: String)] = [
        ("within/", "geographic predicates are evaluated by the feature store, not by the style"),
        ("distance/", "geographic predicates are evaluated by the feature store, not by the style"),
    ]

    struct Score {
        var compiled = 0
        var cases = 0
        var outputs = 0
        var inputs = 0
        var whole = 0
        var failing: [String] = []
    }

    @Test func agreement() throws {
        var score = Score()
        for name in Corpora.cases(under: Self.root, holding: "test.json") {
            let fixture = try Corpora.json(Self.root.appending(path: name).appending(path: "test.json"))
            Self.run(name, fixture, &score)
        }
        print("expressions: compile \(score.compiled)/\(score.cases), outputs \(score.outputs)/\(score.inputs), "
            + "whole cases \(score.whole)/\(score.cases)")
        for line in score.failing { print("  fails:", line) }
        #expect(score.cases == 287)
        let unexplained = score.failing.filter { line in !Self.known.contains { line.hasPrefix($0.prefix) } }
        #expect(unexplained.isEmpty)
        #expect(score.compiled >= Self.floor.compiled)
        #expect(score.outputs >= Self.floor.outputs)
    }

    static let floor = (compiled: 258, outputs: 521)

    static func run(_ name: String, _ fixture: JSONValue, _ score: inout Score) {
        guard let members = fixture.object, let json = members["expression"],
            let expected = members["expected"]?.object, let compiled = expected["compiled"]?.object
        else { return }
        score.cases += 1
        let definition = definition(members["propertySpec"]?.object ?? [:])
        let result: Result<PropertyExpression, ExpressionFaults>
        do { result = .success(try PropertyExpression.compile(json, definition)) } catch { result = .failure(error) }
        let shouldCompile = compiled["result"] == .string("success")
        var agrees = true
        switch result {
        case .failure(let faults):
            agrees = !shouldCompile
            if shouldCompile { score.failing.append("\(name): refused: \(faults.issues.map(\.description))") }
        case .success(let property):
            agrees = shouldCompile
            if !shouldCompile { score.failing.append("\(name): accepted, should fail: \(compiled["errors"]?.description ?? "")") }
            let inputs = members["inputs"]?.array ?? []
            let outputs = expected["outputs"]?.array ?? []
            for (i, input) in inputs.enumerated() where i < outputs.count && shouldCompile {
                score.inputs += 1
                let got = evaluate(property, input.array ?? [], members["globalState"]?.object ?? [:])
                if matches(got, outputs[i]) {
                    score.outputs += 1
                } else {
                    agrees = false
                    score.failing.append("\(name): input \(i): \(got) for \(outputs[i].description.prefix(200))")
                }
            }
        }
        let compileAgrees: Bool = if case .success = result { shouldCompile } else { !shouldCompile }
        if compileAgrees { score.compiled += 1 }
        if agrees { score.whole += 1 }
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
            state: (feature["featureState"]?.object ?? [:]).mapValues(ExpressionValue.init))
        do {
            return .success(try property.expression.value(context))
        } catch {
            return property.fallback == .null ? .failure(error) : .success(property.fallback)
        }
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
