import Foundation
import SimpleFeatures
import TestSupport
import Testing

@testable import Reprojection

@Suite struct CRSRecognitionTests {
    static let city = Envelope(minX: 113.52, minY: 22.65, maxX: 114.26, maxY: 23.15)
    static let recognition = CRSRecognition(cityEnvelope: city)

    static func sample(_ crs: CRS, swapped: Bool = false) throws -> [Coordinate] {
        var generator = SeededGenerator(seed: 99)
        var run = (0..<200).map { _ in
            Coordinate(x: .random(in: 113.6...114.2, using: &generator), y: .random(in: 22.7...23.1, using: &generator))
        }
        let operation = try CoordinateOperation(from: .cgcs2000, to: crs, policy: DatumPolicy())
        #expect(operation.transform(&run) == 0)
        return swapped ? run.map { Coordinate(x: $0.y, y: $0.x) } : run
    }

    /// What a verdict is, and what it suggests, in a word.
    static func word(_ assessment: CRSAssessment) -> String {
        switch assessment.verdict {
        case .plausible: "plausible"
        case .swappedAxes(let crs): "swapped \(crs.id)"
        case .zonePrefixMissing(let crs): "prefix missing \(crs.id)"
        case .zonePrefixExtra(let crs): "prefix extra \(crs.id)"
        case .declaredGeographicButProjected(let crs): "projected \(crs.id)"
        case .declaredProjectedButGeographic(let crs): "geographic \(crs.id)"
        case .anotherCRS(let crs): "another \(crs.id)"
        case .outsideArea: "outside"
        case .undeclared(let candidates): "undeclared " + candidates.map(\.id).joined(separator: " ")
        case .unusable(let error): "unusable \(error.code.rawValue)"
        case .noPositions: "nothing"
        }
    }

    @Test(arguments: [
        ("4490", "4490", "plausible"), ("4547", "4547", "plausible"), ("4526", "4526", "plausible"),
        ("3857", "3857", "plausible"), ("4326", "4490", "plausible"),
        ("4547", "4526", "prefix extra EPSG:4526"), ("4526", "4547", "prefix missing EPSG:4547"),
        ("4548", "4526", "prefix extra EPSG:4526"), ("4527", "4547", "prefix missing EPSG:4547"),
        ("4547", "4527", "prefix extra EPSG:4527"), ("4509", "4498", "prefix extra EPSG:4498"),
        ("4490", "4547", "projected EPSG:4547"), ("4490", "4526", "projected EPSG:4526"),
        ("4326", "3857", "projected EPSG:3857"), ("4547", "4490", "geographic EPSG:4490"),
        ("3857", "4490", "geographic EPSG:4490"), ("4547", "3857", "another EPSG:3857"),
        ("4548", "4547", "another EPSG:4547"), ("3857", "4547", "another EPSG:4547"),
    ])
    func declaredAgainstTrue(declared: String, truth: String, expected: String) throws {
        let assessment = Self.recognition.assess(declared: try CRS(declared), sample: try Self.sample(CRS(truth)))
        #expect(Self.word(assessment) == expected)
        if !assessment.isPlausible { #expect(assessment.message.contains("--crs EPSG:")) }
    }

    @Test(arguments: ["4490", "4547", "4526", "3857"])
    func swappedAxes(id: String) throws {
        let crs = try CRS(id)
        let assessment = Self.recognition.assess(declared: crs, sample: try Self.sample(crs, swapped: true))
        #expect(Self.word(assessment) == "swapped \(crs.id)")
        let undeclared = Self.recognition.assess(declared: nil, sample: try Self.sample(crs, swapped: true))
        #expect(Self.word(undeclared) == "swapped \(crs.id)")
    }

    @Test(arguments: ["4490", "4547", "4526", "3857"])
    func undeclared(id: String) throws {
        let assessment = Self.recognition.assess(declared: nil, sample: try Self.sample(CRS(id)))
        #expect(assessment.suggested == (try CRS(id)))
        #expect(assessment.message.contains("--crs EPSG:\(id)"))
    }

    /// The box of a real delivery next door: declared without a zone number, delivered with one.
    @Test func neighbouringShapefileWithAFalseDeclaration() {
        let sample = [
            Coordinate(x: 38_505_145.2, y: 2_501_678.7), Coordinate(x: 38_510_119.6, y: 2_506_909.5),
            Coordinate(x: 38_507_000, y: 2_504_000),
        ]
        let assessment = Self.recognition.assess(declared: .gk114, sample: sample)
        #expect(Self.word(assessment) == "prefix extra EPSG:4526")
        #expect(assessment.message.contains("38505145.2") && assessment.message.contains("--crs EPSG:4526"))
    }

    @Test func elsewhere() throws {
        let paris = Self.recognition.assess(declared: .cgcs2000, sample: [Coordinate(x: 2.35, y: 48.85)])
        #expect(Self.word(paris) == "outside")
        guard case .outsideArea(let distance) = paris.verdict else { return }
        #expect(distance > 5_000)
        let nowhere = Self.recognition.assess(declared: .cgcs2000, sample: [Coordinate(x: 1e30, y: 4)])
        #expect(nowhere.message.contains("nowhere"))
        #expect(Self.word(Self.recognition.assess(declared: nil, sample: [Coordinate(x: 1, y: 2)])) == "undeclared ")
    }

    @Test func degenerateSamples() throws {
        #expect(Self.recognition.assess(declared: .gk114, sample: []).isPlausible)
        #expect(Self.word(Self.recognition.assess(declared: nil, sample: [Coordinate(x: .nan, y: 0)])) == "nothing")
        let xian = Self.recognition.assess(declared: try CRS("EPSG:2383"), sample: try Self.sample(.gk114))
        #expect(Self.word(xian) == "unusable datumRefused")
    }

    @Test func obfuscationIsNotGuessed() {
        let assessment = Self.recognition.assess(declared: .cgcs2000, sample: PlaceVector.all.map(\.gcj02))
        #expect(assessment.isPlausible)
    }
}
