import Foundation
import Raster
import Testing

@testable import MapService

/// Sheets through the router.
@Suite struct PrintRoutesTests {
    @Test func aSheetIsPrintedAsPDFAndAsPNG() async throws {
        let client = try await Hamlet.client()
        let sheet = "/maps/standard/print?scale=5000&paper=A4&center=113.6845,22.9990&title=%E6%B5%8B%E8%AF%95"
        let pdf = try await client.ask(sheet)
        #expect(pdf.status == 200 && pdf.type == "application/pdf" && pdf.body.starts(with: Array("%PDF".utf8)), "\(pdf.text.prefix(300))")
        #expect(pdf.header("Content-Disposition") == "inline; filename=\"standard-A4.pdf\"")
        #expect(try await client.ask(sheet).body == pdf.body)
        let png = try await client.ask(sheet + "&format=png&dpi=96&orientation=landscape")
        let picture = try PNGDecoder.decode(png.body)
        #expect(png.type == "image/png" && picture.width == 1123 && picture.height == 794)
        let grid = try await client.ask("/maps/standard/print?paper=a3&feature=grid.basic:2394")
        #expect(grid.status == 200 && grid.body.count > 50_000, "\(grid.text.prefix(300))")
    }

    @Test(arguments: [
        ("", 400, "center"), ("center=113.68,22.99", 400, "scale"), ("center=113.68,22.99&scale=499", 400, "scale"),
        ("center=113.68,22.99&scale=10001", 400, "scale"), ("center=113.68,22.99&scale=1e9", 400, "scale"),
        ("center=113.68&scale=500", 400, "center"), ("center=nan,nan&scale=500", 400, "center"), ("center=181,0&scale=500", 400, "center"),
        ("center=113.68,22.99&scale=500&paper=A5", 400, "paper"), ("center=113.68,22.99&scale=500&format=tiff", 400, "format"),
        ("center=113.68,22.99&scale=500&orientation=up", 400, "orientation"), ("center=113.68,22.99&scale=500&format=png&dpi=301", 400, "dpi"),
        ("center=113.68,22.99&scale=500&format=png&paper=A0&dpi=300", 400, "dpi"), ("center=113.68,22.99&scale=500&nope=1", 400, "nope"),
        // An approval is the operator's to state.
        ("center=113.68,22.99&scale=500&approval-number=1", 400, "approval-number"),
        ("center=113.68,22.99&scale=500&title=a%0Ab", 400, "title"), ("center=113.68,22.99&scale=500&feature=grid.basic:1", 400, "center"),
        ("feature=grid.basic", 400, "feature"), ("feature=nope:1", 404, "nope"), ("feature=population:1", 404, "population"),
        ("feature=grid.basic:%2e%2e%2fx", 404, "grid.basic"), ("center=0,0&scale=500", 400, "EPSG:4547"),
    ]) func refusalsSayWhatIsWrong(query: String, status: Int, named: String) async throws {
        let answer = try await Hamlet.client().ask("/maps/standard/print?\(query)")
        #expect(
            answer.status == status && answer.type == "application/problem+json" && answer.text.contains(named), "\(answer.status) \(answer.text)")
    }

    @Test func anUnknownMapIsNotFound() async throws {
        #expect(try await Hamlet.client().ask("/maps/nope/print?center=113.68,22.99&scale=500").status == 404)
    }

    /// One sheet at a time, a few waiting, and the rest told to come back.
    @Test func tooManySheetsAreRefused() async throws {
        let shared = try await Hamlet.service.value
        let client = try RouterClient(Hamlet.context(shared.installation, shared.library) { $0.printQueueLimit = 0 })
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for i in 0..<64 {
                group.addTask {
                    let answer = try await client.ask("/maps/standard/print?scale=\(2000 + i)&center=113.6845,22.9990")
                    #expect((answer.header("Retry-After") != nil) == (answer.status == 503))
                    return answer.status
                }
            }
            var all: [Int] = []
            for try await status in group { all.append(status) }
            return all
        }
        #expect(statuses.contains(200) && statuses.contains(503) && statuses.allSatisfy { $0 == 200 || $0 == 503 }, "\(statuses)")
    }
}
