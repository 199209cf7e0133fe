internal import Tiling
internal import Wording

extension ItemsQuery.Filter {
    /// Reads `filter`, `filter-lang` and `filter-crs`; what the expression says is not looked at. `nil` where no filter is given.
    init?(_ parameters: QueryParameters, _ offer: ItemsQuery.Offer) throws(ParameterError) {
        var language = Language.text
        if let text = try parameters.value("filter-lang") {
            guard let known = Language(rawValue: text.lowercased()) else {
                let names = Language.allCases.map(\.rawValue).joined(separator: ", ")
                throw ParameterError(.invalid, name: "filter-lang", value: text, expected: .init(zh: "下列之一：\(names)", en: "one of \(names)"))
            }
            language = known
        }
        var crs = CRSIdentifier.crs84
        if let text = try parameters.value("filter-crs") { crs = try ItemsQuery.crs("filter-crs", text, offer) }
        guard let expression = try parameters.value("filter") else { return nil }
        self.init(expression: expression, language: language, crs: crs)
    }
}

extension ItemsQuery.SortTerm {
    /// As many as a request may name.
    private static let limit = 8

    /// `+a,-b`: names with a sign before them, ascending where there is none.
    static func terms(_ text: String, _ offer: ItemsQuery.Offer) throws(ParameterError) -> [ItemsQuery.SortTerm] {
        var terms: [ItemsQuery.SortTerm] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            // A plus sign that was not escaped has become a blank.
            let isSigned = part.first == "+" || part.first == "-" || part.first == " "
            let name = String(isSigned ? part.dropFirst() : part)
            guard offer.properties.contains(name), !terms.contains(where: { $0.name == name }), terms.count < limit else {
                let names = offer.properties.joined(separator: ", ")
                throw ParameterError(
                    .invalid, name: "sortby", value: text,
                    expected: .init(
                        zh: "至多 \(limit) 个各不相同的属性，前加 + 或 -，以逗号分隔：\(names)",
                        en: "up to \(limit) different properties with + or - before them, separated by commas: \(names)"))
            }
            terms.append(ItemsQuery.SortTerm(name: name, isDescending: part.first == "-"))
        }
        return terms
    }
}
