internal import Markup
internal import SimpleFeatures
internal import Tiling
internal import Wording

/// Reads the query of GetFeature and GetPropertyValue.
struct WFSQueryReading {
    let kvp: KVPReading

    /// Ids of one request.
    private static let resourceLimit = 1000
    private static let orderLimit = 8

    func request(_ filter: MarkupElement?, reference: String?) throws(ServiceException) -> WFSRequest {
        try checkResolving()
        if let stored = try kvp.optional(either: ["STOREDQUERY_ID", "STOREDQUERYID"]) {
            guard stored == WFSRequest.featureByID else {
                throw kvp.invalid("STOREDQUERY_ID", stored, .word(WFSRequest.featureByID))
            }
            guard reference == nil else {
                throw ServiceException(
                    .optionNotSupported, locator: "STOREDQUERY_ID",
                    .init(zh: "GetPropertyValue 请用 RESOURCEID 代替存储查询。", en: "Ask GetPropertyValue with RESOURCEID in place of a stored query."))
            }
            let id = try kvp.required("ID", .init(zh: "要素标识，如 street.1", en: "the id of a feature, such as street.1"))
            return .feature(resource: id, crs: try crs(), format: try format())
        }
        var query = WFSQuery()
        query.type = try type()
        if let text = try kvp.optional(either: ["RESOURCEID", "FEATUREID"]) { query.resourceIDs = try resources(text) }
        query.count = try number(either: ["COUNT", "MAXFEATURES"])
        query.startIndex = try number(either: ["STARTINDEX"]) ?? 0
        query.isHits = try isHits()
        if let text = try kvp.optional(either: ["PROPERTYNAME", "PROPERTYNAMES"]) { query.properties = properties(text) }
        query.crs = try crs()
        try readBox(into: &query)
        query.filter = filter
        if filter == nil { query.filter = try readFilter() }
        query.cql = try kvp.optional("CQL_FILTER")
        if let text = try kvp.optional("SORTBY") { query.order = try order(text) }
        query.format = try format()
        guard query.type != nil || !query.resourceIDs.isEmpty else {
            throw kvp.missing("TYPENAMES", .init(zh: "要素类型名，见能力文档", en: "the name of a feature type, as the capabilities list them"))
        }
        guard let reference else { return .features(query) }
        query.properties = nil
        return .values(query, reference: reference)
    }

    // MARK: Which

    private func type() throws(ServiceException) -> String? {
        guard var text = try kvp.optional(either: ["TYPENAMES", "TYPENAME"]) else { return nil }
        if text.hasPrefix("("), text.hasSuffix(")") { text = String(text.dropFirst().dropLast()) }
        if text.hasPrefix("schema-element("), text.hasSuffix(")") { text = String(text.dropFirst(15).dropLast()) }
        guard !text.contains(","), !text.contains("("), !text.contains(" ") else {
            throw ServiceException(
                .optionNotSupported, locator: "TYPENAMES",
                .init(
                    zh: "一次请求一个要素类型，而此处为“\(text.prefix(100))”；不支持连接查询与多个查询。",
                    en: "One feature type a request, and this asks for '\(text.prefix(100))'; joins and several queries are not offered."))
        }
        return WFSRequest.local(text)
    }

    private func resources(_ text: String) throws(ServiceException) -> [String] {
        let ids = WFSRequest.list(text.filter { $0 != "(" && $0 != ")" })
        guard ids.count <= Self.resourceLimit else {
            throw kvp.invalid("RESOURCEID", text, .init(zh: "至多 \(Self.resourceLimit) 个标识", en: "at most \(Self.resourceLimit) ids"))
        }
        return ids
    }

    private func number(either names: [String]) throws(ServiceException) -> Int? {
        for name in names {
            guard let text = try kvp.optional(name) else { continue }
            guard let number = Int(text), (0...Int(Int32.max)).contains(number) else { throw kvp.invalid(name, text, .wholeNumber(from: 0)) }
            return number
        }
        return nil
    }

    private func isHits() throws(ServiceException) -> Bool {
        guard let text = try kvp.optional("RESULTTYPE") else { return false }
        switch text.lowercased() {
        case "hits": return true
        case "results": return false
        default: throw kvp.invalid("RESULTTYPE", text, .init(zh: " results 或 hits", en: "results or hits"))
        }
    }

    /// Nothing here refers to anything elsewhere, so there is nothing to resolve.
    private func checkResolving() throws(ServiceException) {
        if let text = try kvp.optional("RESOLVE"), !["none", "local", "all"].contains(text.lowercased()) {
            throw ServiceException(
                .optionNotSupported, locator: "RESOLVE",
                .init(zh: "RESOLVE“\(text.prefix(100))”不支持；应为 none。", en: "RESOLVE '\(text.prefix(100))' is not supported; expected none."))
        }
        if let text = try kvp.optional("ALIASES") {
            throw ServiceException(
                .optionNotSupported, locator: "ALIASES",
                .init(zh: "不支持连接查询，因此没有别名“\(text.prefix(100))”。", en: "There are no joins, so there is no alias '\(text.prefix(100))'."))
        }
    }

