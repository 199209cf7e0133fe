internal import SimpleFeatures
public import Tiling
internal import Wording

extension WMSRequest {
    /// How much one picture may be.
    public struct Limits: Hashable, Sendable {
        public var side: Int
        public var layers: Int
        public var featureCount: Int

        public init(side: Int, layers: Int = 64, featureCount: Int = 50) {
            self.side = side
            self.layers = layers
            self.featureCount = featureCount
        }
    }

    /// Reads a key-value-pair request.
    ///
    /// Parameters that WMS does not know are passed over, as OGC 06-042 clause 6.8.1 wants.
    ///
    /// - Parameter crs: those that pictures are offered in.
    /// - Throws: the exception to answer with.
    public init(
        kvp parameters: QueryParameters, version: WMSVersion, crs: [CRSIdentifier], limits: Limits
    ) throws(ServiceException) {
        let kvp = KVPReading(parameters: parameters)
        let stated = try kvp.optional("SERVICE")
        if let stated, stated.uppercased() != "WMS" { throw kvp.invalid("SERVICE", stated, .word("WMS")) }
        let request = try kvp.required("REQUEST", .wmsOperations)
        let reading = WMSReading(kvp: kvp, version: version, crs: crs, limits: limits)
        switch request.lowercased() {
        case "getcapabilities", "capabilities":
            if stated == nil { throw kvp.missing("SERVICE", .word("WMS")) }
            self = .capabilities
        case "getmap", "map": self = .map(try reading.map())
        case "getfeatureinfo", "feature_info": self = .featureInfo(try reading.featureInfo())
        case "getlegendgraphic": self = .legend(try reading.legend())
        case "getstyles": self = .styles(try reading.names("LAYERS"))
        default:
            throw ServiceException(
                .operationNotSupported, locator: "REQUEST",
                .init(
                    zh: "不提供 REQUEST“\(request.prefix(100))”；应为\(LocalisedText.wmsOperations.zh)。",
                    en: "REQUEST '\(request.prefix(100))' is not offered; expected \(LocalisedText.wmsOperations.en)."))
        }
    }
}

extension WMSVersion {
    /// The version that the parameters of a request name, for its answer as for its errors.
    public init(of parameters: QueryParameters) {
        let named = ["VERSION", "WMTVER"].compactMap { name in
            parameters.items.first { $0.name.uppercased() == name }?.value
        }
        self.init(negotiating: named.first)
    }
}

extension WMSExceptionForm {
    /// The form that the parameters of a request name; XML where they name none that is known.
    public init(of parameters: QueryParameters) {
        self = parameters.items.first { $0.name.uppercased() == "EXCEPTIONS" }.flatMap { WMSExceptionForm($0.value) } ?? .xml
    }
}

/// The parameters of WMS, with the exceptions and the axis order of a version.
private struct WMSReading {
    let kvp: KVPReading
    let version: WMSVersion
    let crs: [CRSIdentifier]
    let limits: WMSRequest.Limits

    func map() throws(ServiceException) -> WMSMapRequest {
        let layers = try names("LAYERS")
        let crs = try readCRS()
        var request = WMSMapRequest(
            names: layers, styles: try styles(count: layers.count), crs: crs, envelope: try envelope(crs),
            width: try side("WIDTH"), height: try side("HEIGHT"), format: try pictureFormat(default: nil))
        if let text = try kvp.optional("TRANSPARENT") {
            switch text.uppercased() {
            case "TRUE": request.isTransparent = true
            case "FALSE": break
            default: throw kvp.invalid("TRANSPARENT", text, .word("TRUE / FALSE"))
            }
        }
        if let text = try kvp.optional("BGCOLOR") { request.background = try colour(text) }
        request.time = try kvp.optional("TIME").flatMap { $0.lowercased() == "current" ? nil : $0 }
        request.dotsPerInch = try dotsPerInch()
        if let text = try kvp.optional("EXCEPTIONS") {
            guard let form = WMSExceptionForm(text) else { throw kvp.invalid("EXCEPTIONS", text, .word("XML / JSON / BLANK")) }
            request.exceptions = form
        }
        return request
    }

