internal import Wording

/// An error as WMS clients read it (OGC 06-042 annex A.2; OGC 01-068r3 annex A.3).
public struct WMSExceptionReport: Hashable, Sendable {
    public var version: WMSVersion
    public var exception: ServiceException

    public init(version: WMSVersion, exception: ServiceException) {
        self.version = version
        self.exception = exception
    }

    public var mediaType: String { version == .v130 ? "text/xml" : "application/vnd.ogc.se_xml" }

    /// The report, UTF-8: the message in both languages, Chinese first.
    public func xml() -> [UInt8] {
        var attributes = [("code", exception.code.rawValue)]
        if let locator = exception.locator { attributes.append(("locator", locator)) }
        let element = XMLText("ServiceException", attributes, text: exception.message.both)
        switch version {
        case .v130:
            return XMLText(
                "ServiceExceptionReport",
                [
                    ("version", version.rawValue), ("xmlns", "http://www.opengis.net/ogc"),
                    ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
                    ("xsi:schemaLocation", "http://www.opengis.net/ogc http://schemas.opengis.net/wms/1.3.0/exceptions_1_3_0.xsd"),
                ], [element]
            ).document()
        case .v111:
            return XMLText("ServiceExceptionReport", [("version", version.rawValue)], [element]).document(
                documentType: #"<!DOCTYPE ServiceExceptionReport SYSTEM "http://schemas.opengis.net/wms/1.1.1/exception_1_1_1.dtd">"#)
        }
    }
}
