public import SimpleFeatures
public import Tiling

/// Writes features as GML 3.2.1 (OGC 07-036), simple features profile, into one buffer.
///
/// Elements without a value are left out. Positions are in the order that the authority of the CRS defines.
public struct GMLWriter: Sendable {
    /// What has been written and not yet taken.
    public var bytes: [UInt8] = []
    private let type: GMLFeatureType
    private let crs: CRSIdentifier
    private let isNorthFirst: Bool
    /// Degrees to a tenth of a millimetre, metres likewise.
    private let decimals: Int
    private let tags: [(opening: [UInt8], closing: [UInt8])]

    public static let namespaces = [
        ("xmlns:gml", "http://www.opengis.net/gml/3.2"), ("xmlns:\(GMLFeatureType.prefix)", GMLFeatureType.namespace),
    ]

    /// - Parameter type: its properties are those that features come with, in that order.
    public init(type: GMLFeatureType, crs: CRSIdentifier) {
        self.type = type
        self.crs = crs
        isNorthFirst = crs.isNorthFirst == true
        decimals = crs.isGeographic == true ? 9 : 4
        tags = type.properties.map {
            (Array("<\(GMLFeatureType.prefix):\($0.element)>".utf8), Array("</\(GMLFeatureType.prefix):\($0.element)>".utf8))
        }
    }

    // MARK: Features

    /// A feature as a member of a collection.
    public mutating func appendMember(_ feature: Feature) {
        append("<wfs:member>")
        append(feature)
        append("</wfs:member>\n")
    }

    /// - Parameter attributes: of the feature's element, after its id; namespaces where it is the outermost.
    /// - Precondition: one value a property; positions are east first.
    public mutating func append(_ feature: Feature, attributes: [(String, String)] = []) {
        precondition(feature.values.count == tags.count, "a feature needs one value a property")
        let id = type.resourceID(feature.id)
        append("<\(type.qualifiedName) gml:id=\"\(id)\"")
        for (name, value) in attributes { append(" \(name)=\"\(XMLText.escape(value))\"") }
        append(">")
        if let own = type.geometry, let geometry = feature.geometry { append(geometry, own, of: id) }
        for place in tags.indices { append(feature.values[place], tags[place]) }
        append("</\(type.qualifiedName)>")
    }

    /// The value of one property, or of the geometry, as a member of a collection of values; nothing where there is none.
    ///
    /// - Returns: whether there was a value.
    @discardableResult
    public mutating func appendValue(of feature: Feature, _ reference: WFSValueReference) -> Bool {
        let length = bytes.count
        append("<wfs:member>")
        let start = bytes.count
        let id = type.resourceID(feature.id)
        switch reference {
        case .identifier: append(id)
        case .geometry: if let own = type.geometry, let geometry = feature.geometry { append(geometry, own, of: id) }
        case .property: append(feature.values[0], tags[0])
        }
        guard bytes.count > start else {
            bytes.removeLast(bytes.count - length)
            return false
        }
        append("</wfs:member>\n")
        return true
    }

    private mutating func append(_ value: PropertyValue, _ tag: (opening: [UInt8], closing: [UInt8])) {
        switch value {
        case .null: return
        case .boolean(let flag):
            bytes += tag.opening
            append(flag ? "true" : "false")
        case .integer(let number):
            bytes += tag.opening
            JSONText.append(number, to: &bytes)
        case .real(let number):
            guard number.isFinite else { return }
            bytes += tag.opening
            JSONText.append(number, to: &bytes)
        case .text(let text):
            bytes += tag.opening
            append(escaping: text)
        }
        bytes += tag.closing
    }

    private mutating func append(escaping text: String) {
        let isPlain = text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"), 0..<0x20, 0xEF: false
            default: true
            }
        }
        bytes += isPlain ? Array(text.utf8) : Array(XMLText.escape(text).utf8)
    }

    private mutating func append(_ text: String) { bytes += text.utf8 }

    // MARK: Geometries

    private mutating func append(_ geometry: Geometry, _ own: GMLFeatureType.GeometryProperty, of id: String) {
        guard geometry.firstNonFinite == nil, !geometry.isEmpty else { return }
        append("<\(GMLFeatureType.prefix):\(own.element)>")
        append(geometry.declared(as: own.kind), id: id + ".g", isOutermost: true)
        append("</\(GMLFeatureType.prefix):\(own.element)>")
    }

    private mutating func append(_ geometry: Geometry, id: String, isOutermost: Bool = false) {
        let name = geometry.gmlName
        append("<gml:\(name) gml:id=\"\(id)\"")
        if isOutermost { append(" srsName=\"\(crs.urn)\" srsDimension=\"2\"") }
        append(">")
        switch geometry {
        case .point(let c): append([c], as: "gml:pos")
        case .lineString(let path): append(path, as: "gml:posList")
        case .polygon(let polygon): append(polygon)
        case .multiPoint(let points): members(points.map { .point($0) }, "pointMember", id)
        case .multiLineString(let paths): members(paths.map { .lineString($0) }, "curveMember", id)
        case .multiPolygon(let polygons): members(polygons.map { .polygon($0) }, "surfaceMember", id)
        case .geometryCollection(let parts): members(parts, "geometryMember", id)
        }
        append("</gml:\(name)>")
    }

    private mutating func members(_ parts: [Geometry], _ name: String, _ id: String) {
        for (place, part) in parts.enumerated() {
            append("<gml:\(name)>")
            append(part, id: "\(id).\(place)")
            append("</gml:\(name)>")
        }
    }

    private mutating func append(_ polygon: Polygon) {
        for (place, ring) in polygon.rings.enumerated() {
            append(place == 0 ? "<gml:exterior><gml:LinearRing>" : "<gml:interior><gml:LinearRing>")
            append(ring, as: "gml:posList")
            append(place == 0 ? "</gml:LinearRing></gml:exterior>" : "</gml:LinearRing></gml:interior>")
        }
    }

    private mutating func append(_ path: [Coordinate], as name: String) {
        append("<\(name)>")
        for (place, c) in path.enumerated() {
            if place > 0 { bytes.append(UInt8(ascii: " ")) }
            JSONText.append(isNorthFirst ? c.y : c.x, decimals: decimals, to: &bytes)
            bytes.append(UInt8(ascii: " "))
            JSONText.append(isNorthFirst ? c.x : c.y, decimals: decimals, to: &bytes)
        }
        append("</\(name)>")
    }
}

extension Geometry {
    fileprivate var gmlName: String {
        switch self {
        case .point: "Point"
        case .lineString: "LineString"
        case .polygon: "Polygon"
        case .multiPoint: "MultiPoint"
        case .multiLineString: "MultiCurve"
        case .multiPolygon: "MultiSurface"
        case .geometryCollection: "MultiGeometry"
        }
    }

    /// One part as several of one, where that is what is declared.
    fileprivate func declared(as kind: GeometryKind?) -> Geometry {
        switch (self, kind) {
        case (.point(let c), .multiPoint): .multiPoint([c])
        case (.lineString(let path), .multiLineString): .multiLineString([path])
        case (.polygon(let polygon), .multiPolygon): .multiPolygon([polygon])
        default: self
        }
    }
}
