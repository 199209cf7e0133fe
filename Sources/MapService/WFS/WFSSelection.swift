import CQL2
import FeatureStore
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// Which features of a layer a query of WFS is about, and what of them is shown.
struct WFSSelection {
    var selection: FeatureSelection
    /// With the properties that are shown.
    var type: GMLFeatureType

    init(_ query: WFSQuery, in state: LibraryState, desk: FeatureDesk) async throws {
        let types = WFSTypes(state: state)
        selection = try query.type.map { try types.selection($0) } ?? types.selection(ofResources: query.resourceIDs)
        type = selection.gmlType
        let vocabulary = selection.vocabulary(type)
        if !query.boxes.isEmpty { selection = try await desk.selection(selection, in: query.boxes, crs: query.boxCRS ?? WFSCapabilities.defaultCRS) }
        if let filter = query.filter { selection = try await desk.narrow(selection, by: filter, vocabulary) }
        if let text = query.cql { try await narrow(by: text, desk) }
        if !query.resourceIDs.isEmpty {
            let numbers = query.resourceIDs.compactMap { vocabulary.number(ofResource: $0) }
            try await narrow(by: numbers.isEmpty ? .boolean(false) : .isIn(.property(FeatureSelection.resourceIdentifier), numbers.map { .number(.integer($0)) }), desk)
        }
        try sort(by: query.order)
        if let names = query.properties { try show(names) }
    }

    /// One feature.
    init(resource id: String, in state: LibraryState) throws {
        selection = try WFSTypes(state: state).selection(ofResources: [id], locator: "ID")
        type = selection.gmlType
    }

    private mutating func narrow(by text: String, _ desk: FeatureDesk) async throws {
        do {
            try await narrow(by: try CQL2Expression(text: text), desk)
        } catch let error as CQL2Error {
            throw Self.refusal(text, error.message)
        } catch let error as FilterError {
            throw Self.refusal(text, error.message)
        }
    }

    private static func refusal(_ text: String, _ reason: LocalisedText) -> ParameterError {
        ParameterError(
            .invalid, name: "CQL_FILTER", value: text,
            expected: .init(zh: "适用于此图层的 cql2-text。\(reason.zh)", en: "cql2-text that suits the layer: \(reason.en)"))
    }

    private mutating func narrow(by expression: CQL2Expression, _ desk: FeatureDesk) async throws {
        let condition = try await desk.bind(
            expression, crs: .crs84, to: selection, isEastFirst: true, identifierName: FeatureSelection.resourceIdentifier)
        selection.filter = selection.filter?.and(condition) ?? condition
    }

    // MARK: Properties

    private mutating func sort(by terms: [ItemsQuery.SortTerm]) throws {
        selection.order = try terms.map { term in
            guard let property = type.properties.first(where: { $0.element == term.name }), let column = selection.record.schema.index(of: property.field.name)
            else { throw unknown(term.name, "SORTBY") }
            return SortKey(field: column, isDescending: term.isDescending)
        }
    }

    /// Leaves the named properties, in the order of the schema.
    private mutating func show(_ names: [String]) throws {
        for name in names where name != type.geometry?.element && !type.properties.contains(where: { $0.element == name }) {
            throw unknown(name, "PROPERTYNAME")
        }
        let shown = type.properties.indices.filter { names.contains(type.properties[$0].element) }
        selection.fields = shown.map { selection.fields[$0] }
        type.properties = shown.map { type.properties[$0] }
        if let own = type.geometry, !names.contains(own.element) { type.geometry = nil }
    }

    /// Leaves what a value reference names, and the features that have it.
    mutating func show(only reference: String, _ desk: FeatureDesk) async throws -> WFSValueReference {
        let step = reference.split(separator: "/").last.map(String.init) ?? reference
        let name = step.split(separator: ":").last.map(String.init) ?? step
        if step.hasPrefix("@"), name == "id" || name == "@id" {
            try show([])
            return .identifier
        }
        let vocabulary = selection.vocabulary(type)
        if let own = type.geometry, own.element == name, let geometry = vocabulary.geometry {
            try await narrow(by: .not(.isNull(.property(geometry.name))), desk)
            try show([name])
            return .geometry
        }
        guard let property = type.properties.first(where: { $0.element == name }) else { throw unknown(reference, "VALUEREFERENCE") }
        try await narrow(by: .not(.isNull(.property(property.field.name))), desk)
        try show([name])
        return .property(name)
    }

    private func unknown(_ name: String, _ parameter: String) -> ParameterError {
        let names = ((type.geometry.map { [$0.element] } ?? []) + type.properties.map(\.element)).joined(separator: ", ")
        return ParameterError(.invalid, name: parameter, value: name, expected: .init(zh: "\(type.name) 的属性：\(names)", en: "a property of \(type.name): \(names)"))
    }
}