    func featureInfo() throws(ServiceException) -> WMSFeatureInfoRequest {
        var parameters = kvp.parameters
        // A client may leave out what only drawing needs.
        if try kvp.optional("FORMAT") == nil { parameters = parameters.replacing("FORMAT", with: WMSPictureFormat.png.rawValue) }
        if try kvp.present("STYLES") == nil { parameters = parameters.replacing("STYLES", with: "") }
        let map = try WMSReading(kvp: KVPReading(parameters: parameters), version: version, crs: crs, limits: limits).map()
        let queried = try names("QUERY_LAYERS")
        let formatText = try kvp.optional("INFO_FORMAT") ?? FeatureInfoFormat.text.rawValue
        guard let format = FeatureInfoFormat(formatText) else {
            let known = FeatureInfoFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw ServiceException(
                .invalidFormat, locator: "INFO_FORMAT",
                .init(zh: "INFO_FORMAT“\(formatText.prefix(100))”不提供；应为 \(known) 之一。", en: "INFO_FORMAT '\(formatText.prefix(100))' is not offered; expected one of \(known)."))
        }
        let (columnName, rowName) = version == .v130 ? ("I", "J") : ("X", "Y")
        let tolerance = try kvp.optional("BUFFER")
        let wide = tolerance.map { Double($0) } ?? 4
        guard let wide, (0...100).contains(wide) else { throw kvp.invalid("BUFFER", tolerance ?? "", .init(zh: "0 到 100 的像素数", en: "0 to 100 pixels")) }
        return WMSFeatureInfoRequest(
            map: map, queryLayers: queried, format: format, featureCount: try featureCount(),
            column: try pixel(columnName, below: map.width), row: try pixel(rowName, below: map.height), toleranceInPixels: wide)
    }

    private func featureCount() throws(ServiceException) -> Int {
        guard let text = try kvp.optional("FEATURE_COUNT") else { return 1 }
        guard let count = Int(text), count >= 1 else { throw kvp.invalid("FEATURE_COUNT", text, .wholeNumber(from: 1)) }
        return min(count, limits.featureCount)
    }

    func legend() throws(ServiceException) -> WMSLegendRequest {
        let layer = try kvp.required("LAYER", .init(zh: "图层名", en: "the name of a layer"))
        let scale = try kvp.optional("SCALE")
        let denominator = scale.map { Double($0) }
        if let denominator, denominator.map({ !($0 > 0 && $0.isFinite) }) ?? true {
            throw kvp.invalid("SCALE", scale ?? "", .init(zh: "正的比例尺分母", en: "a positive scale denominator"))
        }
        let language = try kvp.optional("LANGUAGE").map { $0.lowercased().hasPrefix("en") ? "en" : "zh" }
        return WMSLegendRequest(
            layer: layer, style: try kvp.optional("STYLE").flatMap(Self.plainStyle), format: try pictureFormat(default: .png),
            scaleDenominator: denominator ?? nil, language: language)
    }

    // MARK: Parts

