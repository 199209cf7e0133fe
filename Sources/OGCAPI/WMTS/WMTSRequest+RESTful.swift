internal import Wording

extension WMTSRequest {
    /// Reads a RESTful request (OGC 07-057r7 clause 10): `/wmts/1.0.0/WMTSCapabilities.xml`, or
    /// `/wmts/1.0.0/{layer}/{style}/{tileMatrixSet}/{tileMatrix}/{row}/{column}.{extension}`, with `/{j}/{i}.{extension}` behind the
    /// column for what lies at a pixel.
    ///
    /// - Parameter path: still percent-encoded, without the query.
    /// - Returns: `nil` when the path is not of this shape at all.
    /// - Throws: the exception to answer with when the shape is right and a part of it is not.
    public init?(restfulPath path: some StringProtocol) throws(ServiceException) {
        let segments = path.split(separator: "/")
        guard segments.count >= 3, segments[0] == "wmts" else { return nil }
        guard segments[1] == Self.version else { return nil }
        if segments.count == 3, segments[2] == "WMTSCapabilities.xml" {
            self = .capabilities(service: nil)
            return
        }
        guard segments.count == 8 || segments.count == 10 else { return nil }
        var parts: [String] = []
        for segment in segments[2...] {
            guard let part = PercentEncoding.decode(segment) else {
                throw ServiceException(.invalidParameterValue, .init(zh: "路径不是百分号编码的 UTF-8。", en: "The path is not percent-encoded UTF-8."))
            }
            parts.append(part)
        }
        if parts.count == 8 {
            self = .featureInfo(try Self.featureInfo(parts))
            return
        }
        let file = parts[5].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard file.count == 2, let format = WMTSTileFormat(String(file[1])) else {
            throw ServiceException(
                .invalidParameterValue, locator: "FORMAT",
                .init(
                    zh: "文件“\(parts[5].prefix(100))”的扩展名未知；请以 .png 或 .mvt 结尾。",
                    en: "The file '\(parts[5].prefix(100))' has no known extension; end it with .png or .mvt."))
        }
        self = .tile(
            WMTSTileRequest(
                layer: parts[0], style: WMTSTileRequest.plainStyle(parts[1]), tileMatrixSet: parts[2],
                tileMatrix: WMTSTileRequest.plainMatrix(parts[3]),
                place: (row: try Self.index(parts[4], "TILEROW"), column: try Self.index(String(file[0]), "TILECOL")),
                format: format))
    }

    /// `{layer}/{style}/{tileMatrixSet}/{tileMatrix}/{row}/{column}/{j}/{i}.{extension}`.
    private static func featureInfo(_ parts: [String]) throws(ServiceException) -> WMTSFeatureInfoRequest {
        let file = parts[7].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard file.count == 2, let format = FeatureInfoFormat(String(file[1])) else {
            throw ServiceException(ParameterError(.invalid, name: "INFOFORMAT", value: parts[7], expected: .init(zh: "以 .json、.html、.text 或 .gml 结尾", en: "an ending of .json, .html, .text or .gml")))
        }
        let tile = WMTSTileRequest(
            layer: parts[0], style: WMTSTileRequest.plainStyle(parts[1]), tileMatrixSet: parts[2],
            tileMatrix: WMTSTileRequest.plainMatrix(parts[3]),
            place: (row: try index(parts[4], "TILEROW"), column: try index(parts[5], "TILECOL")), format: .png)
        return WMTSFeatureInfoRequest(
            tile: tile, column: try index(String(file[0]), "I"), row: try index(parts[6], "J"), format: format)
    }

    private static func index(_ text: String, _ name: String) throws(ServiceException) -> Int {
        guard let number = Int(text), (0...Int(Int32.max)).contains(number) else {
            throw ServiceException(ParameterError(.invalid, name: name, value: text, expected: .wholeNumber(from: 0)))
        }
        return number
    }
}

extension WMTSTileRequest {
    /// The path of the RESTful form.
    public var restfulPath: String {
        let parts = [layer, style ?? "default", tileMatrixSet, tileMatrix, String(row), String(column)]
        return "/wmts/\(WMTSRequest.version)/" + parts.map(PercentEncoding.encode).joined(separator: "/") + ".\(format.fileExtension)"
    }
}
