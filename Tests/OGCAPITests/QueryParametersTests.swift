import Foundation
import Testing
import Tiling
import Wording

@testable import OGCAPI

@Suite struct QueryParametersTests {
    @Test func namesAndValuesAreDecoded() throws {
        let parameters = try QueryParameters("q=%E4%B8%9C%E8%8E%9E+%E8%B7%AF&empty=&flag&&a%3Db=c%26d=e")
        #expect(parameters.items.map(\.name) == ["q", "empty", "flag", "a=b"])
        #expect(parameters.items.map(\.value) == ["东莞 路", "", "", "c&d=e"])
        #expect(try QueryParameters(parameters.encoded) == parameters)
    }

    @Test func letterCaseCountsOnlyWhereItShould() throws {
        let parameters = try QueryParameters("Service=WMTS&layer=vec")
        #expect(try parameters.value(caseInsensitive: "SERVICE") == "WMTS")
        #expect(try parameters.value("SERVICE") == nil)
    }

    @Test func duplicatesLimitsAndBrokenEscapesAreErrors() throws {
        let twice = try QueryParameters("limit=1&limit=2&crs=x&crs=x")
        #expect(#expect(throws: ParameterError.self) { try twice.value("limit") }?.code == .repeated)
        #expect(try twice.value("crs") == "x")
        #expect(#expect(throws: ParameterError.self) { try QueryParameters("a=%zz") }?.code == .invalid)
        #expect(#expect(throws: ParameterError.self) { try QueryParameters("a=%ff") }?.code == .invalid)
        #expect(#expect(throws: ParameterError.self) { try QueryParameters("a=%4") }?.code == .invalid)
        #expect(#expect(throws: ParameterError.self) { try QueryParameters(String(repeating: "a", count: 20_000)) }?.code == .tooLong)
        #expect(#expect(throws: ParameterError.self) { try QueryParameters(String(repeating: "a=1&", count: 300)) }?.code == .tooLong)
    }

    @Test func problemDocument() throws {
        let problem = ProblemDocument(ParameterError(.invalid, name: "limit", value: "x\"y", expected: LocalisedText(zh: "整数", en: "a whole number")))
        #expect(String(decoding: problem.json().bytes(), as: UTF8.self)
            == #"{"type":"about:blank","title":"请求参数有误 / Bad request parameter","status":400,"detail":"参数“limit”的值“x\"y”无效；应为整数。 / Parameter 'limit' is 'x\"y'; expected a whole number.","parameter":"limit","value":"x\"y","expected":"整数 / a whole number"}"#)
    }

    /// Whatever the fault, both languages name the parameter and what it should have been.
    @Test(arguments: ParameterError.Code.allCases)
    func everyFaultOfAParameterIsSaidInBothLanguages(code: ParameterError.Code) {
        let message = ParameterError(code, name: "limit", value: "x", expected: LocalisedText(zh: "整数", en: "a whole number")).message
        #expect(message.zh.contains("整数") && message.en.contains("a whole number"))
        if code != .tooLong { #expect(message.zh.contains("limit") && message.en.contains("limit")) }
        #expect(message.zh != message.en && message.both == "\(message.zh) / \(message.en)")
    }

    @Test func exceptionReport() {
        let exception = ServiceException(.tileOutOfRange, locator: "TILEROW", .init(zh: "第 9 行 < 10。", en: "Row 9 < \"10\" & more."))
        let text = String(decoding: exception.xml(), as: UTF8.self)
        #expect(text.contains(#"<ows:Exception exceptionCode="TileOutOfRange" locator="TILEROW">"#))
        #expect(text.contains(#"version="1.1.0""#))
        #expect(text.contains(#"xml:lang="zh""#) && text.contains("<ows:ExceptionText>第 9 行 &lt; 10。</ows:ExceptionText>"))
        #expect(text.contains("<ows:ExceptionText>Row 9 &lt; &quot;10&quot; &amp; more.</ows:ExceptionText>"))
        #expect(exception.code.status == 400 && ServiceException.Code.operationNotSupported.status == 400)
    }
}
