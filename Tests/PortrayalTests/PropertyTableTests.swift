import Foundation
import TestSupport
import Testing

@testable import Portrayal

/// The table in Styles/README.md and the code know the same properties, and those are the specification's.
@Suite struct PropertyTableTests {
    static let properties = StyleLayerKind.allCases.flatMap { kind in
        (kind.layout + kind.paint).map { (kind: kind, definition: $0) }
    }

    /// The names in the first column of the table, by what the second says.
    static func rows() throws -> (drawn: Set<String>, undrawn: Set<String>) {
        let text = try String(contentsOf: Repository.directory.appending(path: "Styles/README.md"), encoding: .utf8)
        var rows: (drawn: Set<String>, undrawn: Set<String>) = ([], [])
        for line in text.split(separator: "\n") where line.hasPrefix("| `") {
            let cells = line.split(separator: "|", omittingEmptySubsequences: false).map { $0.trimmingCharacters(in: .whitespaces) }
            guard cells.count == 5, ["yes", "no"].contains(cells[2]) else { continue }
            let names = cells[1].matches(of: /`([a-z-]+)`/).map { String($0.output.1) }
            if cells[2] == "yes" { rows.drawn.formUnion(names) } else { rows.undrawn.formUnion(names) }
        }
        return rows
    }

    @Test func everyPropertyHasOneRow() throws {
        let rows = try Self.rows()
        #expect(rows.drawn.intersection(rows.undrawn).isEmpty)
        let listed = rows.drawn.union(rows.undrawn)
        for (_, definition) in Self.properties { #expect(listed.contains(definition.name), "no row for \(definition.name)") }
    }

    @Test(.enabled(if: Corpora.isPresent, "skipped: ../shared/corpora not present"))
    func theSpecificationsPropertiesAreKnown() throws {
        let reference = try #require(try Corpora.json(Corpora.url("maplibre-style-validation/v8.json")).object)
        for kind in StyleLayerKind.allCases {
            for (place, definitions) in [("layout", kind.layout), ("paint", kind.paint)] {
                let spec = try #require(reference["\(place)_\(kind.rawValue)"]?.object)
                #expect(Set(definitions.map(\.name)) == Set(spec.keys), "\(place) of \(kind.rawValue)")
                for definition in definitions {
                    let entry = try #require(spec[definition.name]?.object)
                    #expect(definition.minimum == entry["minimum"]?.number, "\(definition.name)")
                    #expect(definition.maximum == entry["maximum"]?.number, "\(definition.name)")
                    #expect(Set(definition.names) == Set((entry["values"]?.object ?? [:]).keys), "\(definition.name)")
                    #expect(definition.isDataDriven == (entry["property-type"]?.text?.contains("data-driven") ?? false), "\(definition.name)")
                    if place == "paint" { #expect(definition.isTransitionable == (entry["transition"]?.boolean ?? false), "\(definition.name)") }
                }
            }
        }
    }
}
