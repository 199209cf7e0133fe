/// The registered name of a coordinate reference system: an authority and its code.
///
/// The four spellings that requests and documents use are read: `EPSG:4490`, `urn:ogc:def:crs:EPSG::4490`,
/// `http://www.opengis.net/def/crs/EPSG/0/4490`, and the safe CURIE `[EPSG:4490]`.
public struct CRSIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// Such as `EPSG` or `OGC`.
    public let authority: String
    /// Such as `4490` or `CRS84`.
    public let code: String

    public static let crs84 = CRSIdentifier(authority: "OGC", code: "CRS84")

    public init(authority: String, code: String) {
        self.authority = authority
        self.code = code
    }

    /// `nil` when the text is none of the four spellings.
    public init?(_ text: String) {
        var text = Substring(text)
        if text.first == "[", text.last == "]" { text = text.dropFirst().dropLast() }
        let lower = text.lowercased()
        let parts: [Substring]
        if let scheme = ["http://www.opengis.net/def/crs/", "https://www.opengis.net/def/crs/"].first(where: lower.hasPrefix) {
            parts = text.dropFirst(scheme.count).split(separator: "/", omittingEmptySubsequences: false)
        } else if lower.hasPrefix("urn:ogc:def:crs:") {
            parts = text.dropFirst("urn:ogc:def:crs:".count).split(separator: ":", omittingEmptySubsequences: false)
        } else {
            parts = text.split(separator: ":", omittingEmptySubsequences: false)
        }
        guard let first = parts.first, let last = parts.last, (2...3).contains(parts.count), !first.isEmpty,
            !last.isEmpty, (first + last).utf8.allSatisfy(Self.isPlain)
        else { return nil }
        var authority = first.uppercased()
        let code = last.uppercased()
        if authority == "CRS", code == "84" { self = .crs84; return }
        if code.hasPrefix("CRS84") { authority = "OGC" }
        self.init(authority: authority, code: code)
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }

    /// The form used inside the process, such as `EPSG:4490`.
    public var description: String { "\(authority):\(code)" }

    /// The form of OGC API documents.
    public var uri: String { "http://www.opengis.net/def/crs/\(authority)/\(authority == "OGC" ? "1.3" : "0")/\(code)" }

    /// The form of WMTS documents.
    public var urn: String { "urn:ogc:def:crs:\(authority):\(authority == "OGC" ? "1.3" : ""):\(code)" }
}
