public import Wording

/// An error as clients of an OGC web service read it: one exception of an OWS 1.1 report (OGC 06-121r3 clause 8), or of a WMS
/// report.
public struct ServiceException: Error, Hashable, Sendable {
    public static let mediaType = "text/xml"

    /// The codes of OGC 07-057r7 table 25, below those of WMS (OGC 06-042 table E.1).
    public enum Code: String, Hashable, Sendable {
        case operationNotSupported = "OperationNotSupported"
        case missingParameterValue = "MissingParameterValue"
        case invalidParameterValue = "InvalidParameterValue"
        case versionNegotiationFailed = "VersionNegotiationFailed"
        case tileOutOfRange = "TileOutOfRange"
        case pointIJOutOfRange = "PointIJOutOfRange"
        case noApplicableCode = "NoApplicableCode"

        /// Those of WFS (OGC 09-025r2 table 3), with the two of table 25 above that only it has.
        case invalidUpdateSequence = "InvalidUpdateSequence"
        case optionNotSupported = "OptionNotSupported"
        case operationParsingFailed = "OperationParsingFailed"
        case operationProcessingFailed = "OperationProcessingFailed"
        case notFound = "NotFound"

        case invalidFormat = "InvalidFormat"
        case invalidCRS = "InvalidCRS"
        /// What 1.1.1 calls `invalidCRS`.
        case invalidSRS = "InvalidSRS"
        case layerNotDefined = "LayerNotDefined"
        case styleNotDefined = "StyleNotDefined"
        case layerNotQueryable = "LayerNotQueryable"
        case invalidPoint = "InvalidPoint"
        case invalidDimensionValue = "InvalidDimensionValue"

        /// Of the answer. `operationNotSupported` has 501 in the table: a server that fails, to whoever looks at numbers only,
        /// where a client asked for what there is not.
        public var status: Int {
            switch self {
            case .noApplicableCode: 500
            // OGC 09-025r2 annex D.
            case .operationProcessingFailed: 403
            case .notFound: 404
            default: 400
            }
        }
    }

    public var code: Code
    /// The name of the parameter at fault, in the spelling of the standard.
    public var locator: String?
    public var message: LocalisedText
    /// The HTTP status; the code's own unless the failure has a better one, such as 503.
    public var status: Int

    public init(_ code: Code, locator: String? = nil, _ message: LocalisedText, status: Int? = nil) {
        self.code = code
        self.status = status ?? code.status
        self.locator = locator
        self.message = message
    }

    public init(_ error: ParameterError) {
        self.init(
            error.code == .missing ? .missingParameterValue : .invalidParameterValue,
            locator: error.name.isEmpty ? nil : error.name.uppercased(), error.message)
    }

    /// What a WMTS client is told where another client gets the problem document.
    public init(_ problem: ProblemDocument) {
        self.init(
            problem.status < 500 ? .invalidParameterValue : .noApplicableCode,
            Self.sentence(problem), status: problem.status)
    }

    private static func sentence(_ problem: ProblemDocument) -> LocalisedText {
        guard let detail = problem.detail else { return problem.title }
        return LocalisedText(zh: "\(problem.title.zh)：\(detail.zh)", en: "\(problem.title.en): \(detail.en)")
    }

    /// The report, UTF-8: the message in both languages, Chinese first.
    ///
    /// - Parameter version: of the report; WFS writes its own there (OGC 09-025r2 clause 7.5).
    public func xml(version: String = "1.1.0") -> [UInt8] {
        var attributes = [("exceptionCode", code.rawValue)]
        if let locator { attributes.append(("locator", locator)) }
        let exception = XMLText("ows:Exception", attributes, [XMLText("ows:ExceptionText", text: message.zh), XMLText("ows:ExceptionText", text: message.en)])
        return XMLText(
            "ows:ExceptionReport",
            [("xmlns:ows", "http://www.opengis.net/ows/1.1"), ("version", version), ("xml:lang", "zh")], [exception]
        ).document()
    }
}
