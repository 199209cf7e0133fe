public import SimpleFeatures
public import Tiling

/// A feature as an element of GML 2.1.2, which feature information is read in.
public struct GMLFeature: Hashable, Sendable {
    /// The collection's id.
    public var type: String
    public var id: Int64
    /// Names and values in order; nulls are left out.
    public var properties: [(name: String, value: PropertyValue)] {
        get { zip(names, values).map { ($0, $1) } }
        set { (names, values) = (newValue.map(\.name), newValue.map(\.value)) }
    }
    private var names: [String]
    private var values: [PropertyValue]
    /// Its positions in the order in which they are written.
    public var geometry: Geometry?
    public var crs: CRSIdentifier

    public init(type: String, id: Int64, properties: [(name: String, value: PropertyValue)], geometry: Geometry?, crs: CRSIdentifier) {
        self.type = type
        self.id = id
        names = properties.map(\.name)
        values = properties.map(\.value)
        self.geometry = geometry
        self.crs = crs
    }

    func element() -> XMLText {
        let name = "\(GMLName.element(type)).\(id)"
        var children: [XMLText] = []
        if let geometry { children.append(XMLText("wm:geometry", [], [self.element(for: geometry)])) }
        for (field, value) in properties {
            guard let text = Self.text(value) else { continue }
            children.append(XMLText("wm:" + GMLName.element(field), text: text))
        }
        return XMLText("wm:" + GMLName.element(type), [("fid", name)], children)
    }

    private static func text(_ value: PropertyValue) -> String? {
        switch value {
        case .null: nil
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let number): String(number)
        case .real(let number): number.isFinite ? "\(number)" : nil
        case .text(let text): text
        }
    }

    // MARK: Geometry

    /// Degrees to a tenth of a millimetre, metres likewise.
    private var scale: Double { crs.isGeographic == true ? 1e9 : 1e4 }

    private func element(for geometry: Geometry, isOutermost: Bool = true) -> XMLText {
        let attributes = isOutermost ? [("srsName", crs.description)] : []
        func members(_ parts: [Geometry], _ name: String) -> [XMLText] {
            parts.map { XMLText("gml:\(name)", [], [element(for: $0, isOutermost: false)]) }
        }
        switch geometry {
        case .point(let c): return XMLText("gml:Point", attributes, [positions([c])])
        case .lineString(let path): return XMLText("gml:LineString", attributes, [positions(path)])
        case .polygon(let polygon): return XMLText("gml:Polygon", attributes, rings(polygon))
        case .multiPoint(let points): return XMLText("gml:MultiPoint", attributes, members(points.map { .point($0) }, "pointMember"))
        case .multiLineString(let paths):
            return XMLText("gml:MultiLineString", attributes, members(paths.map { .lineString($0) }, "lineStringMember"))
        case .multiPolygon(let polygons):
            return XMLText("gml:MultiPolygon", attributes, members(polygons.map { .polygon($0) }, "polygonMember"))
        case .geometryCollection(let parts): return XMLText("gml:MultiGeometry", attributes, members(parts, "geometryMember"))
        }
    }

    private func rings(_ polygon: Polygon) -> [XMLText] {
        polygon.rings.enumerated().map { place, ring in
            XMLText("gml:\(place == 0 ? "outerBoundaryIs" : "innerBoundaryIs")", [], [XMLText("gml:LinearRing", [], [positions(ring)])])
        }
    }

    private func rounded(_ ordinate: Double) -> Double { (ordinate * scale).rounded() / scale }

    private func positions(_ path: [Coordinate]) -> XMLText {
        XMLText("gml:coordinates", text: path.map { "\(rounded($0.x)),\(rounded($0.y))" }.joined(separator: " "))
    }
}

/// Features under a place as clients of WMS read them in GML 2.
public struct GMLFeatureInfo: Hashable, Sendable {
    public var features: [GMLFeature]

    public init(features: [GMLFeature]) {
        self.features = features
    }

    public func xml() -> [UInt8] {
        let bounds = XMLText("gml:boundedBy", [], [XMLText("gml:null", text: "unknown")])
        return XMLText(
            "wfs:FeatureCollection",
            [
                ("xmlns:wfs", "http://www.opengis.net/wfs"), ("xmlns:gml", "http://www.opengis.net/gml"), ("xmlns:wm", GMLFeatureType.namespace),
            ], [bounds] + features.map { XMLText("gml:featureMember", [], [$0.element()]) }
        ).document()
    }
}
