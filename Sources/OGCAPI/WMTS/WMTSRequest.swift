/// What a WMTS client asks for, in whichever of the forms it asks.
public enum WMTSRequest: Hashable, Sendable {
    /// - Parameter service: the Tianditu service whose capabilities are meant; `nil` for the standard document.
    case capabilities(service: TiandituService?)
    case tile(WMTSTileRequest)
    case featureInfo(WMTSFeatureInfoRequest)
}

/// What lies at a pixel of a tile.
public struct WMTSFeatureInfoRequest: Hashable, Sendable {
    public var tile: WMTSTileRequest
    /// Columns from the left and rows from the top of the tile, from 0.
    public var column: Int
    public var row: Int
    public var format: FeatureInfoFormat

    public init(tile: WMTSTileRequest, column: Int, row: Int, format: FeatureInfoFormat) {
        self.tile = tile
        self.column = column
        self.row = row
        self.format = format
    }
}

/// One tile as a request names it; whether layer, style and tile exist is not known yet.
public struct WMTSTileRequest: Hashable, Sendable {
    public var layer: String
    /// `nil` for the layer's default style.
    public var style: String?
    public var tileMatrixSet: String
    /// The identifier alone: `12` for `c:12` and `EPSG:4490:12`.
    public var tileMatrix: String
    public var row: Int
    public var column: Int
    public var format: WMTSTileFormat

    public init(
        layer: String, style: String? = nil, tileMatrixSet: String, tileMatrix: String, place: (row: Int, column: Int),
        format: WMTSTileFormat
    ) {
        self.layer = layer
        self.style = style
        self.tileMatrixSet = tileMatrixSet
        self.tileMatrix = tileMatrix
        row = place.row
        column = place.column
        self.format = format
    }

    /// What the name of a tile matrix is without the prefix that some clients put before it.
    static func plainMatrix(_ text: String) -> String {
        text.split(separator: ":").last.map(String.init) ?? text
    }

    /// `default` and nothing mean the same style.
    static func plainStyle(_ text: String?) -> String? {
        text.flatMap { $0.isEmpty || $0 == "default" ? nil : $0 }
    }
}
