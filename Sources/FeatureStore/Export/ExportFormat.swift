public import Wording

/// The file formats that features leave in.
public enum ExportFormat: String, Sendable, CaseIterable {
    case geoJSON = "geojson"
    /// Features parted by record separators (RFC 8142).
    case geoJSONSequence = "geojsonseq"
    /// A feature a line.
    case newlineDelimited = "ndjson"
    case csv
    /// A zip of shapefiles, one a kind of geometry.
    case shapefile = "shp"
    case geoPackage = "gpkg"
    case flatGeobuf = "fgb"

    /// By the name that requests use, or by media type; `nil` for neither.
    public init?(named text: String) {
        let text = text.lowercased()
        if let format = Self(rawValue: text) ?? Self.allCases.first(where: { $0.mediaType == text }) {
            self = format
            return
        }
        switch text {
        case "json": self = .geoJSON
        case "geojsonl", "jsonl", "geojsonlines": self = .newlineDelimited
        case "shape", "shapefile", "shp.zip", "zip": self = .shapefile
        case "geopackage": self = .geoPackage
        case "flatgeobuf": self = .flatGeobuf
        default: return nil
        }
    }

    /// By the ending of a file's name; `nil` for one that stands for no format.
    public init?(fileName: String) {
        let name = fileName.lowercased()
        guard let dot = name.lastIndex(of: ".") else { return nil }
        switch name[name.index(after: dot)...] {
        case "geojsons": self = .geoJSONSequence
        case let ending: self.init(named: String(ending))
        }
    }

    public var mediaType: String {
        switch self {
        case .geoJSON: "application/geo+json"
        case .geoJSONSequence: "application/geo+json-seq"
        case .newlineDelimited: "application/x-ndjson"
        case .csv: "text/csv"
        case .shapefile: "application/zip"
        case .geoPackage: "application/geopackage+sqlite3"
        case .flatGeobuf: "application/flatgeobuf"
        }
    }

    /// Of a file of this format, without a dot.
    public var fileEnding: String {
        switch self {
        case .geoJSONSequence: "geojsons"
        case .shapefile: "zip"
        default: rawValue
        }
    }

    /// Whether the bytes of a file can leave before the last feature is known.
    public var isStreamed: Bool {
        switch self {
        case .geoJSON, .geoJSONSequence, .newlineDelimited, .csv: true
        case .shapefile, .geoPackage, .flatGeobuf: false
        }
    }

    /// Character encodings that a file of this format can be written in, the default first.
    public var encodings: [ExportEncoding] {
        switch self {
        case .csv: [.utf8, .gb18030]
        case .shapefile: [.utf8, .gbk]
        default: [.utf8]
        }
    }
}

/// How attribute text is encoded.
public enum ExportEncoding: String, Sendable, CaseIterable {
    case utf8 = "UTF-8"
    case gbk = "GBK"
    case gb18030 = "GB18030"

    /// In any usual spelling; `nil` for another encoding.
    public init?(named text: String) {
        switch text.uppercased().filter({ $0 != "-" && $0 != "_" }) {
        case "UTF8": self = .utf8
        case "GBK", "CP936", "GB2312": self = .gbk
        case "GB18030": self = .gb18030
        default: return nil
        }
    }
}

/// Why features cannot leave in a format.
public struct ExportError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable, CaseIterable {
        /// More than a file of the format, or the room set aside, holds.
        case tooLarge
        /// The scratch file cannot be written.
        case storageFailed
    }

    public var code: Code
    /// What, where and what to do.
    public var message: LocalisedText
    public var cause: (any Error)?

    public init(_ code: Code, _ message: LocalisedText, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    public var description: String { message.both }
}
