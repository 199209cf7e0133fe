internal import Wording

extension WMTSRequest {
    /// The version that is served.
    public static let version = "1.0.0"

    /// Reads a key-value-pair request (OGC 07-057r7 clause 8).
    ///
    /// Parameters that WMTS does not know, `tk` among them, are passed over.
    ///
    /// - Parameter service: the Tianditu service that the path names; it stands in for LAYER and TILEMATRIXSET, and
    ///   SERVICE and VERSION may be left out as Tianditu's clients do.
    /// - Throws: the exception to answer with.
    public init(kvp parameters: QueryParameters, service: TiandituService? = nil) throws(ServiceException) {
        let kvp = KVPReading(parameters: parameters)
        let stated = try kvp.optional("SERVICE")
        if stated == nil, service == nil { throw kvp.missing("SERVICE", .word("WMTS")) }
        if let stated, stated.uppercased() != "WMTS" { throw kvp.invalid("SERVICE", stated, .word("WMTS")) }
        let request = try kvp.required("REQUEST", .wmtsOperations)
        switch request.lowercased() {
        case "getcapabilities":
            try Self.negotiate(kvp)
            self = .capabilities(service: service)
        case "gettile":
            try Self.checkVersion(kvp, service: service)
            self = .tile(try Self.tile(kvp, service: service))
        case "getfeatureinfo":
            try Self.checkVersion(kvp, service: service)
            let tile = try Self.tile(kvp, service: service)
            let formatText = try kvp.optional("INFOFORMAT") ?? FeatureInfoFormat.geoJSON.rawValue
            guard let format = FeatureInfoFormat(formatText) else { throw kvp.invalid("INFOFORMAT", formatText, .infoFormats) }
            self = .featureInfo(
                WMTSFeatureInfoRequest(tile: tile, column: try kvp.index("I"), row: try kvp.index("J"), format: format))
        default:
            throw ServiceException(
                .operationNotSupported, locator: "REQUEST",
                .init(
                    zh: "不提供 REQUEST“\(request.prefix(100))”；应为\(LocalisedText.wmtsOperations.zh)。",
                    en: "REQUEST '\(request.prefix(100))' is not offered; expected \(LocalisedText.wmtsOperations.en)."))
        }
    }

    private static func checkVersion(_ kvp: KVPReading, service: TiandituService?) throws(ServiceException) {
        let stated = try kvp.optional("VERSION")
        if stated == nil, service == nil { throw kvp.missing("VERSION", .word(version)) }
        if let stated, stated != version { throw kvp.invalid("VERSION", stated, .word(version)) }
    }

    private static func negotiate(_ kvp: KVPReading) throws(ServiceException) {
        if let accepted = try kvp.optional("ACCEPTVERSIONS"), !accepted.split(separator: ",").contains(where: { $0 == version }) {
            throw ServiceException(
                .versionNegotiationFailed, locator: "ACCEPTVERSIONS",
                .init(zh: "不提供版本 \(accepted)；本服务为 \(version)。", en: "None of the versions \(accepted) is offered; this is \(version)."))
        }
        if let stated = try kvp.optional("VERSION"), stated != version { throw kvp.invalid("VERSION", stated, .word(version)) }
    }

    private static func tile(_ kvp: KVPReading, service: TiandituService?) throws(ServiceException) -> WMTSTileRequest {
        let layer = try kvp.optional("LAYER") ?? service?.layer
        guard let layer else { throw kvp.missing("LAYER", .init(zh: "图层标识", en: "the identifier of a layer")) }
        let set = try kvp.optional("TILEMATRIXSET") ?? service?.tileMatrixSet
        guard let set else { throw kvp.missing("TILEMATRIXSET", .init(zh: "瓦片矩阵集标识", en: "the identifier of a tile matrix set")) }
        let style = try kvp.present("STYLE")
        if style == nil, service == nil { throw kvp.missing("STYLE", .init(zh: "样式标识，默认样式可留空", en: "a style's identifier, or nothing for the default")) }
        let formatText = try kvp.optional("FORMAT") ?? service.map { _ in "tiles" }
        guard let formatText else { throw kvp.missing("FORMAT", .word("image/png")) }
        guard let format = WMTSTileFormat(formatText) else {
            throw kvp.invalid("FORMAT", formatText, .init(zh: "image/png、application/vnd.mapbox-vector-tile 或 tiles", en: "image/png, application/vnd.mapbox-vector-tile or tiles"))
        }
        let matrix = try kvp.required("TILEMATRIX", .init(zh: "瓦片矩阵标识", en: "the identifier of a tile matrix"))
        return WMTSTileRequest(
            layer: layer, style: WMTSTileRequest.plainStyle(style), tileMatrixSet: set,
            tileMatrix: WMTSTileRequest.plainMatrix(matrix),
            place: (row: try kvp.index("TILEROW"), column: try kvp.index("TILECOL")), format: format)
    }

    /// Reads Tianditu's oldest form, `/DataServer?T=vec_c&x=&y=&l=`.
    ///
    /// - Throws: the exception to answer with.
    public init(dataServer parameters: QueryParameters) throws(ServiceException) {
        let kvp = KVPReading(parameters: parameters)
        let name = try kvp.required("T", .tiandituService)
        guard let service = TiandituService(name) else { throw kvp.invalid("T", name, .tiandituService) }
        let level = try kvp.index("L")
        self = .tile(
            WMTSTileRequest(
                layer: service.layer, tileMatrixSet: service.tileMatrixSet, tileMatrix: String(level),
                place: (row: try kvp.index("Y"), column: try kvp.index("X")), format: .tiles))
    }
}

extension LocalisedText {
    fileprivate static let wmtsOperations = LocalisedText(
        zh: "GetCapabilities、GetTile 或 GetFeatureInfo", en: "GetCapabilities, GetTile or GetFeatureInfo")
    static let infoFormats: LocalisedText = {
        let known = FeatureInfoFormat.allCases.map(\.rawValue).joined(separator: ", ")
        return LocalisedText(zh: "\(known) 之一", en: "one of \(known)")
    }()
    fileprivate static let tiandituService = LocalisedText(zh: "vec_c 之类的服务名", en: "a service such as vec_c")
}
