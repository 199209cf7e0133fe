import SimpleFeatures
import Testing
import Tiling

@testable import OGCAPI

@Suite struct APIDescriptionTests {
    private static var contents: APIContents {
        var contents = APIContents()
        contents.collections = [
            .init(
                id: "base.road", title: "道路",
                schema: FeatureSchema(fields: [
                    Field(name: "名称", kind: .text), Field(name: "limit", kind: .integer), Field(name: "lanes", kind: .integer),
                    Field(name: "身份证号", kind: .text, isSensitive: true),
                ])),
            .init(id: "population", title: "人口", schema: nil),
        ]
        contents.crs = [.crs84, CRSIdentifier(authority: "EPSG", code: "4490")]
        (contents.defaultLimit, contents.maximumLimit) = (100, 10_000)
        (contents.matrixSets, contents.styles, contents.pictureTypes) = (["c", "w"], ["standard"], ["image/png", "image/jpeg"])
        (contents.mapCRS, contents.longestMapSide) = (contents.crs, 4096)
        (contents.maps, contents.centre) = (["standard"], Coordinate(x: 113.75, y: 23.02))
        contents.print = .init(papers: ["A4", "A0"], scales: 500...10_000, resolutions: 96...300, longestTitle: 80)
        contents.fileFormats = [Representation("csv", "text/csv")]
        return contents
    }

    private static var description: APIDescription {
        APIDescription(title: "t", description: "d", version: "1", baseURL: "http://m", operations: contents.operations)
    }

    private static func members(_ document: JSONDocument?) -> [JSONDocument.Member] {
        if case .object(let members)? = document { members } else { [] }
    }

    private static func references(_ document: JSONDocument) -> [String] {
        switch document {
        case .array(let values): values.flatMap(references)
        case .object(let members):
            members.flatMap { member -> [String] in
                if member.name == "$ref", case .string(let target) = member.value { return [target] }
                return references(member.value)
            }
        default: []
        }
    }

    @Test func everyReferenceLeadsSomewhere() {
        let json = Self.description.json()
        let known = Set(Self.members(json["components"]?["schemas"]).map { "#/components/schemas/\($0.name)" })
        let used = Set(Self.references(json))
        #expect(used.isSubset(of: known), "\(used.subtracting(known))")
        #expect(used.count > 15)
    }

    @Test func operationsHaveNamesOfTheirOwnAndTheirPathsParameters() {
        let operations = Self.contents.operations
        #expect(Set(operations.map(\.id)).count == operations.count)
        for operation in operations {
            let named = Set(operation.path.matches(of: /\{([A-Za-z]+)\}/).map { String($0.1) })
            #expect(Set(operation.parameters.filter { $0.place == .path }.map(\.name)) == named, "\(operation.path)")
            let names = operation.parameters.map(\.name)
            #expect(Set(names).count == names.count, "\(operation.path) \(operation.method)")
        }
    }

    @Test func parametersHaveBoundsAndValues() throws {
        let items = try #require(Self.contents.operations.first { $0.path == "/collections/base.road/items" && $0.method == .get })
        func schema(_ name: String) throws -> JSONDocument { try #require(items.parameters.first { $0.name == name }).schema }
        #expect(try schema("limit") == ["type": "integer", "minimum": 1, "maximum": 10_000, "default": 100])
        #expect(try schema("bbox-crs")["enum"] == .strings(Self.contents.crs.map(\.uri)))
        #expect(try schema("lanes") == ["type": "integer"] && schema("f")["enum"] == .strings(["json", "html", "csv"]))
        #expect(!items.parameters.contains { $0.name == "身份证号" })
    }

    @Test func whatIsClosedIsNoPath() {
        let paths = Self.contents.operations.map(\.path)
        #expect(!paths.contains("/collections/population/items") && paths.contains("/collections/base.road/items/{featureId}"))
        #expect(Self.description.json()["paths"]?["/collections/base.road/items"]?["post"] != nil)
    }

    /// OGC 20-057 /req/oas30/operation-id: clients find operations by how their ids end.
    @Test(arguments: [
        "getLandingPage", "getConformance", "getAPI", "getCollectionsList", "getCollection", "getTileMatrixSetsList", "getTileMatrixSet",
        ".dataset.vector.getTileSetsList", ".dataset.vector.getTileSet", ".dataset.vector.getTile", ".dataset.map.getTileSetsList",
        ".dataset.map.getTileSet", ".dataset.map.getTile", ".collection.vector.getTileSetsList", ".collection.vector.getTileSet",
        ".collection.vector.getTile", ".collection.map.getTileSetsList", ".collection.map.getTileSet", ".collection.map.getTile",
        ".dataset.style.map.getTileSetsList", ".dataset.style.map.getTileSet", ".dataset.style.map.getTile",
    ]) func operationsAreFoundByTheirEnding(ending: String) {
        #expect(Self.contents.operations.count { $0.id.hasSuffix(ending) } == 1)
    }

    /// Requirement /req/oas30/exceptions: what may go wrong stands in the description.
    @Test func everyOperationSaysWhatMayGoWrong() {
        for operation in Self.contents.operations {
            let statuses = Set(operation.responses.map(\.status))
            #expect(statuses.isSuperset(of: [200, 400, 404, 406, 500]), "\(operation.path)")
            for response in operation.responses where response.status >= 400 {
                #expect(response.content.map(\.mediaType) == [ProblemDocument.mediaType])
            }
        }
    }

    @Test func staticMapsAndPrintsAreDescribedWhereThereAreMaps() throws {
        let sheet = try #require(Self.contents.operations.first { $0.id == "printSheet" })
        #expect(sheet.parameters.map(\.name) == ["mapId", "scale", "paper", "orientation", "center", "feature", "format", "dpi", "title"])
        #expect(sheet.parameters.first { $0.name == "scale" }?.schema["maximum"] == 10_000)
        #expect(sheet.responses.first?.content.map(\.mediaType) == ["application/pdf", "image/png"])
        let picture = try #require(Self.contents.operations.first { $0.id == "getStaticMap" })
        #expect(picture.parameters.first { $0.name == "place" }?.json()["example"] == "113.75,23.02,15")
        #expect(picture.path == "/maps/{mapId}/static/{place}/{size}")
        var bare = Self.contents
        bare.print = nil
        #expect(!bare.operations.contains { $0.id == "printSheet" })
        bare.maps = []
        #expect(!bare.operations.contains { $0.id == "getStaticMap" })
    }

    /// What the description promises is what is taken.
    @Test(arguments: [("113.7,23.0,14", "600x400.png"), ("auto", "1x2048@2x.jpg"), ("-1,-2,3.5,4", "10x10.webp")])
    func describedStaticMapsAreTaken(place: String, size: String) throws {
        for (name, value) in [("place", place), ("size", size)] {
            guard case .string(let pattern)? = StaticMapRequest.description(around: nil).first(where: { $0.name == name })?.schema["pattern"] else {
                Issue.record("\(name) has a pattern")
                continue
            }
            #expect(try Regex(pattern).wholeMatch(in: value) != nil, "\(value)")
        }
        _ = try StaticMapRequest(place: place, size: size, parameters: QueryParameters("marker=113.7,23.0,A"))
    }
}
