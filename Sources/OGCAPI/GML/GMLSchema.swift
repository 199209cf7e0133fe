internal import SimpleFeatures

/// The XML Schema of feature types, which DescribeFeatureType gives (OGC 09-025r2 clause 9).
public struct GMLSchema: Hashable, Sendable {
    public var types: [GMLFeatureType]

    public init(types: [GMLFeatureType]) {
        self.types = types
    }

    public func xml() -> [UInt8] {
        let gml = XMLText(
            "xsd:import", [("namespace", "http://www.opengis.net/gml/3.2"), ("schemaLocation", "http://schemas.opengis.net/gml/3.2.1/gml.xsd")], [])
        return XMLText(
            "xsd:schema",
            [("xmlns:xsd", "http://www.w3.org/2001/XMLSchema")] + GMLWriter.namespaces + [
                ("targetNamespace", GMLFeatureType.namespace), ("elementFormDefault", "qualified"),
            ], [gml] + types.flatMap { [element($0), definition($0)] }
        ).document()
    }

    private func element(_ type: GMLFeatureType) -> XMLText {
        XMLText("xsd:element", [("name", type.name), ("type", type.qualifiedName + "Type"), ("substitutionGroup", "gml:AbstractFeature")], [])
    }

    private func definition(_ type: GMLFeatureType) -> XMLText {
        var members: [XMLText] = []
        if let geometry = type.geometry { members.append(property(geometry.element, Self.type(of: geometry.kind), title: nil)) }
        members += type.properties.map { property($0.element, Self.type(of: $0.field.kind), title: $0.field.title) }
        let sequence = XMLText("xsd:sequence", [], members)
        return XMLText(
            "xsd:complexType", [("name", type.name + "Type")],
            [XMLText("xsd:complexContent", [], [XMLText("xsd:extension", [("base", "gml:AbstractFeatureType")], [sequence])])])
    }

    private func property(_ name: String, _ type: String, title: String?) -> XMLText {
        let notes = title.map { [XMLText("xsd:annotation", [], [XMLText("xsd:documentation", [("xml:lang", "zh")], text: $0)])] } ?? []
        return XMLText("xsd:element", [("name", name), ("type", type), ("nillable", "true"), ("minOccurs", "0"), ("maxOccurs", "1")], notes)
    }

    private static func type(of kind: GeometryKind?) -> String {
        switch kind {
        case .point: "gml:PointPropertyType"
        case .lineString: "gml:CurvePropertyType"
        case .polygon: "gml:SurfacePropertyType"
        case .multiPoint: "gml:MultiPointPropertyType"
        case .multiLineString: "gml:MultiCurvePropertyType"
        case .multiPolygon: "gml:MultiSurfacePropertyType"
        case .geometryCollection: "gml:MultiGeometryPropertyType"
        case nil: "gml:GeometryPropertyType"
        }
    }

    private static func type(of kind: FieldKind) -> String {
        switch kind {
        case .boolean: "xsd:boolean"
        case .integer: "xsd:long"
        case .real: "xsd:double"
        case .text: "xsd:string"
        case .date: "xsd:date"
        case .dateTime: "xsd:dateTime"
        }
    }
}
