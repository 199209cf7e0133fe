public import Markup
internal import SimpleFeatures
internal import Tiling
internal import Wording

extension WFSRequest {
    /// Reads a key-value-pair request (OGC 09-025r2 clauses 7.6 to 14); parameters of other services are passed over.
    ///
    /// - Parameter filter: a filter that came as an element of its own.
    /// - Throws: the exception to answer with.
    public init(kvp parameters: QueryParameters, filter: MarkupElement? = nil) throws(ServiceException) {
        let kvp = KVPReading(parameters: parameters)
        let stated = try kvp.optional("SERVICE")
        if let stated, stated.uppercased() != "WFS" { throw kvp.invalid("SERVICE", stated, .word("WFS")) }
        let request = try kvp.required("REQUEST", .wfsOperations)
        if request.lowercased() == "getcapabilities" {
            if stated == nil { throw kvp.missing("SERVICE", .word("WFS")) }
            self = .capabilities(try WFSCapabilitiesRequest(kvp))
            return
        }
        try Self.checkVersion(kvp)
        switch request.lowercased() {
        case "describefeaturetype":
            if let text = try kvp.optional("OUTPUTFORMAT"), WFSFormat(text) != .gml { throw kvp.invalid("OUTPUTFORMAT", text, .word(WFSFormat.gml.rawValue)) }
            self = .types(try kvp.optional(either: ["TYPENAMES", "TYPENAME"]).map { Self.list($0).map(Self.local) })
        case "getfeature": self = try WFSQueryReading(kvp: kvp).request(filter, reference: nil)
        case "getpropertyvalue":
            let reference = try kvp.required("VALUEREFERENCE", .init(zh: "属性名", en: "the name of a property"))
            self = try WFSQueryReading(kvp: kvp).request(filter, reference: reference)
        case "liststoredqueries": self = .storedQueries
        case "describestoredqueries":
            self = .storedQueryDescriptions(try kvp.optional(either: ["STOREDQUERY_ID", "STOREDQUERYID"]).map { Self.list($0) })
        default: throw Self.notOffered(request)
        }
    }

    static func notOffered(_ operation: String) -> ServiceException {
        ServiceException(
            .operationNotSupported, locator: String(operation.prefix(100)),
            .init(
                zh: "不提供操作“\(operation.prefix(100))”；应为\(LocalisedText.wfsOperations.zh)。",
                en: "The operation '\(operation.prefix(100))' is not offered; expected \(LocalisedText.wfsOperations.en)."))
    }

    /// A version that is left out is ours; corrigenda of 2.0.0 speak the same.
    private static func checkVersion(_ kvp: KVPReading) throws(ServiceException) {
        guard let stated = try kvp.optional("VERSION"), !isOurs(stated) else { return }
        throw kvp.invalid("VERSION", stated, .word(version))
    }

    static func isOurs(_ version: some StringProtocol) -> Bool { version.hasPrefix("2.0.") }

    static func list(_ text: String) -> [String] {
        text.split(separator: ",").map { String($0.trimmingBlanks) }.filter { !$0.isEmpty }
    }

    /// What follows the prefix of a name, the last step of a path.
    static func local(_ name: String) -> String {
        let step = name.split(separator: "/").last.map(String.init) ?? name
        return step.split(separator: ":").last.map(String.init) ?? step
    }
}

extension WFSCapabilitiesRequest {
    init(_ kvp: KVPReading) throws(ServiceException) {
        if let accepted = try kvp.optional("ACCEPTVERSIONS"), !WFSRequest.list(accepted).contains(where: { WFSRequest.isOurs($0) }) {
            throw ServiceException(
                .versionNegotiationFailed,
                .init(
                    zh: "不提供版本 \(accepted.prefix(100))；本服务为 \(WFSRequest.version)。",
                    en: "None of the versions \(accepted.prefix(100)) is offered; this is \(WFSRequest.version)."))
        }
        if let text = try kvp.optional("SECTIONS") {
            sections = []
            for name in WFSRequest.list(text) {
                if name.lowercased() == "all" {
                    sections = Set(Section.allCases)
                } else if let section = Section.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() }) {
                    sections.insert(section)
                } else {
                    let known = (["All"] + Section.allCases.map(\.rawValue)).joined(separator: ", ")
                    throw kvp.invalid("SECTIONS", text, .init(zh: "\(known)", en: "some of \(known)"))
                }
            }
        }
        updateSequence = try kvp.optional("UPDATESEQUENCE")
    }
}

extension LocalisedText {
    static let wfsOperations = LocalisedText(
        zh: "GetCapabilities、DescribeFeatureType、GetFeature、GetPropertyValue、ListStoredQueries 或 DescribeStoredQueries",
        en: "GetCapabilities, DescribeFeatureType, GetFeature, GetPropertyValue, ListStoredQueries or DescribeStoredQueries")
}
