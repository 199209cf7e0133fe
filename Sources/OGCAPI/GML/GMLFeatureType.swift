public import SimpleFeatures

/// Features of one kind as GML 3.2 has them: the names of their elements and what these hold.
public struct GMLFeatureType: Hashable, Sendable {
    /// The namespace of the features' own elements, and the prefix that documents give it.
    public static let namespace = "urn:workmap:features"
    public static let prefix = "wm"

    public struct Property: Hashable, Sendable {
        public var element: String
        public var field: Field

        public init(element: String, field: Field) {
            self.element = element
            self.field = field
        }
    }

    public struct GeometryProperty: Hashable, Sendable {
        public var element: String
        /// `nil` where features differ.
        public var kind: GeometryKind?
    }

    /// Of the features' element.
    public let name: String
    public var properties: [Property]
    /// `nil` for features without a place, and where it is not wanted.
    public var geometry: GeometryProperty?

    /// - Parameters:
    ///   - schema: the fields that may be shown.
    ///   - hasGeometry: whether features have a place.
    ///   - kind: of all geometries; `nil` where features differ.
    public init(id: String, schema: FeatureSchema, hasGeometry: Bool, kind: GeometryKind?) {
        name = GMLName.element(id)
        let fields = schema.fields.map(\.name)
        let own = ["geometry", "geom", "_geometry"].first { name in !fields.contains { GMLName.element($0) == name } } ?? "wm_geometry"
        let elements = GMLName.elements(fields, taken: hasGeometry ? [own] : [])
        properties = zip(elements, schema.fields).map { Property(element: $0, field: $1) }
        geometry = hasGeometry ? GeometryProperty(element: own, kind: kind) : nil
    }

    /// `wm:` and the name.
    public var qualifiedName: String { "\(Self.prefix):\(name)" }

    /// The id of a feature in documents, and in requests for it.
    public func resourceID(_ id: Int64) -> String { "\(name).\(id)" }

    /// The number in a resource id; `nil` for an id that no feature of the type has.
    public func number(ofResource id: String) -> Int64? {
        let plain = id.split(separator: ":").last.map(String.init) ?? id
        return plain.hasPrefix(name + ".") ? Int64(plain.dropFirst(name.count + 1)) : nil
    }
}
