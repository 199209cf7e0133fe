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

        @Test func whatNothingComesOfIsRemarked() throws {
            let style = try data.write(
                "style.json", Self.style.replacingOccurrences(of: "\"zoom\":10", with: "\"zoom\":10,\"flavour\":\"plain\""))
            let outcome = try Program.run(["render", style, "-o", style + ".png"])
            #expect(outcome.status == 0 && outcome.errors.contains("flavour"), "\(outcome.text)")
            let clean = try Program.run(["render", try data.write("clean.json", Self.style), "-o", style + ".png"])
            #expect(clean.status == 0 && clean.text.isEmpty, "\(clean.text)")
        }

        @Test func featuresUnderAPointAreListed() throws {
            let style = try data.write("style.json", Self.style)
            func features(_ place: String) throws -> [[String: Any]] {
                let outcome = try Program.run(["render", style, "--query", place, "--size", "64x64", "--ratio", "2"])
                #expect(outcome.status == 0, "\(outcome.text)")
                let answer = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
                return answer?["features"] as? [[String: Any]] ?? []
            }
            let found = try features("34,32")
            #expect(found.count == 1 && found.first?["layer"] as? String == "c")
            let geometry = found.first?["geometry"] as? [String: Any]
            let position = geometry?["coordinates"] as? [Double] ?? []
            #expect(position.count == 2 && abs(position[0] - 113.75) < 1e-3 && abs(position[1] - 23.02) < 1e-3, "\(position)")
            #expect(try features("50,32").isEmpty)
            #expect(try features("40,20,60,40").isEmpty && features("30,20,60,40").count == 1)
            #expect(try Program.run(["render", style, "--query", "here"]).status != 0)
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
