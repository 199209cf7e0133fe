import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Tiling

/// The registry of tile matrix sets kept by OGC, in both encodings, and the examples of the standard.
@Suite(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
struct TileMatrixSetRegistryCorpusTests {
    static let folders = ["tilematrixsets/json", "ogc-schemas/tms-2.0/json/examples/tilematrixset"]
    static let documents = folders.flatMap { folder in Corpora.names(in: folder, suffix: ".json").map { folder + "/" + $0 } }
        .filter { !inconsistent.contains($0) }

    /// Its scale denominators count 96 dpi pixels, against the standard's own rule: refused, as they should be.
    static let inconsistent: Set<String> = ["ogc-schemas/tms-2.0/json/examples/tilematrixset/CanadianNAD83_LCC.json"]

    /// The XML encoding repeats the scale denominator where the cell size belongs.
    static let withoutXMLCellSizes: Set<String> = ["WebMercatorQuad"]

    /// The XML encoding ends after so many matrices.
    static let xmlMatrixCounts = ["GNOSISGlobalGrid": 5, "CDB1GlobalGrid": 15]

    @Test(arguments: inconsistent)
    func scalesOfAnotherPixelAreRefused(_ path: String) {
        let error = #expect(throws: TileMatrixSetError.self) { try TileMatrixSet(json: Corpora.bytes(path)) }
        #expect(error?.code == .inconsistentScale)
    }

    @Test(arguments: documents)
    func documentSurvivesReadingAndWriting(_ path: String) throws {
        let set = try TileMatrixSet(json: Corpora.bytes(path))
        let before = try #require(try JSONSerialization.jsonObject(with: Data(Corpora.bytes(path))) as? [String: Any])
        let after = try #require(try JSONSerialization.jsonObject(with: Data(set.json().bytes())) as? [String: Any])
        for key in ["id", "title", "uri", "crs", "wellKnownScaleSet"] where before[key] is String {
            #expect(before[key] as? String == after[key] as? String, "\(key)")
        }
        #expect(before["orderedAxes"] as? [String] == after["orderedAxes"] as? [String])
        let old = try #require(before["tileMatrices"] as? [[String: Any]])
        let new = try #require(after["tileMatrices"] as? [[String: Any]])
        #expect(old.count == new.count)
        // Foundation's untyped reader is off by a unit in the last place for some of these numbers, so they are
        // compared as the texts spell them.
        for key in ["scaleDenominator", "cellSize"] {
            let spelled = Self.numbers(key, in: try Corpora.text(path))
            #expect(spelled.count == old.count)
            #expect(spelled == Self.numbers(key, in: String(decoding: set.json().bytes(), as: UTF8.self)), "\(key)")
        }
        for (old, new) in zip(old, new) {
            for (key, value) in old {
                if key == "scaleDenominator" || key == "cellSize" { continue }
                #expect((value as? NSObject)?.isEqual(new[key]) == true, "\(key) of \(old["id"] ?? "")")
            }
        }
        #expect(try TileMatrixSet(json: set.json().bytes()) == set)
    }

    @Test(arguments: documents)
    func scaleAndBoundsFollowFromTheDocument(_ path: String) throws {
        let set = try TileMatrixSet(json: Corpora.bytes(path))
        for matrix in set.matrices {
            let scale = matrix.cellSize * set.metresPerUnit / StandardGrid.renderingPixelSizeInMetres
            #expect(abs(scale / matrix.scaleDenominator - 1) < 5e-4)
            let box = matrix.envelope
            #expect(box.minX == matrix.pointOfOrigin.x && box.maxY == matrix.pointOfOrigin.y)
            let last = TileAddress(level: matrix.level, row: matrix.matrixHeight - 1, column: matrix.matrixWidth - 1)
            let corner = matrix.envelope(of: last)
            #expect(corner.maxX == box.maxX && corner.minY == box.minY)
            #expect(set.matrix(id: matrix.id) == matrix && set.matrix(level: matrix.level) == matrix)
            let middle = matrix.envelope(of: last).centre
            let merged = matrix.coalesce(row: last.row)
            #expect(matrix.address(containing: middle) == TileAddress(level: last.level, row: last.row, column: last.column / merged * merged))
        }
    }

    @Test(arguments: Corpora.names(in: "tilematrixsets/xml", suffix: ".xml"))
    func xmlGivesTheSameGrid(_ file: String) throws {
        let name = String(file.dropLast(4))
        let set = try TileMatrixSet(json: Corpora.bytes("tilematrixsets/json/\(name).json"))
        let xml = try Corpora.text("tilematrixsets/xml/" + file)
        let blocks = xml.components(separatedBy: "<TileMatrix>").dropFirst()
        #expect(blocks.count == Self.xmlMatrixCounts[name] ?? set.matrices.count)
        #expect(Self.text("tmsc:URI", in: xml) == CRSIdentifier(set.crs)?.uri)
        for (block, matrix) in zip(blocks, set.matrices) {
            #expect(Self.text("tmsc:Identifier", in: block) == matrix.id)
            #expect(Self.number("TileWidth", in: block) == Double(matrix.tileSize))
            #expect(Self.number("MatrixWidth", in: block) == Double(matrix.matrixWidth))
            #expect(Self.number("MatrixHeight", in: block) == Double(matrix.matrixHeight))
            let scale = try #require(Self.number("ScaleDenominator", in: block))
            #expect(abs(scale / matrix.scaleDenominator - 1) < 1e-9)
            let cell = try #require(Self.number("CellSize", in: block))
            if !Self.withoutXMLCellSizes.contains(name) { #expect(abs(cell / matrix.cellSize - 1) < 1e-9) }
            let corner = try #require(Self.text("PointOfOrigin", in: block)).split(separator: " ").compactMap { Double($0) }
            let expected = set.inDocumentOrder(matrix.documentOrigin)
            #expect(corner == [expected.first, expected.second])
            #expect(block.components(separatedBy: "<VariableMatrixWidth>").count - 1 == matrix.variableMatrixWidths.count)
        }
    }

    /// The numbers after every `"name":` of a JSON text.
    static func numbers(_ name: String, in json: String) -> [Double] {
        json.components(separatedBy: "\"\(name)\"").dropFirst().compactMap { rest in
            Double(String(rest.drop { ": ".contains($0) }.prefix { "+-.0123456789eE".contains($0) }))
        }
    }

    static func text(_ tag: String, in xml: String) -> String? {
        guard let start = xml.range(of: "<\(tag)>"), let end = xml.range(of: "</\(tag)>", range: start.upperBound..<xml.endIndex)
        else { return nil }
        return String(xml[start.upperBound..<end.lowerBound])
    }

    static func number(_ tag: String, in xml: String) -> Double? { text(tag, in: xml).flatMap { Double($0) } }
}
