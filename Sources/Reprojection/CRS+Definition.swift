internal import CPROJ

extension CRS {
    /// The CRS that a `.prj` file or a GeoPackage definition describes.
    ///
    /// Where the definition's parameters are those of a registered CRS the result is that one, `EPSG:n`; the name alone
    /// is never enough. Otherwise the result carries the definition.
    /// - Parameter wkt: WKT 1 (ESRI or GDAL), WKT 2, PROJJSON, or a `+proj=` text.
    /// - Throws: `unknownCRS` when the text does not parse, `unsupportedCRS` when it is no horizontal CRS.
    public static func identify(wkt: String) throws(ReprojectionError) -> CRS {
        let text = wkt.trimmingSpace()
        let context = try ProjContext()
        let definition = text.hasPrefix("+") && !text.contains("type=crs") ? text + " +type=crs" : text
        guard let object = unsafe ProjObject(proj_create(context.pointer, definition)) else {
            throw ReprojectionError(
                .unknownCRS,
                "the CRS definition that begins \"\(text.prefix(48))\" cannot be read; name the CRS, such as --crs EPSG:4547")
        }
        let horizontal = try horizontal(of: object, in: context, label: "\"\(object.name)\"")
        let described = try describe(horizontal, in: context, id: definition)
        let zone = described.metresPerUnit == 1 ? zoneCode(of: horizontal, datum: described.datum, in: context) : nil
        guard let code = zone.map(String.init) ?? registeredCode(of: horizontal, in: context) else { return described }
        let id = "EPSG:\(code)"
        if let known = known.first(where: { $0.id == id }) { return known }
        return try inspect(definition: id, id: id)
    }

    /// Asks PROJ what `definition` is.
    static func inspect(definition: String, id: String) throws(ReprojectionError) -> CRS {
        let context = try ProjContext()
        guard let object = unsafe ProjObject(proj_create(context.pointer, definition)) else {
            throw ReprojectionError(
                .unknownCRS,
                "\(id) is not in the PROJ database; check the number, or give the CRS as a WKT definition")
        }
        let horizontal = try horizontal(of: object, in: context, label: id)
        return try describe(horizontal, in: context, id: id)
    }

    /// The geographic or projected part of a CRS: heights and attached datum shifts stripped.
    static func horizontal(
        of object: borrowing ProjObject, in context: borrowing ProjContext, label: String
    ) throws(ReprojectionError) -> ProjObject {
        var current = unsafe ProjObject(proj_clone(context.pointer, object.pointer))
        for _ in 0..<4 {
            guard let held = current.take() else { break }
            switch held.type {
            case PJ_TYPE_GEOGRAPHIC_2D_CRS, PJ_TYPE_PROJECTED_CRS, PJ_TYPE_GEOGRAPHIC_3D_CRS: return held
            case PJ_TYPE_BOUND_CRS: current = unsafe ProjObject(proj_get_source_crs(context.pointer, held.pointer))
            case PJ_TYPE_COMPOUND_CRS:
                current = unsafe ProjObject(proj_crs_get_sub_crs(context.pointer, held.pointer, 0))
            default: break
            }
        }
        throw ReprojectionError(
            .unsupportedCRS,
            "\(label) is not a geographic or projected CRS; for a local grid register a PROJ pipeline to CGCS2000")
    }

    private static func registeredCode(
        of object: borrowing ProjObject, in context: borrowing ProjContext
    ) -> String? {
        var confidences: UnsafeMutablePointer<Int32>?
        guard let list = unsafe proj_identify(context.pointer, object.pointer, "EPSG", nil, &confidences) else {
            return nil
        }
        defer {
            unsafe proj_int_list_destroy(confidences)
            unsafe proj_list_destroy(list)
        }
        // 70 and above: the parameters agree. Below, only the name does.
        guard unsafe proj_list_get_count(list) > 0, let first = unsafe confidences?[0], first >= 70,
            let match = unsafe ProjObject(proj_list_get(context.pointer, list, 0)),
            let code = unsafe proj_get_id_code(match.pointer, 0)
        else { return nil }
        return unsafe String(cString: code)
    }

    private static func describe(
        _ object: borrowing ProjObject, in context: borrowing ProjContext, id: String
    ) throws(ReprojectionError) -> CRS {
        let isGeographic = object.type != PJ_TYPE_PROJECTED_CRS
        guard let system = unsafe ProjObject(proj_crs_get_coordinate_system(context.pointer, object.pointer)),
            let axis = firstAxis(of: system, in: context)
        else {
            throw ReprojectionError(.unsupportedCRS, "\(object.name) has no coordinate system that PROJ can describe")
        }
        let semiMajorAxis = semiMajorAxisInMetres(of: object, in: context)
        return CRS(
            id: id, name: object.name, isGeographic: isGeographic, isNorthFirst: axis.direction == "north",
            metresPerUnit: isGeographic ? axis.unit * semiMajorAxis : axis.unit,
            datum: datum(of: object, in: context, semiMajorAxisInMetres: semiMajorAxis))
    }

    private static func firstAxis(
        of system: borrowing ProjObject, in context: borrowing ProjContext
    ) -> (direction: String, unit: Double)? {
        var direction: UnsafePointer<CChar>?
        var unit = 0.0
        guard unsafe proj_cs_get_axis_info(
            context.pointer, system.pointer, 0, nil, nil, &direction, &unit, nil, nil, nil) != 0,
            let direction = unsafe direction
        else { return nil }
        return (unsafe String(cString: direction), unit)
    }

    private static func semiMajorAxisInMetres(
        of object: borrowing ProjObject, in context: borrowing ProjContext
    ) -> Double {
        guard let ellipsoid = unsafe ProjObject(proj_get_ellipsoid(context.pointer, object.pointer)) else { return 0 }
        var axis = 0.0
        unsafe proj_ellipsoid_get_parameters(context.pointer, ellipsoid.pointer, &axis, nil, nil, nil)
        return axis
    }

    private static func datum(
        of object: borrowing ProjObject, in context: borrowing ProjContext, semiMajorAxisInMetres: Double
    ) -> Datum {
        guard let base = unsafe ProjObject(proj_crs_get_geodetic_crs(context.pointer, object.pointer)),
            let datum = unsafe ProjObject(proj_crs_get_datum_forced(context.pointer, base.pointer))
        else { return .unknown }
        return Datum(name: datum.name, semiMajorAxisInMetres: semiMajorAxisInMetres)
    }
}
