internal import Wording

/// Parameters of a key-value-pair request, read with the exceptions of OWS.
struct KVPReading {
    let parameters: QueryParameters

    /// `nil` when absent; an empty value is kept.
    func present(_ name: String) throws(ServiceException) -> String? {
        do { return try parameters.value(caseInsensitive: name) } catch { throw ServiceException(error) }
    }

    /// `nil` when absent or empty.
    func optional(_ name: String) throws(ServiceException) -> String? {
        try present(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The first of some names that has a value.
    func optional(either names: [String]) throws(ServiceException) -> String? {
        for name in names {
            if let value = try optional(name) { return value }
        }
        return nil
    }

    func required(_ name: String, _ expected: LocalisedText) throws(ServiceException) -> String {
        guard let value = try optional(name) else { throw missing(name, expected) }
        return value
    }

    func index(_ name: String) throws(ServiceException) -> Int {
        let text = try required(name, .wholeNumber(from: 0))
        guard let number = Int(text), (0...Int(Int32.max)).contains(number) else { throw invalid(name, text, .wholeNumber(from: 0)) }
        return number
    }

    func missing(_ name: String, _ expected: LocalisedText) -> ServiceException {
        ServiceException(ParameterError(.missing, name: name, expected: expected))
    }

    func invalid(_ name: String, _ value: String, _ expected: LocalisedText) -> ServiceException {
        ServiceException(ParameterError(.invalid, name: name, value: value, expected: expected))
    }
}

extension LocalisedText {
    /// A word of the protocol, which is the same in both languages.
    static func word(_ text: String) -> LocalisedText { LocalisedText(zh: " \(text)", en: text) }
}
