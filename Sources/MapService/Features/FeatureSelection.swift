import FeatureStore
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Wording

/// Which features of one layer a request is about, in the layer's own terms.
struct FeatureSelection: Sendable {
    /// A condition that boxes only narrow down.
    enum Shape: Sendable {
        /// CGCS2000 longitude and latitude; a radius of 0 asks for what covers the position.
        case circle(centre: Coordinate, radiusInMetres: Double)
        /// CGCS2000 longitude and latitude; features that share a position with it.
        case area(Geometry)
    }

    /// What all selections of a layer share; much of it, and a request hands its selection on and on.
    private final class Subject: Sendable {
        let layer: LiveLayer

        init(_ layer: LiveLayer) {
            self.layer = layer
        }
    }

    var record: LayerRecord
    /// The state of the layer that is meant; `nil` for what is served.
    private(set) var state: LayerState?
    /// As it is being served.
    var layer: LiveLayer { subject.layer }
    private let subject: Subject
    /// In the layer's CRS; several when a box crosses the antimeridian.
    var envelopes: [Envelope?]
    var shape: Shape?
    var filters: [PropertyFilter]
    /// A condition of the Common Query Language.
    var filter: FeatureFilter?
    /// What features are sorted by; empty for their ids.
    var order: [SortKey] = []
    /// Positions in the layer's schema of the fields that may be shown.
    var fields: [Int] {
        didSet { openSchema = FeatureSchema(fields: fields.map { record.schema.fields[$0] }) }
    }
    /// The fields that responses show, in schema order.
    private(set) var openSchema: FeatureSchema
    /// What withholds a feature.
    let withheld: [PropertyExclusion]

    /// Whether it is all of what is served of a layer, by id.
    var isWhole: Bool {
        state == nil && envelopes == [nil] && shape == nil && filters.isEmpty && filter == nil && order.isEmpty && withheld.isEmpty
    }

    /// The layer by id, if its features may be shown one by one.
    ///
    /// - Throws: 404 for an unknown layer and for one that is shown as aggregates only.
    init(layer id: String, in state: LibraryState) throws {
        guard let layer = state.layers[id], let record = layer.record else {
            throw ProblemError.notFound(
                zh: "没有图层 \(id)；全部见 /collections",
                en: "there is no collection \(id); /collections lists them")
        }
        guard layer.definition.isServedByFeature else {
            throw ProblemError(
                403, .init(zh: "不予开放", en: "Not open"),
                .init(
                    zh: "\(layer.definition.title.zh)（\(id)）属 \(layer.definition.access.rawValue) 级，仅以汇总数上图",
                    en: "\(layer.definition.title.en) (\(id)) is of class \(layer.definition.access.rawValue); it is shown as aggregates on the map only"
                ))
        }
        subject = Subject(layer)
        self.record = record
        envelopes = [nil]
        filters = []
        let open = record.schema.fields.indices.filter { layer.isOpen(record.schema.fields[$0]) }
        fields = open
        openSchema = FeatureSchema(fields: open.map { record.schema.fields[$0] })
        withheld = layer.definition.withheld.map { PropertyExclusion(field: $0.field, values: $0.values.map(\.value)) }
    }

    /// The field that features are called by, where it may be seen.
    var openNameField: String? { layer.definition.nameField.flatMap { openSchema.index(of: $0) == nil ? nil : $0 } }

    /// Turns to another state of the layer, with the fields that it had.
    mutating func turn(to moment: LayerMoment.Found) {
        (record, state) = moment
        fields = record.schema.fields.indices.filter { layer.isOpen(record.schema.fields[$0]) }
    }

    /// The registry's query for one of the envelopes, in the order of ids.
    func query(_ envelope: Envelope?) -> FeatureQuery {
        var query = FeatureQuery(layer: record.id, envelope: envelope, filters: filters, fields: .some(fields))
        query.exclusions = withheld
        query.filter = filter
        query.state = state
        query.version = state == nil ? record.version : nil
        return query
    }
}

extension FeatureSchema {
    /// The fields that may be shown to anyone.
    func open(of layer: LiveLayer) -> FeatureSchema { FeatureSchema(fields: fields.filter(layer.isOpen)) }
}

extension FeatureSelection {
    /// Adds the property conditions of a request, typed as the fields are.
    ///
    /// - Throws: `ParameterError` for a value that the field cannot have.
    mutating func add(_ wanted: [ItemsQuery.PropertyFilter]) throws(ParameterError) {
        for filter in wanted {
            guard let column = record.schema.index(of: filter.name) else { continue }
            let kind = record.schema.fields[column].kind
            guard let value = Self.value(filter.value, kind) else {
                throw ParameterError(
                    .invalid, name: filter.name, value: filter.value,
                    expected: .init(zh: "\(kind.rawValue) 类型的值", en: "a value of type \(kind.rawValue)"))
            }
            filters.append(PropertyFilter(field: filter.name, value: value))
        }
    }

    /// Sorts by the properties that a request names.
    mutating func sort(by terms: [ItemsQuery.SortTerm]) {
        // Those that are not open were refused when the request was read.
        order = terms.compactMap { term in
            record.schema.index(of: term.name).map { SortKey(field: $0, isDescending: term.isDescending) }
        }
    }

    private static func value(_ text: String, _ kind: FieldKind) -> PropertyValue? {
        switch kind {
        case .text, .date, .dateTime: .text(text)
        case .integer: Int64(text).map { .integer($0) }
        case .real: Double(text).map { .real($0) }
        case .boolean:
            switch text.lowercased() {
            case "true", "1": .boolean(true)
            case "false", "0": .boolean(false)
            default: nil
            }
        }
    }
}
