import FeatureStore
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// Carries the place that a body states into the CRS of its layer, and judges whether it can be one there.
struct PlaceJudge {
    let installation: Installation
    let desk: FeatureDesk
    /// How positions are sent: the CRS, whose authority says which ordinate comes first.
    let identifier: CRSIdentifier
    let isLenient: Bool

    struct Place {
        /// In the layer's CRS, east first; `nil` for none.
        var geometry: Geometry?
        var rejections: [Diagnostic] = []
        var notices: [Diagnostic] = []
    }

    /// Degrees around the city within which a place is believed.
    private static let neighbourhood = 1.0

    func judge(_ sent: SentFeature, for selection: FeatureSelection) async throws -> Place {
        var place = Place()
        guard case .value(let geometry) = sent.geometry, !geometry.isEmpty else { return place }
        if sent.hasHeights {
            if isLenient { place.notices.append(.heights) } else { place.rejections.append(.heights) }
        }
        if let wrong = Self.wrongKind(geometry, selection) {
            place.rejections.append(wrong)
            return place
        }
        guard let stored = selection.record.crs else { preconditionFailure("a layer without places takes no kind of geometry") }
        let isNorthFirst = identifier.isNorthFirst == true
        let ordered = isNorthFirst ? geometry.mapPaths { $0.map { Coordinate(x: $0.y, y: $0.x) } } : geometry
        let crs = try identifier.system()
        if crs.isGeographic, let position = Self.beyondTheEarth(ordered) {
            place.rejections.append(.outOfRange(position, isNorthFirst, identifier))
            return place
        }
        guard let carried = try await desk.carry(ordered, crs, stored), carried.firstNonFinite == nil else {
            place.rejections.append(.notConvertible(geometry, identifier, stored))
            return place
        }
        if let strange = try await implausibility(ordered, crs, selection.layer) {
            place.rejections.append(strange)
        } else {
            place.geometry = Self.asKept(carried, selection.record.geometry)
        }
        return place
    }

    /// `nil` where the layer takes geometries of this kind.
    private static func wrongKind(_ geometry: Geometry, _ selection: FeatureSelection) -> Diagnostic? {
        if selection.record.crs == nil || selection.record.geometry == .none { return .noPlace(geometry, selection.record.id) }
        // The catalogue says what a layer holds; one that is not in it holds what it does.
        let catalogued = GeometryKind.allCases.first { $0.name == selection.layer.definition.geometry }.flatMap(Self.dimension)
        let isOverlay = selection.layer.definition.group == "overlay"
        guard let dimension = isOverlay ? selection.record.dimension : catalogued else { return nil }
        guard geometry.kind == .geometryCollection || geometry.dimension != dimension else { return nil }
        return .wrongKind(geometry, dimension, selection.record.id)
    }

    private static func dimension(_ kind: GeometryKind) -> GeometryDimension? {
        switch kind {
        case .point, .multiPoint: .point
        case .lineString, .multiLineString: .line
        case .polygon, .multiPolygon: .area
        case .geometryCollection: nil
        }
    }

    private static func beyondTheEarth(_ geometry: Geometry) -> Coordinate? {
        var found: Coordinate?
        geometry.forEachPath { path in
            found = found ?? path.first { abs($0.x) > 180 || abs($0.y) > 90 }
        }
        return found
    }

    /// A layer of one kind stays one where a part and a collection of one part mean the same.
    private static func asKept(_ geometry: Geometry, _ kept: LayerGeometry) -> Geometry {
        switch (geometry, kept) {
        case (.point(let position), .only(.multiPoint)): .multiPoint([position])
        case (.lineString(let path), .only(.multiLineString)): .multiLineString([path])
        case (.polygon(let polygon), .only(.multiPolygon)): .multiPolygon([polygon])
        case (.multiPoint(let positions), .only(.point)) where positions.count == 1: .point(positions[0])
        case (.multiLineString(let paths), .only(.lineString)) where paths.count == 1: .lineString(paths[0])
        case (.multiPolygon(let polygons), .only(.polygon)) where polygons.count == 1: .polygon(polygons[0])
        default: geometry
        }
    }

    /// Why a place is hardly meant, as an import judges it; a layer that reaches far beyond the city may have it anywhere.
    private func implausibility(_ geometry: Geometry, _ crs: CRS, _ layer: LiveLayer) async throws -> Diagnostic? {
        let city = installation.city.box
        let near = Envelope(
            minX: city.minX - Self.neighbourhood, minY: city.minY - Self.neighbourhood, maxX: city.maxX + Self.neighbourhood,
            maxY: city.maxY + Self.neighbourhood)
        let known = layer.geographicEnvelope
        if !known.isEmpty, !near.contains(known) { return nil }
        let box = try await desk.carry(geometry, crs, .cgcs2000)?.envelope ?? .empty
        if !box.isEmpty, near.intersects(box) { return nil }
        var sample: [Coordinate] = []
        geometry.forEachPath { path in sample += path.prefix(max(0, 1_000 - sample.count)) }
        let assessment = CRSRecognition(cityEnvelope: city, policy: installation.policy).assess(declared: crs, sample: sample)
        return assessment.isPlausible ? nil : .implausible(assessment, sample.first, identifier)
    }
}

