public import SimpleFeatures
public import Tiling

/// A feature as an element of GML: in the form of version 2.1.2 that feature information is read in, or of 3.2.1 as WFS 2.0
/// has it.
public struct GMLFeature: Hashable, Sendable {
    public enum Version: Hashable, Sendable {
        case v2
        case v32
    }

    /// The namespace of the features' own elements.
    public static let namespace = "urn:workmap:features"

    public var version: Version
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

    public init(
        version: Version, type: String, id: Int64, properties: [(name: String, value: PropertyValue)], geometry: Geometry?, crs: CRSIdentifier
    ) {
        self.version = version
        self.type = type
        self.id = id
        names = properties.map(\.name)
        values = properties.map(\.value)
        self.geometry = geometry
        self.crs = crs
    }

    /// What an identifier becomes as the name of an element: what no name may hold turns to underscores.
    public static func elementName(_ text: String) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            let isLetter = scalar.properties.isAlphabetic || scalar == "_"
            let isFurther = scalar.properties.generalCategory == .decimalNumber || scalar == "-" || scalar == "."
            name.unicodeScalars.append(isLetter || (isFurther && !name.isEmpty) ? scalar : "_")
        }
        return name.isEmpty ? "_" : name
    }

    func element() -> XMLText {
        let name = "\(Self.elementName(type)).\(id)"
        var children: [XMLText] = []
        if let geometry { children.append(XMLText("wm:geometry", [], [self.element(for: geometry, id: name + ".g")])) }
        for (field, value) in properties {
            guard let text = Self.text(value) else { continue }
            children.append(XMLText("wm:" + Self.elementName(field), text: text))
        }
        return XMLText("wm:" + Self.elementName(type), [(version == .v2 ? "fid" : "gml:id", name)], children)
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

    private func element(for geometry: Geometry, id: String, isOutermost: Bool = true) -> XMLText {
        var attributes: [(String, String)] = version == .v32 ? [("gml:id", id)] : []
        if isOutermost { attributes.append(("srsName", version == .v2 ? crs.description : crs.urn)) }
        func members(_ parts: [Geometry], _ name: String) -> [XMLText] {
            parts.enumerated().map { place, part in
                XMLText("gml:\(name)", [], [element(for: part, id: "\(id).\(place)", isOutermost: false)])
            }
        }
        switch geometry {
        case .point(let c): return XMLText("gml:Point", attributes, [positions([c], isOne: true)])
        case .lineString(let path): return XMLText("gml:LineString", attributes, [positions(path)])
        case .polygon(let polygon): return XMLText("gml:Polygon", attributes, rings(polygon))
        case .multiPoint(let points): return XMLText("gml:MultiPoint", attributes, members(points.map { .point($0) }, "pointMember"))
        case .multiLineString(let paths):
            let (whole, part) = version == .v2 ? ("MultiLineString", "lineStringMember") : ("MultiCurve", "curveMember")
            return XMLText("gml:\(whole)", attributes, members(paths.map { .lineString($0) }, part))
        case .multiPolygon(let polygons):
            let (whole, part) = version == .v2 ? ("MultiPolygon", "polygonMember") : ("MultiSurface", "surfaceMember")
            return XMLText("gml:\(whole)", attributes, members(polygons.map { .polygon($0) }, part))
        case .geometryCollection(let parts): return XMLText("gml:MultiGeometry", attributes, members(parts, "geometryMember"))
        }
    }

    private func rings(_ polygon: Polygon) -> [XMLText] {
        polygon.rings.enumerated().map { place, ring in
            let name =
                switch version {
                case .v2: place == 0 ? "outerBoundaryIs" : "innerBoundaryIs"
                case .v32: place == 0 ? "exterior" : "interior"
                }
            return XMLText("gml:\(name)", [], [XMLText("gml:LinearRing", [], [positions(ring)])])
        }
    }

    private func rounded(_ ordinate: Double) -> Double { (ordinate * scale).rounded() / scale }

    private func positions(_ path: [Coordinate], isOne: Bool = false) -> XMLText {
        let between = version == .v2 ? "," : " "
        let text = path.map { "\(rounded($0.x))\(between)\(rounded($0.y))" }.joined(separator: " ")
        return XMLText(version == .v2 ? "gml:coordinates" : isOne ? "gml:pos" : "gml:posList", text: text)
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
                ("xmlns:wfs", "http://www.opengis.net/wfs"), ("xmlns:gml", "http://www.opengis.net/gml"), ("xmlns:wm", GMLFeature.namespace),
            ], [bounds] + features.map { XMLText("gml:featureMember", [], [$0.element()]) }
        ).document()
    }
}
