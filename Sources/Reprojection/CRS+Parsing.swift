extension CRS {
    /// Reads a CRS from any of the spellings that files, requests and standards use, in any letter case.
    ///
    /// Accepted: `EPSG:4547`, `4547`, `urn:ogc:def:crs:EPSG::4547`, `http://www.opengis.net/def/crs/EPSG/0/4547`
    /// (or https), the CRS84 forms of the three, `GCJ-02`, `BD-09`, `ESRI:n`, and a WKT, PROJJSON or `+proj=` text.
    /// `EPSG:900913` is EPSG:3857.
    /// - Throws: `unknownCRS` when nothing of that name exists, `unsupportedCRS` when it is no horizontal CRS.
    public init(_ text: String) throws(ReprojectionError) {
        let spelling = text.trimmingSpace()
        if spelling.contains("[") || spelling.hasPrefix("{") || spelling.hasPrefix("+") {
            self = try CRS.identify(wkt: spelling)
            return
        }
        guard let id = CRS.canonicalIdentifier(spelling) else {
            throw ReprojectionError(
                .unknownCRS,
                "\"\(spelling.prefix(80))\" is not a CRS identifier; write it like EPSG:4547, or give a WKT definition")
        }
        if let known = CRS.known.first(where: { $0.id == id }) {
            self = known
        } else {
            self = try CRS.inspect(definition: id, id: id)
        }
    }

    /// `AUTHORITY:CODE` of a spelling; `nil` when it has none of the accepted forms.
    static func canonicalIdentifier(_ spelling: String) -> String? {
        let upper = spelling.uppercased()
        switch upper {
        case "GCJ-02", "GCJ02", "GCJ_02": return "GCJ-02"
        case "BD-09", "BD09", "BD_09", "BD09LL": return "BD-09"
        case "CRS84", "CRS:84": return "OGC:CRS84"
        default: break
        }
        var parts: [Substring]
        if upper.hasPrefix("URN:OGC:DEF:CRS:") || upper.hasPrefix("URN:X-OGC:DEF:CRS:") {
            parts = upper.split(separator: ":", omittingEmptySubsequences: false).suffix(3)
        } else if let path = uriPath(upper) {
            parts = path.split(separator: "/", omittingEmptySubsequences: false)
        } else {
            parts = upper.split(separator: ":", omittingEmptySubsequences: false)
            if parts.count == 1 { parts.insert("EPSG", at: 0) }
            guard parts.count == 2 else { return nil }
            parts.insert("", at: 1)
        }
        guard parts.count == 3 else { return nil }
        return authorityCode(parts[0], parts[2])
    }

    private static func uriPath(_ upper: String) -> Substring? {
        for scheme in ["HTTP://", "HTTPS://"] {
            for host in ["WWW.OPENGIS.NET/DEF/CRS/", "OPENGIS.NET/DEF/CRS/"] where upper.hasPrefix(scheme + host) {
                return upper.dropFirst(scheme.count + host.count)
            }
        }
        return nil
    }

    private static func authorityCode(_ authority: Substring, _ code: Substring) -> String? {
        if authority == "OGC" { return code == "CRS84" ? "OGC:CRS84" : nil }
        guard authority == "EPSG" || authority == "ESRI", code.count <= 7, let number = UInt32(code),
            code.allSatisfy(\.isASCII), code.first != "+"
        else { return nil }
        // The number was never EPSG's, but clients and capabilities documents of ten years use it.
        return authority == "EPSG" && number == 900_913 ? "EPSG:3857" : "\(authority):\(number)"
    }
}

extension String {
    /// Without blanks, line ends, NUL and byte order mark at either end; `.prj` files carry all of them.
    func trimmingSpace() -> String {
        let isSpace = { (c: Unicode.Scalar) in c.properties.isWhitespace || c.value == 0 || c.value == 0xFEFF }
        let scalars = unicodeScalars.drop(while: isSpace)
        guard let last = scalars.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(scalars[...last])
    }
}