extension Diagnostic {
    fileprivate static let heights = Diagnostic(
        key: "dimension-dropped", field: "geometry",
        reason: .init(zh: "坐标带有高程或测量值，图层只存平面位置。", en: "Positions have heights or measures, and layers keep places in the plane."),
        suggestion: .init(
            zh: "请去掉第三个分量，或作为属性发送；或以 Prefer: handling=lenient 略去。",
            en: "Leave the third ordinate out, or send it as a property; or have it dropped with Prefer: handling=lenient."))

    fileprivate static func noPlace(_ geometry: Geometry, _ layer: String) -> Diagnostic {
        Diagnostic(
            key: "geometry-unexpected", field: "geometry", value: geometry.kind.name,
            reason: .init(zh: "图层 \(layer) 是无几何的表。", en: "Layer \(layer) is a table without places."),
            suggestion: .init(zh: "请将 geometry 写作 null。", en: "Write null for geometry."))
    }

    fileprivate static func wrongKind(_ geometry: Geometry, _ dimension: GeometryDimension, _ layer: String) -> Diagnostic {
        let wanted =
            switch dimension {
            case .point: "Point、MultiPoint"
            case .line: "LineString、MultiLineString"
            case .area: "Polygon、MultiPolygon"
            }
        return Diagnostic(
            key: "geometry-kind-wrong", field: "geometry", value: geometry.kind.name,
            reason: .init(zh: "图层 \(layer) 不含此类几何。", en: "Layer \(layer) holds no geometries of this kind."),
            suggestion: .init(zh: "请发送 \(wanted)。", en: "Send \(wanted.replacing("、", with: " or "))."))
    }

    fileprivate static func outOfRange(_ position: Coordinate, _ isNorthFirst: Bool, _ identifier: CRSIdentifier) -> Diagnostic {
        let order = isNorthFirst ? ("纬度、经度", "latitude, then longitude") : ("经度、纬度", "longitude, then latitude")
        return Diagnostic(
            key: "coordinate-out-of-range", field: "geometry", value: "\(position.x) \(position.y)",
            reason: .init(
                zh: "经度（\(position.x)）应在 ±180 之内，纬度（\(position.y)）应在 ±90 之内。",
                en: "The longitude (\(position.x)) lies within ±180 and the latitude (\(position.y)) within ±90."),
            suggestion: .init(
                zh: "\(identifier.uri) 的次序是\(order.0)；其他坐标系请用 Content-Crs 指明。",
                en: "\(identifier.uri) has \(order.1); name any other CRS in Content-Crs."))
    }

    fileprivate static func notConvertible(_ geometry: Geometry, _ identifier: CRSIdentifier, _ stored: CRS) -> Diagnostic {
        let box = geometry.envelope
        return Diagnostic(
            key: "coordinate-not-convertible", field: "geometry", value: "\(box.minX) \(box.minY)",
            reason: .init(
                zh: "坐标不能由 \(identifier.uri) 换算为图层的 \(stored.id)。", en: "A position cannot be carried from \(identifier.uri) to the layer's \(stored.id)."),
            suggestion: .init(zh: "请检查坐标及 Content-Crs。", en: "Check the positions and Content-Crs."))
    }

    fileprivate static func implausible(_ assessment: CRSAssessment, _ position: Coordinate?, _ identifier: CRSIdentifier) -> Diagnostic {
        let cause: LocalisedText =
            switch assessment.verdict {
            case .swappedAxes: .init(zh: "坐标的两个分量似乎颠倒了。", en: "The two ordinates seem to be the wrong way round.")
            case .zonePrefixMissing(let crs), .zonePrefixExtra(let crs), .anotherCRS(let crs), .declaredGeographicButProjected(let crs),
                .declaredProjectedButGeographic(let crs):
                .init(zh: "坐标似乎属 \(crs.id)，而非所声明的坐标系。", en: "The position seems to be in \(crs.id), and not in the CRS that is stated.")
            default: .init(zh: "位置远离本市。", en: "The place is far from the city.")
            }
        return Diagnostic(
            key: "place-implausible", field: "geometry", value: position.map { "\($0.x) \($0.y)" }, reason: cause,
            suggestion: .init(
                zh: "请按 \(identifier.uri) 的轴次序给出坐标，或在 Content-Crs 中声明其坐标系。",
                en: "Give positions in the axis order of \(identifier.uri), or state their CRS in Content-Crs."))
    }
}
