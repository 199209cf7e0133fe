internal import CPROJ

extension CRS {
    /// The definition as WKT 1, for file formats that carry one (a GeoPackage's `definition`, a `.prj`).
    ///
    /// - Throws: `unsupportedCRS` for GCJ-02, BD-09 and what WKT 1 cannot say.
    public func wellKnownText() throws(ReprojectionError) -> String {
        try text(PJ_WKT1_GDAL)
    }

    /// The same in ESRI's dialect, which the widest range of programs reads in a `.prj`.
    ///
    /// - Throws: as `wellKnownText`.
    public func esriWellKnownText() throws(ReprojectionError) -> String {
        try text(PJ_WKT1_ESRI)
    }

    private func text(_ dialect: PJ_WKT_TYPE) throws(ReprojectionError) -> String {
        let context = try ProjContext()
        let source = self == .crs84 ? CRS.wgs84.id : id
        guard !isObfuscated, let object = unsafe ProjObject( proj_create(context.pointer, source)),
            let text = unsafe proj_as_wkt(context.pointer, object.pointer, dialect, nil)
        else {
            throw ReprojectionError(.unsupportedCRS, "\(label) cannot be written as a well-known text definition")
        }
        return unsafe String(cString: text)
    }
}