    func names(_ name: String) throws(ServiceException) -> [String] {
        let text = try kvp.required(name, .init(zh: "以逗号分隔的图层名", en: "layer names separated by commas"))
        let names = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmingBlanks) }
        guard names.count <= limits.layers else {
            throw kvp.invalid(name, text, .init(zh: "至多 \(limits.layers) 个图层", en: "at most \(limits.layers) layers"))
        }
        guard names.allSatisfy({ !$0.isEmpty }) else { throw kvp.invalid(name, text, .init(zh: "以逗号分隔的图层名", en: "layer names separated by commas")) }
        return names
    }

    private func styles(count: Int) throws(ServiceException) -> [String?] {
        guard let text = try kvp.present("STYLES") else {
            // Version 1.3.0 demands it, and most clients forget it.
            return Array(repeating: nil, count: count)
        }
        if text.isEmpty { return Array(repeating: nil, count: count) }
        let styles = text.split(separator: ",", omittingEmptySubsequences: false).map { Self.plainStyle(String($0.trimmingBlanks)) }
        guard styles.count == count else {
            throw kvp.invalid("STYLES", text, .init(zh: "与 LAYERS 相同的个数（\(count)）", en: "as many styles as LAYERS, \(count)"))
        }
        return styles
    }

    private static func plainStyle(_ text: String) -> String? {
        text.isEmpty || text == "default" ? nil : text
    }

    private func readCRS() throws(ServiceException) -> CRSIdentifier {
        let name = version == .v130 ? "CRS" : "SRS"
        // Some clients speak of one version and write the other's parameter.
        let text = try kvp.optional(either: [name, version == .v130 ? "SRS" : "CRS"])
        let known = crs.map(\.wmsName).joined(separator: ", ")
        guard let text else { throw kvp.missing(name, .init(zh: "\(known) 之一", en: "one of \(known)")) }
        guard let found = CRSIdentifier(text), crs.contains(found) else {
            throw ServiceException(
                version == .v130 ? .invalidCRS : .invalidSRS, locator: name,
                .init(zh: "\(name)“\(text.prefix(100))”不提供；应为 \(known) 之一。", en: "\(name) '\(text.prefix(100))' is not offered; expected one of \(known)."))
        }
        return found
    }

    /// Version 1.3.0 writes ordinates in the order of the CRS, 1.1.1 always east first (OGC 06-042 clause 6.7.3).
    private func envelope(_ crs: CRSIdentifier) throws(ServiceException) -> Envelope {
        let isNorthFirst = version == .v130 && crs.isNorthFirst == true
        let expected = LocalisedText(
            zh: isNorthFirst ? "最小北,最小东,最大北,最大东" : "最小东,最小北,最大东,最大北",
            en: isNorthFirst ? "min north, min east, max north, max east" : "min east, min north, max east, max north")
        let text = try kvp.required("BBOX", expected)
        let n = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0.trimmingBlanks) }
        guard n.count == 4, let a = n[0], let b = n[1], let c = n[2], let d = n[3], [a, b, c, d].allSatisfy(\.isFinite), a < c, b < d else {
            throw kvp.invalid("BBOX", text, expected)
        }
        let box = isNorthFirst ? Envelope(minX: b, minY: a, maxX: d, maxY: c) : Envelope(minX: a, minY: b, maxX: c, maxY: d)
        // A box that lies beyond a pole as a whole has its axes the other way round.
        if crs.isGeographic == true, box.minY > 90 || box.maxY < -90 { throw kvp.invalid("BBOX", text, expected) }
        return box
    }

    private func side(_ name: String) throws(ServiceException) -> Int {
        let expected = LocalisedText(zh: "1 到 \(limits.side) 的整数", en: "a whole number from 1 to \(limits.side)")
        let text = try kvp.required(name, expected)
        guard let side = Int(text), (1...limits.side).contains(side) else { throw kvp.invalid(name, text, expected) }
        return side
    }

    private func pixel(_ name: String, below limit: Int) throws(ServiceException) -> Int {
        let expected = LocalisedText(zh: "0 到 \(limit - 1) 的像素号", en: "a pixel from 0 to \(limit - 1)")
        let text = try kvp.optional(either: [name, ["I": "X", "J": "Y", "X": "I", "Y": "J"][name] ?? name])
        guard let text else { throw kvp.missing(name, expected) }
        // OpenLayers and others send fractions.
        guard let place = Double(text), place.isFinite, place >= 0, place < Double(limit) else {
            throw ServiceException(
                .invalidPoint, locator: name,
                .init(zh: "\(name)“\(text.prefix(100))”不在图内；应为\(expected.zh)。", en: "\(name) '\(text.prefix(100))' is not in the picture; expected \(expected.en)."))
        }
        return Int(place)
    }

    private func pictureFormat(default fallback: WMSPictureFormat?) throws(ServiceException) -> WMSPictureFormat {
        let known = WMSPictureFormat.allCases.map(\.rawValue).joined(separator: ", ")
        guard let text = try kvp.optional("FORMAT") else {
            if let fallback { return fallback }
            throw kvp.missing("FORMAT", .init(zh: "\(known) 之一", en: "one of \(known)"))
        }
        guard let format = WMSPictureFormat(text) else {
            throw ServiceException(
                .invalidFormat, locator: "FORMAT",
                .init(zh: "FORMAT“\(text.prefix(100))”不提供；应为 \(known) 之一。", en: "FORMAT '\(text.prefix(100))' is not offered; expected one of \(known)."))
        }
        return format
    }

    private func colour(_ text: String) throws(ServiceException) -> [UInt8] {
        let lower = text.lowercased()
        let digits = lower.hasPrefix("0x") ? lower.dropFirst(2) : lower.hasPrefix("#") ? lower.dropFirst() : lower[...]
        guard digits.utf8.count == 6, digits.allSatisfy(\.isHexDigit), let number = UInt32(digits, radix: 16) else {
            throw kvp.invalid("BGCOLOR", text, .word("0xRRGGBB"))
        }
        return [UInt8(number >> 16), UInt8(number >> 8 & 255), UInt8(number & 255)]
    }

    /// `DPI` is QGIS', `MAP_RESOLUTION` MapServer's, `FORMAT_OPTIONS=dpi:…` GeoServer's.
    private func dotsPerInch() throws(ServiceException) -> Double? {
        let expected = LocalisedText(zh: "48 到 768 的每英寸点数", en: "48 to 768 dots an inch")
        for name in ["DPI", "MAP_RESOLUTION"] {
            guard let text = try kvp.optional(name) else { continue }
            guard let dots = Double(text), (48...768).contains(dots) else { throw kvp.invalid(name, text, expected) }
            return dots
        }
        guard let options = try kvp.optional("FORMAT_OPTIONS"),
            let option = options.lowercased().split(separator: ";").first(where: { $0.hasPrefix("dpi:") })
        else { return nil }
        guard let dots = Double(option.dropFirst(4)), (48...768).contains(dots) else { throw kvp.invalid("FORMAT_OPTIONS", options, expected) }
        return dots
    }
}

extension CRSIdentifier {
    /// As WMS spells it: `CRS:84` in place of the OGC's own name.
    public var wmsName: String { self == .crs84 ? "CRS:84" : description }
}

extension LocalisedText {
    fileprivate static let wmsOperations = LocalisedText(
        zh: "GetCapabilities、GetMap、GetFeatureInfo、GetLegendGraphic 或 GetStyles",
        en: "GetCapabilities, GetMap, GetFeatureInfo, GetLegendGraphic or GetStyles")
}
