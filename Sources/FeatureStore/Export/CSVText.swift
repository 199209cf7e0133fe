internal import Reprojection
public import SimpleFeatures

/// Features as the bytes of a comma separated table (RFC 4180), a run at a time.
///
/// Points have their place in two columns, longitude and latitude in degrees or easting and northing in metres; every other
/// layer with geometry in a column of well-known text, east first. Both are read back by `workmap import` and by GDAL.
///
/// A text that a spreadsheet would take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return, and is
/// no plain number) gets an apostrophe before it. With `keepsDigits` a text of digits that a spreadsheet would turn into a
/// number with another look, a zero in front or more than fifteen digits lost, is written as `="441900198001011234"`, which
/// spreadsheets show as it stands and other programs do not understand.
public struct CSVText: ~Copyable {
    /// How a row says its place.
    private enum Place {
        case nowhere
        case columns
        case text
    }

    private let encoder: TextEncoder
    private let encoding: ExportEncoding
    private let place: Place
    private let names: [String]
    private let keepsDigits: Bool
    private var writer: WellKnownTextWriter

    /// - Parameter encoding: UTF-8, which gets a byte order mark, or GB18030.
    public init(_ layer: ExportLayer, encoding: ExportEncoding = .utf8, keepsDigits: Bool = false) throws(WriterError) {
        self.encoding = encoding
        self.keepsDigits = keepsDigits
        encoder = try TextEncoder(name: encoding.rawValue)
        writer = WellKnownTextWriter(decimals: layer.decimals)
        var placeNames: [String]
        switch layer.geometry {
        case .none: (place, placeNames) = (.nowhere, [])
        case .only(.point): (place, placeNames) = (.columns, layer.crs.isGeographic ? ["经度", "纬度"] : ["东坐标", "北坐标"])
        case .only, .mixed: (place, placeNames) = (.text, ["WKT"])
        }
        let taken = Set(layer.schema.fields.map(\.name))
        placeNames = placeNames.map { name in
            var name = name
            while taken.contains(name) { name += "_" }
            return name
        }
        names = layer.schema.fields.map(\.name) + placeNames
    }

    /// The header, after a byte order mark for UTF-8, without which spreadsheets do not recognise it.
    public mutating func opening() -> [UInt8] {
        var lost = 0
        return (encoding == .utf8 ? [0xEF, 0xBB, 0xBF] : []) + line(names, &lost)
    }

    /// The next rows.
    ///
    /// - Parameter unencodable: grows by the characters that the encoding lacks.
    public mutating func bytes(of features: [Feature], unencodable: inout Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for feature in features { bytes += line(cells(feature), &unencodable) }
        return bytes
    }

    private mutating func cells(_ feature: Feature) -> [String] {
        var cells: [String] = []
        for value in feature.values { cells.append(spelling(value)) }
        switch (place, feature.geometry) {
        case (.nowhere, _): break
        case (.columns, .point(let c)?): cells += [writer.number(c.x), writer.number(c.y)]
        case (.columns, _): cells += ["", ""]
        case (.text, let geometry): cells.append(geometry.map { writer.text($0) } ?? "")
        }
        return cells
    }

    private func line(_ cells: [String], _ unencodable: inout Int) -> [UInt8] {
        let text = cells.map(CSVCell.quoted).joined(separator: ",") + "\r\n"
        if let bytes = encoder.encode(text) { return bytes }
        // GB18030 lacks nothing but noncharacters, so that this is rare.
        var bytes: [UInt8] = []
        for character in text {
            if let known = encoder.encode(String(character)) {
                bytes += known
            } else {
                bytes.append(UInt8(ascii: "?"))
                unencodable += 1
            }
        }
        return bytes
    }

    private func spelling(_ value: PropertyValue) -> String {
        switch value {
        case .null: ""
        case .boolean(let flag): flag ? "true" : "false"
        case .integer(let n): keepsDigits && n.magnitude >= Self.firstLostInteger ? "=\"\(n)\"" : "\(n)"
        case .real(let n): n.isFinite ? "\(n)" : ""
        case .text(let text): guarded(text)
        }
    }

    /// Spreadsheets keep fifteen digits of a number.
    private static let firstLostInteger: UInt64 = 1_000_000_000_000_000
    /// From here on a spreadsheet shows a number with an exponent.
    private static let shownDigits = 11

    private func guarded(_ text: String) -> String {
        guard let first = text.utf8.first else { return text }
        if keepsDigits, text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {
            let hasLeadingZero = first == UInt8(ascii: "0") && text.utf8.count > 1
            if hasLeadingZero || text.utf8.count > Self.shownDigits { return "=\"\(text)\"" }
        }
        switch first {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D:
            let isNumber = first == UInt8(ascii: "-") && Double(text)?.isFinite == true
            return isNumber ? text : "'" + text
        default: return text
        }
    }
}
