import Testing
import Typography

@testable import Portrayal

/// What is wrong with a document is told with the place, what stands there and what should, Chinese first; and all of it at
/// once.
@Suite struct StyleFaultTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var document: String
        /// The places that are told, and a word of each message in either language.
        var faults: [(path: String, english: String, chinese: String)]
        var testDescription: String { name }
    }

    static func document(_ layers: String, sources: String = #""v": {"type": "vector", "url": "assets://v"}"#) -> String {
        #"{"version": 8, "sources": {\#(sources)}, "layers": [\#(layers)]}"#
    }

    static let cases: [Case] = [
        Case(
            name: "unknown property",
            document: document(#"{"id": "a", "type": "background", "paint": {"background-colour": "red"}}"#),
            faults: [("layers[0].paint.background-colour", "unknown property \"background-colour\"", "没有“background-colour”")]),
        Case(
            name: "wrong type",
            document: document(#"{"id": "a", "type": "line", "source": "v", "source-layer": "x", "paint": {"line-width": "wide"}}"#),
            faults: [("layers[0].paint.line-width", "number expected, string found; the value is \"wide\"", "应为 number，实为 string；现值 \"wide\"")]),
        Case(
            name: "word outside an enumeration",
            document: document(#"{"id": "a", "type": "line", "source": "v", "source-layer": "x", "layout": {"line-cap": "flat"}}"#),
            faults: [("layers[0].layout.line-cap", "expected one of [butt, round, square], \"flat\" found", "应为 [butt, round, square] 之一")]),
        Case(
            name: "missing source layer", document: document(#"{"id": "a", "type": "fill", "source": "v"}"#),
            faults: [("layers[0]", "must specify a \"source-layer\"", "须写明 source-layer")]),
        Case(
            name: "missing source", document: document(#"{"id": "a", "type": "fill", "source": "w", "source-layer": "x"}"#),
            faults: [("layers[0].source", "source \"w\" not found", "没有数据源“w”")]),
        Case(
            name: "cycle of references",
            document: document(#"{"id": "a", "ref": "b"}, {"id": "b", "ref": "c"}, {"id": "c", "ref": "a"}"#),
            faults: [
                ("layers[0].ref", "references form a cycle: b -> c -> a -> b", "图层引用成环：b → c → a → b"),
                ("layers[1].ref", "references form a cycle: c -> a -> b -> c", "成环"),
                ("layers[2].ref", "references form a cycle: a -> b -> c -> a", "成环"),
            ]),
        Case(
            name: "a layer that refers to itself", document: document(#"{"id": "a", "ref": "a"}"#),
            faults: [("layers[0].ref", "references form a cycle: a -> a", "成环")]),
        Case(
            name: "reference to nothing", document: document(#"{"id": "a", "ref": "b"}"#),
            faults: [("layers[0].ref", "ref layer \"b\" not found", "没有所引用的图层“b”")]),
        Case(
            name: "every fault at once",
            document: document(
                #"{"id": "a", "type": "polygon"}, {"id": "b", "type": "circle", "source": "v", "source-layer": "x", "minzoom": 25, "paint": {"circle-radius": ["+", 1, "two"]}}"#,
                sources: #""v": {"type": "vector", "minzoom": "low"}, "w": {"type": "wms"}"#),
            faults: [
                ("sources.v.minzoom", "number expected", "应为 number"), ("sources.w.type", "\"wms\" found", "\"wms\""),
                ("layers[0].type", "\"polygon\" found", "\"polygon\""),
                ("layers[1].paint.circle-radius[2]", "Expected number but found string instead.; the value is \"two\"", "表达式不合样式规范；现值 \"two\""),
                ("layers[1].minzoom", "25 is greater than the maximum value 24", "25 大于最大值 24"),
            ]),
    ]

    @Test(arguments: cases) func faultsAreTold(_ fixture: Case) throws {
        let error = try #require(throws: PortrayalError.self) { try Style(json: Array(fixture.document.utf8)) }
        #expect(error.code == .invalidStyle)
        #expect(error.issues.map(\.path) == fixture.faults.map(\.path))
        for (issue, fault) in zip(error.issues, fixture.faults) {
            #expect(issue.message.contains(fault.english), "\(issue.message)")
            #expect(issue.chinese.contains(fault.chinese), "\(issue.chinese)")
        }
        #expect(error.description.hasPrefix("样式文件有 \(fixture.faults.count) 处错误"), "\(error)")
    }

    /// Early documents of version 8 share source, filter and layout by reference.
    @Test func aLayerTakesWhatItRefersTo() throws {
        let style = try Style(
            json: Array(
                Self.document(
                    #"{"id": "a", "type": "line", "source": "v", "source-layer": "x", "minzoom": 3, "filter": ["==", "k", 1], "layout": {"line-cap": "round"}, "paint": {"line-width": 9}}, {"id": "b", "ref": "a", "paint": {"line-color": "red"}}"#
                ).utf8))
        let (own, taken) = (style.layers[0], style.layers[1])
        #expect(taken.kind == own.kind && taken.sourceLayer == own.sourceLayer && taken.minimumZoom == 3)
        #expect(taken.filter != nil)
        #expect(Set(taken.properties.keys) == ["line-cap", "line-color"])
    }

    /// The specification lets members stand that it does not know; a slip of the pen is told all the same.
    @Test func unknownMembersAreRemarked() throws {
        let style = try Style(json: Array(Self.document(#"{"id": "a", "type": "background", "fliter": ["==", "k", 1]}"#).utf8))
        #expect(style.remarks.map(\.path) == ["layers[0].fliter"])
        #expect(style.remarks[0].chinese.contains("fliter") && style.remarks[0].message.contains("fliter"))
    }

    @Test(arguments: [
        ("", "line 1, column 1"), ("{\"version\": 8,}", "line 1, column 15"), ("{\"a\": 1, \"a\": 2}", "occurs twice"),
        (String(repeating: "[", count: 100_000), "nested deeper"), ("\u{FEFF}{}", "expected a value"),
    ])
    func whatIsNoJSONIsToldWithItsPlace(_ text: String, _ words: String) throws {
        let error = try #require(throws: PortrayalError.self) { try Style(json: Array(text.utf8)) }
        #expect(error.code == .invalidJSON)
        #expect(error.message.contains(words) && error.message.contains("不是合法的 JSON"), "\(error.message)")
    }

    /// A name that stands plainly can be looked for before the first tile; one that a feature gives cannot.
    @Test func assetsThatAreNotThereAreTold() throws {
        let style = try Style(
            json: Array(
                Self.document(
                    #"{"id": "a", "type": "background", "paint": {"background-pattern": "none"}}, {"id": "b", "type": "fill", "source": "v", "source-layer": "x", "paint": {"fill-pattern": "known"}}, {"id": "c", "type": "symbol", "source": "v", "source-layer": "x", "layout": {"icon-image": "{kind}", "text-field": "x", "text-font": ["No Such Font"]}}"#
                ).utf8))
        let missing = style.missingAssets(images: ["known"], fonts: FontCatalogue())
        #expect(missing.map(\.path) == ["layers[0].paint.background-pattern", "layers[2].layout.text-font"])
        #expect(missing[0].message.contains("\"none\"") && missing[0].chinese.contains("没有图片“none”"))
        #expect(missing[1].message.contains("No Such Font") && missing[1].chinese.contains("No Such Font"))
    }
}
