internal import Markup
internal import SimpleFeatures

/// Spatial operators.
extension FESReader {
    /// The features' own geometry: what a reference names, or the only one there is where there is no reference.
    private func own(_ element: MarkupElement) throws(FESError) -> CQL2Expression {
        if let reference = element.children.first(where: { isReference($0) }) {
            guard case .geometry(let name) = try vocabulary.referent(reference.trimmedText) else {
                let name = vocabulary.geometry.map { " " + $0.element } ?? ""
                throw .value(reference.trimmedText, in: "ValueReference", zh: "几何属性\(name)", en: "the geometry property\(name)")
            }
            return .property(name)
        }
        guard let geometry = vocabulary.geometry else {
            throw FESError(.value, zh: "\(vocabulary.type) 没有几何", en: "\(vocabulary.type) has no geometry")
        }
        return .property(geometry.name)
    }

    /// The geometry that an operator spells out.
    private func spelt(_ element: MarkupElement) throws(FESError) -> MarkupElement {
        if element.children.filter({ isReference($0) }).count > 1 { throw .unsupported("\(element.name) ValueReference ValueReference") }
        let others = element.children.filter { !isReference($0) && $0.name != "Distance" }
        guard let only = others.first, others.count == 1 else {
            throw FESError(.syntax, zh: "\(element.name) 中应有一个 GML 几何", en: "\(element.name) holds one geometry of GML")
        }
        guard only.name != "Literal" else {
            guard let inner = only.children.first, only.children.count == 1 else {
                throw FESError(.syntax, zh: "\(element.name) 的 Literal 中应有一个 GML 几何", en: "the Literal of \(element.name) holds one geometry of GML")
            }
            return inner
        }
        return only
    }

    mutating func spatial(_ relation: SpatialFunction, _ element: MarkupElement) throws(FESError) -> CQL2Expression {
        try spend(2)
        let own = try own(element)
        // CQL2 says how the first lies to the second, and so does FES.
        let isTurned = element.children.last.map { isReference($0) } ?? false
        let geometry = CQL2Expression.geometry(GeometryLiteral(try geometries.geometry(try spelt(element))))
        return isTurned ? .spatial(relation, geometry, own) : .spatial(relation, own, geometry)
    }

    mutating func boundingBox(_ element: MarkupElement) throws(FESError) -> CQL2Expression {
        try spend(2)
        let own = try own(element)
        let spelt = try spelt(element)
        guard spelt.name == "Envelope" || spelt.name == "Box" else { return .spatial(.intersects, own, .geometry(GeometryLiteral(try geometries.geometry(spelt)))) }
        let box = try geometries.envelope(spelt)
        return .spatial(.intersects, own, .box([box.minX, box.minY, box.maxX, box.maxY]))
    }

    // MARK: Distances

    /// `DWithin` and `Beyond`: what shares a position with all that lies within the distance, or does not.
    mutating func distance(_ element: MarkupElement) throws(FESError) -> CQL2Expression {
        try spend(3)
        let own = try own(element)
        let geometry = try geometries.geometry(try spelt(element))
        guard let distance = element["Distance"], let crs = geometries.crs else {
            throw FESError(.syntax, zh: "\(element.name) 中应有 Distance", en: "\(element.name) holds Distance")
        }
        let metres = try Self.metres(distance)
        if metres > 0 { try spendOnDistance(geometry.coordinateCount) }
        guard let area = try area(geometry, metres, crs) else {
            throw .value(distance.trimmedText, in: element.name, zh: "地图范围内的几何", en: "a geometry on the map")
        }
        return .spatial(element.name == "Beyond" ? .disjoint : .intersects, own, .geometry(GeometryLiteral(area)))
    }

    private static let farthestInMetres = 1_000_000.0

    private static func metres(_ element: MarkupElement) throws(FESError) -> Double {
        let unit = element.attributes["uom"] ?? element.attributes["units"] ?? "m"
        let factor: Double
        switch unit.lowercased() {
        case "m", "metre", "meter", "metres", "meters", "urn:ogc:def:uom:epsg::9001", "urn:ogc:def:uom:ogc:1.0:metre", "http://www.opengis.net/def/uom/ucum/0/m": factor = 1
        case "km", "kilometre", "kilometer", "kilometres", "kilometers", "urn:ogc:def:uom:epsg::9036": factor = 1000
        default: throw .value(unit, in: "uom", zh: "m 或 km", en: "m or km")
        }
        guard let number = Double(element.trimmedText), number >= 0, number * factor <= farthestInMetres else {
            throw .value(element.trimmedText, in: "Distance", zh: "0 至 \(Int(farthestInMetres)) 米的距离", en: "a distance from 0 to \(Int(farthestInMetres)) m")
        }
        return number * factor
    }
}
