import FeatureStore
import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import SimpleFeatures
import Synchronization
import Testing
import TileProduction

@testable import MapService

/// Who changes a feature says which state of it is meant (20-002r1 clause "Optimistic locking using ETags").
@Suite struct FeatureEditLockingTests {
    @Test func aTagIsOfOneFeatureInOneForm() async throws {
        let town = try await EditedTown()
        let tag = try await town.tag("charging/items/1")
        #expect(tag.hasPrefix("\"") && tag.hasSuffix("\""), "a strong tag")
        #expect(try await town.client.ask("/collections/charging/items/1", .head).headers[.eTag] == tag)
        #expect(try await town.tag("charging/items/2") != tag)
        #expect(try await town.tag("charging/items/1?crs=http://www.opengis.net/def/crs/EPSG/0/4490") != tag, "other bytes")
        let unchanged = try await town.client.ask("/collections/charging/items/1", headers: [.ifNoneMatch: tag])
        #expect(unchanged.status == 304)
        // Changes of others leave it alone, those of the feature do not.
        #expect(try await town.ask(.patch, "charging/items/2", #"{"properties":{"spaces":1}}"#).status == 204)
        #expect(try await town.ask(.post, "charging/items", EditedTown.station("丁站")).status == 201)
        #expect(try await town.tag("charging/items/1") == tag)
        let changed = try await town.ask(.patch, "charging/items/1", #"{"properties":{"spaces":1}}"#)
        #expect(changed.headers[.eTag] != tag)
        #expect(try await town.tag("charging/items/1") == changed.headers[.eTag])
    }

    @Test(arguments: [HTTPRequest.Method.put, .patch, .delete]) func anotherStateIsNotChanged(method: HTTPRequest.Method) async throws {
        let town = try await EditedTown()
        let body = method == .put ? EditedTown.station("乙乙") : method == .patch ? #"{"properties":{"name":"乙乙"}}"# : ""
        let tag = try await town.tag("charging/items/2")
        for wrong in ["\"0\"", "W/\(tag)", "\"a\", \"b\""] {
            let refused = try await town.ask(method, "charging/items/2", body, [.ifMatch: wrong])
            #expect(refused.status == 412, "\(wrong): \(refused.text)")
            try expectProblem(refused)
        }
        for never in [HTTPFields.Element(name: .ifNoneMatch, value: "*"), .init(name: .ifNoneMatch, value: tag),
            .init(name: .ifUnmodifiedSince, value: "Sun, 06 Nov 1994 08:49:37 GMT")] {
            #expect(try await town.ask(method, "charging/items/2", body, [never.name: never.value]).status == 412, "\(never)")
        }
        #expect(try await town.tag("charging/items/2") == tag)
        let broken = try await town.ask(method, "charging/items/2", body, [.ifMatch: "abc"])
        #expect(broken.status == 400)
        // The tag of any form of the feature says the same of its state, and If-Match goes before If-Unmodified-Since.
        let other = try await town.tag("charging/items/2?crs=http://www.opengis.net/def/crs/EPSG/0/4547")
        let done = try await town.ask(
            method, "charging/items/2", body, [.ifMatch: "\"0\", \(other)", .ifUnmodifiedSince: "Sun, 06 Nov 1994 08:49:37 GMT"])
        #expect(done.status == 204, "\(done.text)")
        #expect(try await town.ask(method, "charging/items/2", body, [.ifMatch: tag]).status == (method == .delete ? 404 : 412))
    }

    @Test(arguments: [HTTPRequest.Method.put, .patch, .delete]) func aConditionMayBeDemanded(method: HTTPRequest.Method) async throws {
        let town = try await EditedTown(demandsIfMatch: true)
        let body = method == .put ? EditedTown.station("乙乙") : method == .patch ? #"{"properties":{"name":"乙乙"}}"# : ""
        let refused = try await town.ask(method, "charging/items/2", body)
        #expect(refused.status == 428)
        try expectProblem(refused)
        #expect(try await town.ask(method, "charging/items/99", body).status == 404, "what is not there needs none")
        #expect(try await town.ask(.post, "charging/items", EditedTown.station("丁站")).status == 201, "nor does a new feature")
        #expect(try await town.ask(method, "charging/items/2", body, [.ifMatch: "*"]).status == 204)
    }

    /// A time is given once its second is over, so that no later change can lie in it.
    @Test func aTimeIsACondition() async throws {
        let town = try await EditedTown()
        var time: String?
        for _ in 0..<200 where time == nil {
            try await Task.sleep(for: .milliseconds(20))
            time = try await town.client.ask("/collections/charging/items/1").headers[.lastModified]
        }
        let then = try #require(time)
        #expect(try await town.ask(.patch, "charging/items/1", #"{"properties":{"spaces":8}}"#, [.ifUnmodifiedSince: then]).status == 204)
        #expect(try await town.client.ask("/collections/charging/items/1").headers[.lastModified] != then)
        #expect(try await town.ask(.patch, "charging/items/1", #"{"properties":{"spaces":9}}"#, [.ifUnmodifiedSince: then]).status == 412)
    }

    @Test func anUnknownFeatureIsNotMade() async throws {
        let town = try await EditedTown()
        for headers in [HTTPFields(), [.ifMatch: "\"xyz\""], [.ifNoneMatch: "*"]] {
            let answer = try await town.ask(.put, "charging/items/99", EditedTown.station("丁站"), headers)
            #expect(answer.status == 404)
            try expectProblem(answer)
        }
        #expect(try await town.client.ask("/collections/charging/items/99").status == 404)
    }

    /// Of writers who have read the same state exactly one wins, the others are told; by two services over one registry.
    @Test func ofManyWritersOneWins() async throws {
        let town = try await EditedTown()
        let neighbour = try town.neighbour()
        try await neighbour.service.library.prepareAll()
        for round in 0..<5 {
            let tag = try await town.tag("charging/items/1")
            let statuses = try await withThrowingTaskGroup(of: (Int, Int).self) { group in
                for writer in 0..<8 {
                    let client = writer % 2 == 0 ? town.client : neighbour
                    group.addTask {
                        let answer = try await EditedTown.ask(
                            client, .patch, "charging/items/1", #"{"properties":{"spaces":\#(100 + round * 10 + writer)}}"#, [.ifMatch: tag])
                        return (writer, answer.status)
                    }
                }
                return try await group.reduce(into: [(Int, Int)]()) { $0.append($1) }
            }
            let winners = statuses.filter { $0.1 == 204 }.map(\.0)
            #expect(winners.count == 1, "\(statuses)")
            #expect(statuses.allSatisfy { $0.1 == 204 || $0.1 == 412 }, "\(statuses)")
            let winner = try #require(winners.first)
            let stored = try await town.stored("charging", 1, "spaces")
            #expect(stored == .integer(Int64(100 + round * 10 + winner)), "what the winner sent is there")
            try await town.library.catchUp()
        }
    }

    /// Writers of different features do not hinder each other, and nothing of theirs is lost.
    @Test func writersOfOtherFeaturesAllWin() async throws {
        let town = try await EditedTown()
        let neighbour = try town.neighbour()
        try await neighbour.service.library.prepareAll()
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for writer in 0..<12 {
                let client = writer % 2 == 0 ? town.client : neighbour
                group.addTask {
                    writer < 3
                        ? try await EditedTown.ask(client, .patch, "charging/items/\(writer + 1)", #"{"properties":{"spaces":50}}"#).status
                        : try await EditedTown.ask(client, .post, "charging/items", EditedTown.station("站\(writer)")).status
                }
            }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(statuses.sorted() == Array(repeating: 201, count: 9) + Array(repeating: 204, count: 3))
        try await town.library.catchUp()
        let page = try await town.client.ask("/collections/charging/items?limit=100").features()
        let names = Set(page.compactMap { ($0["properties"] as? [String: Any])?["name"] as? String })
        #expect(page.count == 12 && names.count == 12, "\(page.map { ($0["id"] as? Int, ($0["properties"] as? [String: Any])?["name"] as? String) })")
        #expect(page.count { ($0["properties"] as? [String: Any])?["spaces"] as? Int == 50 } == 3)
    }

    /// Who reads while others write is answered as ever.
    @Test func readersAreNotDisturbed() async throws {
        let town = try await EditedTown()
        let statuses = try await withThrowingTaskGroup(of: [Int].self) { group in
            group.addTask {
                var statuses: [Int] = []
                for n in 0..<20 { statuses.append(try await town.ask(.patch, "charging/items/1", #"{"properties":{"spaces":\#(n)}}"#).status) }
                return statuses
            }
            for target in ["charging/items/2", "charging/items?limit=2", "charging/items?name=x", "charging/items/1?f=html"] {
                group.addTask {
                    var statuses: [Int] = []
                    for _ in 0..<40 { statuses.append(try await town.client.ask("/collections/\(target)").status) }
                    return statuses
                }
            }
            return try await group.reduce(into: [Int]()) { $0 += $1 }
        }
        #expect(Set(statuses) == [200, 204], "\(Dictionary(grouping: statuses, by: \.self).mapValues(\.count))")
    }

    /// Changes wait for nothing long: an import goes first.
    @Test func anImportGoesFirst() async throws {
        let town = try await EditedTown()
        let record = try #require(try await town.installation.registry.layer("plots"))
        let writer = try await town.installation.registry.beginReplacement(
            of: LayerDefinition(id: "plots", crs: record.crs, schema: record.schema))
        let answer = try await town.ask(.post, "charging/items", EditedTown.station("丁站"))
        #expect(answer.status == 503 && answer.headers[.retryAfter] != nil, "\(answer.text)")
        try expectProblem(answer)
        #expect(!answer.text.contains(town.installation.directory.path), "no path of the machine is told")
        try await writer.abort()
        #expect(try await town.ask(.post, "charging/items", EditedTown.station("丁站")).status == 201)
    }

    /// A long page that has begun to leave ends as the layer was, whatever is changed meanwhile.
    @Test func aPageUnderWayEndsAsItBegan() async throws {
        let town = try await EditedTown()
        let features = (0..<2_500).map { #"{"type":"Feature","id":\#($0 + 1),"geometry":{"type":"Point","coordinates":[113.68,22.99]},"properties":{"name":"桩\#($0)"}}"# }
        let path = town.installation.directory.path + "/piles.geojson"
        try #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#.write(toFile: path, atomically: true, encoding: .utf8)
        _ = try await town.installation.importLayer(LayerImportRequest(layer: "piles", files: [path]))
        try await town.library.prepareAll()
        let writer = ChangingWriter(town: town)
        let responder = try MapApplication(town.client.service).router().buildResponder()
        let request = Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "map.example", path: "/collections/piles/items?limit=10000"),
            body: RequestBody(buffer: ByteBuffer()))
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let context = ServiceRequestContext(source: ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: logger))
        let response = try await responder.respond(to: request, context: context)
        try await response.body.write(writer)
        let page = try #require(try JSONSerialization.jsonObject(with: Data(writer.bytes)) as? [String: Any])
        #expect(page["numberReturned"] as? Int == 2_500 && (page["features"] as? [Any])?.count == 2_500)
        #expect(try await town.client.ask("/collections/piles/items?limit=1").json()["numberMatched"] as? Int == 2_499)
    }
}

/// Removes a feature while the first part of an answer is written.
private final class ChangingWriter: ResponseBodyWriter, Sendable {
    private let town: EditedTown
    private let collected = Mutex<[UInt8]>([])

    init(town: EditedTown) { self.town = town }

    var bytes: [UInt8] { collected.withLock { $0 } }

    func write(_ buffer: ByteBuffer) async throws {
        let isFirst = collected.withLock { collected in
            defer { collected += Array(buffer.readableBytesView) }
            return collected.isEmpty
        }
        if isFirst { #expect(try await town.ask(.delete, "piles/items/2300").status == 204) }
    }

    func finish(_ trailingHeaders: HTTPFields?) async throws {}
}
