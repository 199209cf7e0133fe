import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Testing
import TileProduction
import Wording

@testable import MapService

/// Every error that can reach a client is answered in both languages, and tells nothing of the inside when it is ours.
@Suite struct ErrorTableTests {
    private static let told = LocalisedText(zh: "没有图层 a；有 b", en: "there is no layer a; there is b")

    private static func check(_ error: any Error, sourceLocation: Testing.SourceLocation = #_sourceLocation) throws {
        let (document, isOurs) = ErrorTable.problem(for: error, incident: "7")
        #expect((400...599).contains(document.status) && (!isOurs || document.status >= 500), sourceLocation: sourceLocation)
        let detail = try #require(document.detail, sourceLocation: sourceLocation)
        for text in [document.title.both, detail.both] {
            #expect(isChineseThenEnglish(text), "\(text)", sourceLocation: sourceLocation)
        }
        if isOurs { #expect(detail.zh.contains("7") && !detail.both.contains("图层 a"), sourceLocation: sourceLocation) }
    }

    @Test(arguments: ProductionError.Code.allCases) func production(code: ProductionError.Code) throws {
        try Self.check(ProductionError(code: code, message: Self.told))
    }

    @Test(arguments: RegistryError.Code.allCases) func registry(code: RegistryError.Code) throws {
        try Self.check(RegistryError(code: code, message: Self.told))
    }

    @Test(arguments: ParameterError.Code.allCases) func parameters(code: ParameterError.Code) throws {
        try Self.check(ParameterError(code, name: "limit", value: "x", expected: LocalisedText(zh: "整数", en: "a whole number")))
    }

    @Test(arguments: [HTTPResponse.Status.badRequest, .contentTooLarge, .internalServerError]) func framework(status: HTTPResponse.Status) throws {
        try Self.check(HTTPError(status, message: "words of the framework"))
    }

    @Test func whatNobodyForesaw() throws {
        struct Unforeseen: Error {}
        try Self.check(Unforeseen())
    }
}
