import ArcGISREST
import CQL2
import FeatureStore
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// Which features of a layer a query of ArcGIS REST is about.
struct ArcGISSelection {
    /// Where bare ordinates lie that say no CRS: degrees where they can be degrees, else the CRS of the service.
    static func assumedCRS(_ geometry: Geometry) -> CRSIdentifier {
        let box = geometry.envelope
        let degrees = Envelope(minX: -180, minY: -90, maxX: 180, maxY: 90)
        return degrees.contains(box) ? .crs84 : CRSIdentifier(authority: "EPSG", code: "3857")
    }

    /// - Throws: `EsriError` for a condition that cannot be honoured.
    static func selection(_ query: EsriQuery, of layer: LiveLayer, in state: LibraryState, desk: FeatureDesk) async throws -> FeatureSelection {
        var selection: FeatureSelection
        do { selection = try FeatureSelection(layer: layer.definition.id, in: state) } catch { throw ArcGISAnswer.esri(error) }
        var terms: [CQL2Expression] = []
        if let condition = query.condition { terms.append(try expression(of: condition)) }
        if let ids = query.ids { terms.append(.isIn(.property(EsriFeatureWriter.idField), ids.map { .number(.integer($0)) })) }
        if query.ids?.isEmpty == true { terms = [.boolean(false)] }
        var crs = CRSIdentifier.crs84
        if let place = query.geometry {
            crs = place.crs ?? assumedCRS(place.geometry)
            if let distance = query.distance, distance > 0 {
                try await narrow(&selection, around: place.geometry, crs, distance, desk)
            } else {
                terms.append(spatial(query.relation, place.geometry))
            }
        }
        if !terms.isEmpty {
            let whole = terms.count == 1 ? terms[0] : CQL2Expression.and(terms)
            do {
                selection.filter = try await desk.bind(whole, crs: crs, to: selection, isEastFirst: true, identifierName: EsriFeatureWriter.idField)
            } catch let error as FilterError {
                throw EsriError.parameter(query.condition == nil ? "geometry" : "where", query.condition ?? "", expected: error.message)
            } catch let error as ReprojectionError {
                throw EsriError.parameter("inSR", crs.description, expected: .init(zh: "可换算到此图层的坐标系", en: "a CRS that can be carried to the layer's: \(error)"))
            }
        }
        selection.order = try order(query, selection)
        return selection
    }

    private static func expression(of condition: String) throws(EsriError) -> CQL2Expression {
        let text = try SQLCondition.cql2(condition)
        do throws(CQL2Error) {
            return try CQL2Expression(text: text)
        } catch {
            throw .parameter("where", condition, expected: .init(zh: "SQL-92 条件。\(error.message.zh)", en: "a condition of SQL-92: \(error.message.en)"))
        }
    }

    /// Esri says how the query's geometry lies to the features, CQL2 how the features lie to it.
    private static func spatial(_ relation: EsriQuery.Relation, _ geometry: Geometry) -> CQL2Expression {
        let features = CQL2Expression.property("geometry")
        func says(_ function: SpatialFunction, _ geometry: Geometry) -> CQL2Expression { .spatial(function, features, .geometry(GeometryLiteral(geometry))) }
        switch relation {
        case .intersects: return says(.intersects, geometry)
        case .contains: return says(.within, geometry)
        case .within: return says(.contains, geometry)
        case .crosses: return says(.crosses, geometry)
        case .overlaps: return says(.overlaps, geometry)
        case .touches: return says(.touches, geometry)
        case .envelopeIntersects, .indexIntersects:
            let box = geometry.envelope
            return .spatial(.intersects, features, .box([box.minX, box.minY, box.maxX, box.maxY]))
        }
    }

    private static func narrow(
        _ selection: inout FeatureSelection, around geometry: Geometry, _ crs: CRSIdentifier, _ distance: Double, _ desk: FeatureDesk
    ) async throws {
        guard case .point = geometry else {
            throw EsriError.parameter("distance", "\(distance)", expected: .init(zh: "仅用于点", en: "a point beside it"))
        }
        guard let stored = selection.record.crs, case .point(let centre)? = try await desk.carry(geometry, try crs.system(), .cgcs2000), centre.isFinite,
            let box = try await desk.carried(PlaceQuestion.box(around: centre, distance), .cgcs2000, stored)
        else { throw EsriError.parameter("geometry", "", expected: .init(zh: "地图范围内的位置", en: "a position on the map")) }
        selection.shape = .circle(centre: centre, radiusInMetres: distance)
        selection.envelopes = [box]
    }

    private static func order(_ query: EsriQuery, _ selection: FeatureSelection) throws(EsriError) -> [SortKey] {
        var keys: [SortKey] = []
        for (name, ascends) in query.order {
            if name.uppercased() == EsriFeatureWriter.idField {
                // Ids ascend by themselves; nothing after them decides.
                guard ascends else { throw .parameter("orderByFields", name, expected: .init(zh: "OBJECTID 只能升序", en: "OBJECTID in ascending order")) }
                break
            }
            keys.append(SortKey(field: try field(name, of: selection, "orderByFields"), isDescending: !ascends))
        }
        return keys
    }

    /// The position in the layer's schema of a field that may be seen.
    static func field(_ name: String, of selection: FeatureSelection, _ parameter: String) throws(EsriError) -> Int {
        let fields = selection.record.schema.fields
        let found = selection.fields.first { fields[$0].name == name } ?? selection.fields.first { fields[$0].name.lowercased() == name.lowercased() }
        guard let found else {
            let known = ([EsriFeatureWriter.idField] + selection.openSchema.fields.map(\.name)).joined(separator: ", ")
            throw .parameter(parameter, name, expected: .init(zh: "字段：\(known)", en: "fields: \(known)"))
        }
        return found
    }
}
