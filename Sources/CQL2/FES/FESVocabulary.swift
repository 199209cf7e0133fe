public import SimpleFeatures
public import Tiling

/// What filters of one type of features may name, and what that is in an expression.
public struct FESVocabulary: Sendable {
    public struct Property: Hashable, Sendable {
        /// Of the element.
        public var element: String
        /// In the expression.
        public var name: String
        public var kind: FieldKind

        public init(element: String, name: String, kind: FieldKind) {
            self.element = element
            self.name = name
            self.kind = kind
        }
    }

    /// The features' element, which their resource ids begin with.
    public var type: String
    public var properties: [Property]
    /// The geometry's element and its name in the expression; `nil` for features without a place.
    public var geometry: (element: String, name: String)?
    /// What the expression calls the feature's id.
    public var identifierName: String
    /// Of geometries that name none, in its authority's order.
    public var defaultCRS: CRSIdentifier

    public init(
        type: String, properties: [Property], geometry: (element: String, name: String)?, identifierName: String, defaultCRS: CRSIdentifier
    ) {
        self.type = type
        self.properties = properties
        self.geometry = geometry
        self.identifierName = identifierName
        self.defaultCRS = defaultCRS
    }

    /// What a value reference names.
    enum Referent: Hashable {
        case property(Property)
        case geometry(String)
        case identifier
    }

    /// - Parameter reference: a name, or a path whose last step is one; prefixes and positions are taken off.
    func referent(_ reference: String) throws(FESError) -> Referent {
        let step = reference.split(separator: "/").last.map(String.init) ?? ""
        let plain = step.prefix { $0 != "[" }
        let name = String(plain.split(separator: ":").last ?? "")
        if step.hasPrefix("@") {
            guard name == "id" || name == "@id" else { throw unknown(reference) }
            return .identifier
        }
        if let property = properties.first(where: { $0.element == name }) { return .property(property) }
        if let geometry, geometry.element == name || (geometry.name == name) { return .geometry(geometry.name) }
        throw unknown(reference)
    }

    private func unknown(_ reference: String) -> FESError {
        let names = (properties.map(\.element) + (geometry.map { [$0.element] } ?? [])).joined(separator: ", ")
        return .value(reference, in: "ValueReference", zh: "\(type) 的属性：\(names)", en: "a property of \(type): \(names)")
    }

    /// The number of a feature's resource id; `nil` for an id that no feature of the type has.
    public func number(ofResource id: String) -> Int64? {
        let plain = id.split(separator: ":", omittingEmptySubsequences: false).last.map(String.init) ?? id
        guard plain.hasPrefix(type + ".") else { return Int64(plain) }
        return Int64(plain.dropFirst(type.count + 1))
    }
}
