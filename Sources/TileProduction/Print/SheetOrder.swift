public import SimpleFeatures

/// A sheet that somebody wants printed: which map, of what, how large, on what paper.
public struct SheetOrder: Hashable, Sendable {
    public enum Place: Hashable, Sendable {
        /// CGCS2000 longitude and latitude of the sheet's middle.
        case centre(Coordinate)
        /// A feature in the sheet's middle, its outline marked.
        case feature(FeatureName)
    }

    /// A feature by its layer and its id in the registry, its code or its name.
    public struct FeatureName: Hashable, Sendable, CustomStringConvertible {
        public var layer: String
        public var id: String

        public init(layer: String, id: String) {
            self.layer = layer
            self.id = id
        }

        /// `LAYER:ID`; `nil` where one of them is missing.
        public init?(_ text: String) {
            let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2, text.utf8.count <= Self.longest else { return nil }
            self.init(layer: parts[0], id: parts[1])
        }

        public var description: String { "\(layer):\(id)" }
        private static let longest = 200
    }

    public var map: String
    public var paper: Paper
    public var isLandscape: Bool
    /// Of the scale, 2000 for 1:2000; `nil` for the largest usual one at which the feature fits the sheet.
    public var denominator: Int?
    public var place: Place
    /// Chinese, and English after ` / `; `nil` for the feature's name or the map's title.
    public var title: String?
    /// The number (审图号) under which this sheet was approved; `nil` for that of the map's definition.
    public var approvalNumber: String?
    /// Whether the mark 内部用图 may be left out; only an approved sheet's may.
    public var isForPublic: Bool

    public static let denominators = 500...10_000
    /// Scales of the national map series, the largest first.
    static let usualDenominators = [500, 1000, 2000, 5000, 10_000]
    /// Characters of a title or an approval number.
    public static let textLimit = 80

    public init(
        map: String, paper: Paper, isLandscape: Bool = false, denominator: Int?, place: Place, title: String? = nil,
        approvalNumber: String? = nil, isForPublic: Bool = false
    ) {
        self.map = map
        self.paper = paper
        self.isLandscape = isLandscape
        self.denominator = denominator
        self.place = place
        self.title = title
        self.approvalNumber = approvalNumber
        self.isForPublic = isForPublic
    }

    /// - Throws: `PrintError` for what no sheet can be made of.
    func check() throws(PrintError) {
        if let denominator, !Self.denominators.contains(denominator) {
            throw PrintError(
                .scale,
                zh: "比例尺 1:\(denominator) 不在 1:500 到 1:10000 之间", en: "a scale of 1:\(denominator) is not between 1:500 and 1:10000")
        }
        if denominator == nil, case .centre = place {
            throw PrintError(.scale, zh: "按中心点打印须给出比例尺", en: "a sheet around a centre needs a scale")
        }
        for text in [title, approvalNumber].compactMap({ $0 })
        where text.count > Self.textLimit || text.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 }) {
            throw PrintError(
                .text, zh: "标题和审图号至多 \(Self.textLimit) 字，不含控制字符",
                en: "a title or an approval number has at most \(Self.textLimit) characters and no control characters")
        }
    }
}

/// What a print is written as.
public enum PrintFormat: Hashable, Sendable {
    /// Vectors, at true scale.
    case pdf
    /// Pixels.
    case png(dotsPerInch: Int)

    public static let resolutions = 96...300

    public var mediaType: String {
        switch self {
        case .pdf: "application/pdf"
        case .png: "image/png"
        }
    }

    /// Device pixels to one of the style language, of which 96 are an inch.
    var ratio: Double {
        switch self {
        // Fine enough for hairlines and icons; shapes have no resolution in the file.
        case .pdf: 4
        case .png(let dotsPerInch): Double(dotsPerInch) / 96
        }
    }

    func check() throws(PrintError) {
        if case .png(let dots) = self, !Self.resolutions.contains(dots) {
            throw PrintError(.resolution, zh: "分辨率 \(dots) 不在 96 到 300 dpi 之间", en: "a resolution of \(dots) dpi is not between 96 and 300")
        }
    }
}
