internal import CPROJ

extension CRS {
    /// The EPSG code of the CGCS2000 Gauss-Krueger zone that a definition's parameters describe, exactly.
    ///
    /// PROJ's identification follows the name first, and a name such as `CGCS2000_3_Degree_GK_CM_114E` over a false
    /// easting of 38 500 000 leads it astray; here only the numbers speak.
    /// - Returns: `nil` for anything but a registered zone in metres.
    static func zoneCode(of object: borrowing ProjObject, datum: Datum, in context: borrowing ProjContext) -> Int? {
        guard datum == .cgcs2000, object.type == PJ_TYPE_PROJECTED_CRS,
            let conversion = unsafe ProjObject(proj_crs_get_coordoperation(context.pointer, object.pointer))
        else { return nil }
        let parameters = parameters(of: conversion, in: context)
        // EPSG parameter codes: latitude and longitude of origin, scale factor, false easting and northing.
        guard methodCode(of: conversion, in: context) == "9807", parameters["8801"] == 0, parameters["8805"] == 1,
            parameters["8807"] == 0, let meridian = parameters["8802"], let falseEasting = parameters["8806"],
            falseEasting > 0, falseEasting < 1e8
        else { return nil }
        let leading = Int(falseEasting / 1e6)
        guard falseEasting == Double(leading) * 1e6 + 500_000 else { return nil }
        for width in [GaussKruegerZone.Width.threeDegrees, .sixDegrees] {
            let shift = width == .sixDegrees ? 3.0 : 0
            let number = Int(((meridian + shift) / Double(width.rawValue)).rounded())
            let isCentral = abs(Double(number * width.rawValue) - shift - meridian) < 1e-9
            guard isCentral, leading == 0 || leading == number,
                let zone = GaussKruegerZone(width: width, number: number)
            else { continue }
            return zone.epsg(hasPrefix: leading != 0)
        }
        return nil
    }

    private static func methodCode(of conversion: borrowing ProjObject, in context: borrowing ProjContext) -> String? {
        var code: UnsafePointer<CChar>?
        guard unsafe proj_coordoperation_get_method_info(context.pointer, conversion.pointer, nil, nil, &code) != 0,
            let code = unsafe code
        else { return nil }
        return unsafe String(cString: code)
    }

    /// Values by EPSG parameter code: degrees, metres and ratios.
    private static func parameters(
        of conversion: borrowing ProjObject, in context: borrowing ProjContext
    ) -> [String: Double] {
        var result: [String: Double] = [:]
        for index in 0..<(unsafe proj_coordoperation_get_param_count(context.pointer, conversion.pointer)) {
            var code: UnsafePointer<CChar>?
            var category: UnsafePointer<CChar>?
            var (value, factor) = (0.0, 1.0)
            guard unsafe proj_coordoperation_get_param(
                context.pointer, conversion.pointer, index, nil, nil, &code, &value, nil, &factor, nil, nil, nil,
                &category) != 0, let code = unsafe code, let category = unsafe category
            else { continue }
            let isAngle = unsafe String(cString: category) == "angular"
            // Radians come back as degrees with the rounding of one multiplication.
            let degrees = (value * factor * 180 / .pi * 1e10).rounded() / 1e10
            result[unsafe String(cString: code)] = isAngle ? degrees : value * factor
        }
        return result
    }
}
