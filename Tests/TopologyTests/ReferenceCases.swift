import Foundation
import SimpleFeatures
import TestSupport

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// One operation of a GEOS/JTS test file.
struct ReferenceCase: Sendable {
    let name: String
    let operation: String
    let a: String
    let b: String
    let expected: String
}

/// Reads `<run><case><a/><b/><test><op/></test></case></run>`.
final class ReferenceCases: NSObject, XMLParserDelegate {
    private var cases: [ReferenceCase] = []
    private var file = ""
    private var number = 0
    private var text = ""
    private var operands: [String: String] = [:]
    private var attributes: [String: String] = [:]

    static func read(_ path: String) -> [ReferenceCase] {
        let reader = ReferenceCases()
        reader.file = path
        guard let parser = XMLParser(contentsOf: Corpora.url("geos-xmltests/" + path)) else { return [] }
        parser.delegate = reader
        return parser.parse() ? reader.cases : []
    }

    func parser(
        _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
        attributes: [String: String] = [:]
    ) {
        text = ""
        if name == "case" {
            number += 1
            operands = [:]
        }
        if name == "op" { self.attributes = attributes }
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { text += string }

    func parser(_ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?) {
        let value = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if name == "a" || name == "b" { operands[name] = value }
        guard name == "op", let operation = attributes["name"] else { return }
        let operand = { (key: String, fallback: String) in
            self.operands[(self.attributes[key] ?? fallback).lowercased()] ?? ""
        }
        cases.append(
            ReferenceCase(
                name: "\(file) case \(number) \(operation)", operation: operation.lowercased(), a: operand("arg1", "a"),
                b: operand("arg2", "b"), expected: value.lowercased()))
    }
}
