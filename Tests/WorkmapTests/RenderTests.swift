import Foundation
import Testing

extension WholeProgram {
    /// Pictures of style documents from the command line.
    struct RenderTests {
        let data: DataDirectory

        init() throws { data = try DataDirectory() }

        private static let style = """
            {"version":8,"center":[113.75,23.02],"zoom":10,"sources":{"s":{"type":"geojson","data":{"type":"Point","coordinates":[113.75,23.02]}}},
            "layers":[{"id":"b","type":"background","paint":{"background-color":"#fff"}},{"id":"c","type":"circle","source":"s"}]}
            """

        /// Width and height that a PNG file states.
        private func size(of path: String) throws -> [UInt32] {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
            try #require(bytes.count > 24 && Array(bytes[1..<4]) == Array("PNG".utf8))
            return [16, 20].map { i in bytes[i..<i + 4].reduce(0) { $0 << 8 | UInt32($1) } }
        }

        @Test func aStyleDocumentBecomesAPictureOfTheSizeAsked() throws {
            let style = try data.write("style.json", Self.style)
            let output = style + ".png"
            let outcome = try Program.run(["render", style, "-o", output, "--size", "120x80", "--ratio", "2", "--bearing", "30"])
            #expect(outcome.status == 0, "\(outcome.text)")
            #expect(try size(of: output) == [240, 160])
        }

        @Test func aBatchDrawsWhatItCanAndNamesTheRest() throws {
            let style = try data.write("style.json", Self.style)
            let broken = try data.write("broken.json", Self.style.replacingOccurrences(of: "circle", with: "zircle"))
            let output = style + ".png"
            let list = try data.write("list.txt", "\(broken)\t-o\t\(broken).png\n\(style)\t-o\t\(output)\t--size\t64x32\n")
            let outcome = try Program.run(["render", "--batch", list])
            #expect(outcome.status == 1)
            #expect(outcome.text.contains("broken.json") && outcome.text.contains("zircle"), "\(outcome.text)")
            #expect(try size(of: output) == [64, 32])
        }
    }
}
