import Foundation
import HTTPTypes
import Testing
import TileArchives

@testable import MapService

/// The file of an archive in parts, as browsers read it (RFC 9110 sections 13 and 14).
@Suite struct ArchiveFileTests {
    private func folder() throws -> (ArchiveFolder, [UInt8]) {
        let folder = try ArchiveFolder()
        try folder.write("town.pmtiles", ArchiveFolder.town(1))
        folder.shelf.refresh()
        return (folder, [UInt8](try Data(contentsOf: URL(filePath: folder.path + "/town.pmtiles"))))
    }

    @Test func partsAreThoseOfTheFile() async throws {
        let (folder, whole) = try folder()
        let n = whole.count
        for (range, part) in [
            ("bytes=0-16383", 0..<16_384), ("bytes=0-0", 0..<1), ("bytes=100-", 100..<n), ("bytes=-7", n - 7..<n),
            ("bytes=-9999999", 0..<n), ("bytes=16000-99999999999999999999999", 16_000..<n), ("Bytes= 5-9", 5..<10),
        ] {
            let answer = try await folder.client.ask("/archives/town.pmtiles", headers: [.range: range])
            #expect(answer.status == 206, "\(range)")
            #expect(answer.body == Array(whole[part]), "\(range)")
            #expect(answer.headers[.contentRange] == "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(n)")
            #expect(answer.headers[.contentLength] == "\(part.count)")
        }
    }

    @Test func rangesThatAreNoneGiveTheWhole() async throws {
        let (folder, whole) = try folder()
        for range in ["", "bytes=", "bytes=-", "bytes=9-5", "bytes=a-b", "lines=1-2", "bytes=0-1,5-6", "bytes=1-2-3", "0-5"] {
            let answer = try await folder.client.ask("/archives/town.pmtiles", headers: [.range: range])
            #expect(answer.status == 200, "\(range)")
            #expect(answer.body == whole, "\(range)")
            #expect(answer.headers[.acceptRanges] == "bytes")
        }
        for range in ["bytes=\(whole.count)-", "bytes=-0", "bytes=99999999999-"] {
            let answer = try await folder.client.ask("/archives/town.pmtiles", headers: [.range: range])
            #expect(answer.status == 416, "\(range)")
            #expect(answer.headers[.contentRange] == "bytes */\(whole.count)")
        }
    }

    @Test func conditionsNameOneStateOfTheFile() async throws {
        let (folder, whole) = try folder()
        let first = try await folder.client.ask("/archives/town.pmtiles", headers: [.range: "bytes=0-9"])
        let tag = try #require(first.headers[.eTag])
        let date = try #require(first.headers[.lastModified])
        let target = "/archives/town.pmtiles"
        #expect(try await folder.client.ask(target, headers: [.ifNoneMatch: tag]).status == 304)
        #expect(try await folder.client.ask(target, headers: [.ifMatch: "\"other\""]).status == 412)
        #expect(try await folder.client.ask(target, headers: [.ifMatch: tag, .range: "bytes=0-9"]).status == 206)
        for (condition, status) in [(tag, 206), (date, 206), ("\"other\"", 200)] {
            #expect(try await folder.client.ask(target, headers: [.ifRange: condition, .range: "bytes=0-9"]).status == status)
        }
        let head = try await folder.client.ask(target, .head, headers: [.range: "bytes=0-9"])
        #expect(head.status == 200)
        #expect(head.body.isEmpty)
        #expect(head.headers[.contentLength] == "\(whole.count)")
        try folder.write("town.pmtiles", ArchiveFolder.town(2))
        folder.shelf.refresh()
        #expect(try await folder.client.ask(target, headers: [.ifNoneMatch: tag]).status == 200)
        #expect(try await folder.client.ask(target, headers: [.ifRange: tag, .range: "bytes=0-9"]).status == 200)
    }
}
