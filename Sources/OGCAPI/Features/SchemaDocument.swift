public import SimpleFeatures
public import Tiling

/// The properties of a collection's features as JSON Schema: all of them, or those that queries may name
/// (OGC 19-079r2 clause 6.2, OGC 23-058r2).
///
/// Sensitive fields are left out of both.
public struct SchemaDocument: Hashable, Sendable {
    /// The URI that the document is served at.
    public var id: String
    public var title: String
    public var schema: FeatureSchema
    /// Whether features have a place.
    public var hasGeometry: Bool
    /// What the geometries are; `nil` where they are of several kinds.
    public var dimension: GeometryDimension?
    public var purpose: Purpose
    /// Whether clients may change features; `nil` where nothing can be changed at all, so that there is nothing to tell apart.
    public var isEditable: Bool?

    public enum Purpose: Hashable, Sendable {
        /// What features hold.
        case schema
        /// What queries may name, and nothing else.
        case queryables
        /// What answers may be sorted by, and nothing else.
        case sortables
    }

    public init(
        id: String, title: String, schema: FeatureSchema, hasGeometry: Bool = true, dimension: GeometryDimension?, purpose: Purpose
    ) {
        self.id = id
        self.title = title
        self.schema = schema
        self.hasGeometry = hasGeometry
        self.dimension = dimension
        self.purpose = purpose
    }

    public func json() -> JSONDocument {
        let isReadOnly: JSONDocument? = purpose == .schema && isEditable == false ? true : nil
        var properties: [JSONDocument.Member] = []
        if purpose == .schema, isEditable != nil, schema.index(of: "id") == nil {
            // Ids are the service's to give (OGC 20-002r1 clause "Feature schemas").
            properties.append(.init(name: "id", value: ["type": "integer", "readOnly": true, "x-ogc-role": "id"]))
        }
        if hasGeometry, purpose != .sortables {
            properties.append(
                JSONDocument.Member(
                    name: "geometry",
                    value: [
                        "title": purpose == .queryables ? "几何 / geometry" : nil, "format": .string(Self.format(of: dimension)),
                        "x-ogc-role": "primary-geometry", "readOnly": isReadOnly,
                    ]))
        }
        for field in schema.fields where !field.isSensitive {
            properties.append(JSONDocument.Member(name: field.name, value: Self.json(of: field, isReadOnly: isReadOnly)))
        }
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": .string(id), "title": .string(title),
            "type": "object", "properties": .object(properties),
            "additionalProperties": purpose == .schema && isEditable != true ? nil : false,
        ]
    }

    private static func format(of dimension: GeometryDimension?) -> String {
        switch dimension {
        case nil: "geometry-any"
        case .point: "geometry-point-or-multipoint"
        case .line: "geometry-linestring-or-multilinestring"
        case .area: "geometry-polygon-or-multipolygon"
        }
    }

    private static func json(of field: Field, isReadOnly: JSONDocument?) -> JSONDocument {
        let (type, format): (String, String?) =
            switch field.kind {
            case .boolean: ("boolean", nil)
            case .integer: ("integer", nil)
            case .real: ("number", nil)
            case .text: ("string", nil)
            case .date: ("string", "date")
            case .dateTime: ("string", "date-time")
            }
        return [
            "title": field.title.map { .string($0) }, "type": .string(type), "format": format.map { .string($0) }, "readOnly": isReadOnly,
        ]
    }
}
