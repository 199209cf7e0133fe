/// A CRS as a client of an older service names it, and which axis its positions have first then.
///
/// A URN or an address of a definition means the order that the authority defines. Before there were URNs, `EPSG:4326` stood for
/// east first whatever the authority says, and clients still write it with that meaning (OGC 08-038r7).
public struct CRSReference: Hashable, Sendable {
    public var identifier: CRSIdentifier
    public var isNorthFirst: Bool

    /// In the authority's order.
    public init(_ identifier: CRSIdentifier) {
        self.identifier = identifier
        isNorthFirst = identifier.isNorthFirst == true
    }

    /// Those of GML 2.
    private static let oldAddresses = ["http://www.opengis.net/gml/srs/epsg.xml#", "https://www.opengis.net/gml/srs/epsg.xml#"]

    /// `nil` for what names no CRS.
    public init?(_ text: String) {
        let lower = text.lowercased()
        if let old = Self.oldAddresses.first(where: lower.hasPrefix) {
            guard let identifier = CRSIdentifier("EPSG:" + text.dropFirst(old.count)) else { return nil }
            self.init(identifier)
            isNorthFirst = false
            return
        }
        guard let identifier = CRSIdentifier(text) else { return nil }
        self.init(identifier)
        if !lower.hasPrefix("urn:"), !lower.hasPrefix("http") { isNorthFirst = false }
    }
}
