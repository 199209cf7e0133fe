import ArgumentParser
import Foundation

/// How a command says what it found.
struct ReportOptions: ParsableArguments {
    @Flag(help: "输出 JSON Print JSON.")
    var json = false

    /// Prints the report for programs where they asked, else has `text` print it for people.
    func tell(_ report: some Encodable, text: () throws -> Void) throws {
        guard json else { return try text() }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        print(String(decoding: try encoder.encode(report), as: UTF8.self))
    }
}