    // MARK: Where

    private func readBox(into query: inout WFSQuery) throws(ServiceException) {
        guard let text = try kvp.optional("BBOX") else { return }
        let expected = LocalisedText(
            zh: "四个以逗号分隔的数，后可加坐标系；URN 按坐标系的轴序，EPSG:代码 按东、北",
            en: "four numbers separated by commas, then perhaps a CRS: a URN for the order of its axes, EPSG:code for east first")
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.trimmingBlanks) }
        guard (4...5).contains(parts.count) else { throw kvp.invalid("BBOX", text, expected) }
        let n = parts.prefix(4).map { Double($0) ?? .nan }
        guard n.allSatisfy(\.isFinite) else { throw kvp.invalid("BBOX", text, expected) }
        var reference = CRSReference(WFSCapabilities.defaultCRS)
        if parts.count == 5 {
            guard let named = CRSReference(parts[4]), named.identifier.isNorthFirst != nil else { throw kvp.invalid("BBOX", text, expected) }
            reference = named
        } else if abs(n[0]) > 90 || abs(n[2]) > 90 {
            // No latitude: a box that names no CRS has its longitudes first, as people write it.
            reference.isNorthFirst = false
        }
        let box = reference.isNorthFirst ? Envelope(minX: n[1], minY: n[0], maxX: n[3], maxY: n[2]) : Envelope(minX: n[0], minY: n[1], maxX: n[2], maxY: n[3])
        let isGeographic = reference.identifier.isGeographic == true
        guard box.minY <= box.maxY, box.minX <= box.maxX || isGeographic, !isGeographic || (abs(box.minY) <= 90 && abs(box.maxY) <= 90) else {
            throw kvp.invalid("BBOX", text, expected)
        }
        query.boxCRS = reference.identifier
        query.boxes =
            box.minX <= box.maxX
            ? [box]
            : [
                Envelope(minX: box.minX, minY: box.minY, maxX: 180, maxY: box.maxY), Envelope(minX: -180, minY: box.minY, maxX: box.maxX, maxY: box.maxY),
            ]
    }

    private func readFilter() throws(ServiceException) -> MarkupElement? {
        guard var text = try kvp.optional("FILTER") else { return nil }
        // One filter in parentheses is how several queries write theirs.
        if text.hasPrefix("("), text.hasSuffix(")") { text = String(text.dropFirst().dropLast()) }
        do throws(MarkupError) {
            return try MarkupReader.read(Array(text.utf8))
        } catch {
            throw ServiceException(.operationParsingFailed, locator: "FILTER", error.message)
        }
    }

    // MARK: How

    private func crs() throws(ServiceException) -> CRSReference? {
        guard let text = try kvp.optional("SRSNAME") else { return nil }
        guard let reference = CRSReference(text) else {
            throw kvp.invalid("SRSNAME", text, .init(zh: "能力文档所列的坐标系", en: "a CRS that the capabilities list"))
        }
        return reference
    }

    private func format() throws(ServiceException) -> WFSFormat {
        guard let text = try kvp.optional("OUTPUTFORMAT") else { return .gml }
        guard let format = WFSFormat(text) else {
            let known = WFSFormat.allCases.map(\.rawValue).joined(separator: ", ")
            throw kvp.invalid("OUTPUTFORMAT", text, .init(zh: "\(known) 之一", en: "one of \(known)"))
        }
        return format
    }

    /// `nil` for all.
    private func properties(_ text: String) -> [String]? {
        let names = WFSRequest.list(text.filter { $0 != "(" && $0 != ")" }).map(WFSRequest.local)
        return names.contains("*") ? nil : names
    }

    /// `name ASC,other DESC`; other services' `A` and `D` are read too.
    private func order(_ text: String) throws(ServiceException) -> [ItemsQuery.SortTerm] {
        var terms: [ItemsQuery.SortTerm] = []
        for item in WFSRequest.list(text) {
            let words = item.split(separator: " ").map(String.init)
            let direction = words.count > 1 ? words[1].uppercased() : "ASC"
            guard let name = words.first, words.count <= 2, ["ASC", "A", "DESC", "D"].contains(direction), terms.count < Self.orderLimit else {
                throw kvp.invalid(
                    "SORTBY", text,
                    .init(
                        zh: "至多 \(Self.orderLimit) 个属性，后可加 ASC 或 DESC，以逗号分隔",
                        en: "up to \(Self.orderLimit) properties with ASC or DESC after them, separated by commas"))
            }
            terms.append(.init(name: WFSRequest.local(name), isDescending: direction.hasPrefix("D")))
        }
        return terms
    }
}
