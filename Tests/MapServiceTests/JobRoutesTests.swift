import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import SeedJobs
import TestSupport
import Testing
import TileCache
import TileProduction

@testable import MapService

/// Jobs of seeding over HTTP.
@Suite(.serialized) struct JobRoutesTests {
    /// A service with the token, so that the client of the router, which has no address, may ask.
    private static let token = "a-token-of-some-length"

    private func client() async throws -> RouterClient {
        let shared = try await Hamlet.service.value
        var context = Hamlet.context(shared.installation, shared.library)
        context = context.with(adminToken: Self.token)
        return try RouterClient(context)
    }

    private let headers: HTTPFields = [.authorization: "Bearer \(JobRoutesTests.token)"]

    private func body(_ archive: String, levels: String = "10-12", more: String = "") -> String {
        #"{"map":"standard","levels":"\#(levels)","area":"113.66,22.97,113.71,23.02","archive":"\#(archive)"\#(more)}"#
    }

    private func state(_ client: RouterClient, _ number: Int) async throws -> String {
        try await client.ask("/admin/jobs/\(number)", headers: headers).json()["state"] as? String ?? ""
    }

    /// - Parameter wanted: one of the states that end a wait.
    private func wait(_ client: RouterClient, _ number: Int, for wanted: Set<String>) async throws -> String {
        for _ in 0..<6000 {
            let now = try await state(client, number)
            if wanted.contains(now) { return now }
            try await Task.sleep(for: .milliseconds(50))
        }
        return try await state(client, number)
    }

    @Test func aJobIsMadeListedAndDone() async throws {
        let client = try await client()
        let made = try await client.ask("/admin/jobs", .post, headers: headers, body: body("done.pmtiles"))
        #expect(made.status == 201, "\(made.text)")
        let number = try #require(try made.json()["id"] as? Int)
        #expect(made.header("Location") == "/admin/jobs/\(number)")
        #expect(try await wait(client, number, for: ["done", "failed"]) == "done")
        let job = try await client.ask("/admin/jobs/\(number)", headers: headers).json()
        let counts = try ["expected", "made", "empty", "failed"].map { try #require(job[$0] as? Int) }
        #expect(counts[0] == counts[1] + counts[2] + counts[3] && counts[1] > 0 && counts[3] == 0)
        let path = client.service.installation.directory.archiveDirectory + "/done.pmtiles"
        #expect(FileManager.default.fileExists(atPath: path))
        let list = try #require(try await client.ask("/admin/jobs", headers: headers).json()["jobs"] as? [[String: Any]])
        #expect(list.contains { $0["id"] as? Int == number })
        let failed = try await client.ask("/admin/jobs/\(number)/failed", headers: headers).json()["failed"] as? [Any]
        #expect(failed?.isEmpty == true)
    }

    @Test func aJobIsPausedResumedAndCancelled() async throws {
        let client = try await client()
        let made = try await client.ask("/admin/jobs", .post, headers: headers, body: body("long.pmtiles", levels: "8-19", more: #","formats":["png"]"#))
        let number = try #require(try made.json()["id"] as? Int)
        let again = try await client.ask("/admin/jobs", .post, headers: headers, body: body("long.pmtiles", levels: "8-19", more: #","formats":["png"]"#))
        #expect(try again.status == 200 && again.json()["id"] as? Int == number, "the same job is joined")
        for (action, state) in [("pause", "paused"), ("resume", "running"), ("pause", "paused"), ("cancel", "cancelled")] {
            let answer = try await client.ask("/admin/jobs/\(number)/\(action)", .post, headers: headers)
            #expect(try answer.status == 200 && answer.json()["state"] as? String == state, "\(action): \(answer.text)")
        }
        let refused = try await client.ask("/admin/jobs/\(number)/resume", .post, headers: headers)
        #expect(refused.status == 409)
        try expectProblem(refused)
        let left = try FileManager.default.contentsOfDirectory(atPath: client.service.installation.directory.archiveDirectory)
        #expect(!left.contains("long.pmtiles"))
    }

    /// A job without an archive fills the store; another server over the same store has nothing left to make.
    @Test func aJobWithoutAnArchiveFillsTheStore() async throws {
        let shared = try await Hamlet.service.value
        let directory = try ScratchDirectory.make()
        func context() async throws -> ServiceContext {
            var settings = TileStore.Settings(quota: 64 << 20, maker: "test")
            settings.patience = .seconds(600)
            let store = try await TileStore(directory: directory, settings: settings)
            return Hamlet.context(shared.installation, shared.library, store: store).with(adminToken: Self.token)
        }
        let job = #"{"map":"standard","levels":"14","formats":["mvt","png"],"area":"113.66,22.97,113.71,23.02"}"#
        let first = try await context()
        let client = try RouterClient(first)
        let made = try await client.ask("/admin/jobs", .post, headers: headers, body: job)
        #expect(try made.status == 201 && made.json()["archive"] == nil, "\(made.text)")
        let number = try #require(try made.json()["id"] as? Int)
        for (action, state) in [("pause", "paused"), ("resume", "running")] {
            let answer = try await client.ask("/admin/jobs/\(number)/\(action)", .post, headers: headers)
            if answer.status == 409 { continue }  // it was done before
            #expect(try answer.json()["state"] as? String == state)
        }
        #expect(try await wait(client, number, for: ["done", "failed"]) == "done")
        let answer = try await client.ask("/admin/jobs/\(number)", headers: headers).json()
        let counts = try ["expected", "made", "empty", "failed"].map { try #require(answer[$0] as? Int) }
        #expect(counts[0] == counts[1] + counts[2] && counts[1] > 10 && counts[3] == 0)
        await first.tiles.close()

        let second = try await context()
        #expect(second.tiles.tiers.store?.statistics.tiles == counts[1])
        let other = try RouterClient(second)
        for target in ["/tiles/standard/14/13365/7116.mvt", "/tiles/standard/14/13365/7116.png"] {
            #expect(try await other.ask(target).status == 200)
        }
        #expect(await second.tiles.counters.started == 0 && second.tiles.tiers.store?.statistics.hits == 2)
        await second.tiles.close()
    }

    /// What cannot go on here is not said to.
    @Test func aJobStaysPausedWhereThereIsNoStoreToFill() async throws {
        let shared = try await Hamlet.service.value
        let store = try await TileStore(directory: ScratchDirectory.make(), settings: .init(quota: 64 << 20, maker: "test"))
        let context = Hamlet.context(shared.installation, shared.library, store: store).with(adminToken: Self.token)
        let (client, other) = (try RouterClient(context), try await self.client())
        let made = try await client.ask(
            "/admin/jobs", .post, headers: headers, body: #"{"map":"standard","levels":"8-19","formats":["png"]}"#)
        let number = try #require(try made.json()["id"] as? Int, "\(made.text)")
        #expect(try await client.ask("/admin/jobs/\(number)/pause", .post, headers: headers).json()["state"] as? String == "paused")
        #expect(try await other.ask("/admin/jobs/\(number)/resume", .post, headers: headers).status == 409)
        #expect(try await state(other, number) == "paused")
        #expect(try await client.ask("/admin/jobs/\(number)/cancel", .post, headers: headers).json()["state"] as? String == "cancelled")
        await context.tiles.close()
    }

    @Test func aServiceWithoutAStoreFillsNone() async throws {
        let answer = try await client().ask("/admin/jobs", .post, headers: headers, body: #"{"map":"standard","levels":"8"}"#)
        #expect(answer.status == 409 && answer.text.contains("--store-quota"), "\(answer.text)")
        try expectProblem(answer)
    }

    @Test(arguments: [
        "", "[]", "{", #"{"map":"standard"}"#, #"{"map":"standard","levels":"12-8","archive":"a.pmtiles"}"#,
        #"{"map":"standard","levels":"8-40","archive":"a.pmtiles"}"#, #"{"map":"nowhere","levels":"8","archive":"a.pmtiles"}"#,
        #"{"map":"standard","levels":"8","archive":"../a.pmtiles"}"#, #"{"map":"standard","levels":"8","archive":".a.pmtiles"}"#,
        #"{"map":"standard","levels":"8","archive":"a.zip"}"#, #"{"map":"standard","levels":"8","archive":"a.pmtiles","formats":["gif"]}"#,
        #"{"map":"standard","levels":"8","archive":"a.pmtiles","formats":[]}"#,
        #"{"map":"standard","levels":"8","archive":"a.pmtiles","matrixSets":["mars"]}"#,
        #"{"map":"standard","levels":"8","archive":"a.pmtiles","area":"1,2"}"#,
        #"{"map":"standard","levels":"8","archive":"a.pmtiles","area":"village:nowhere"}"#,
        #"{"map":"standard","levels":"8","archive":"a.pmtiles","metatile":3}"#,
    ]) func aJobThatMakesNoSenseIs400(body: String) async throws {
        let answer = try await client().ask("/admin/jobs", .post, headers: headers, body: body)
        #expect(answer.status == 400, "\(body): \(answer.text)")
        try expectProblem(answer)
    }

    @Test(arguments: ["/admin/jobs/99999", "/admin/jobs/x", "/admin/jobs/-1", "/admin/jobs/99999/failed"])
    func aJobThatThereIsNotIs404(target: String) async throws {
        let answer = try await client().ask(target, headers: headers)
        #expect(answer.status == 404)
        try expectProblem(answer)
    }

    @Test func anActionThatThereIsNotIs404() async throws {
        let answer = try await client().ask("/admin/jobs/1/explode", .post, headers: headers)
        #expect(answer.status == 404)
    }

    @Test(arguments: ["", "Bearer wrong", "Basic \(JobRoutesTests.token)", "Bearer"]) func strangersAreRefused(header: String) async throws {
        let fields: HTTPFields = header.isEmpty ? [:] : [.authorization: header]
        for (target, method) in [("/admin/jobs", HTTPRequest.Method.get), ("/admin/jobs", .post), ("/admin/jobs/1", .get), ("/admin/jobs/1/cancel", .post)] {
            let answer = try await client().ask(target, method, headers: fields)
            #expect(answer.status == 401, "\(target)")
            try expectProblem(answer)
        }
    }

    @Test func withoutATokenOnlyThisMachineMay() async throws {
        let far = try await Hamlet.client().ask("/admin/jobs", headers: headers)
        #expect(far.status == 403)
        let gate = AdminGate(token: nil)
        for (address, fields, isOpen) in [
            ("127.0.0.1", [:], true), ("127.8.0.1", [:], true), ("::1", [:], true), ("10.0.0.1", [:], false), ("2001:db8::1", [:], false),
            ("127.0.0.1", ["X-Forwarded-For": "10.0.0.1"], false), ("127.0.0.1", ["Origin": "https://elsewhere.example"], false),
        ] as [(String, [String: String], Bool)] {
            var headers = HTTPFields()
            for (name, value) in fields { headers[try #require(HTTPField.Name(name))] = value }
            let asked = AdminGateRequest.make(headers)
            let from = try SocketAddress(ipAddress: address, port: 5000)
            if isOpen {
                #expect(throws: Never.self) { try gate.check(asked, from: from) }
            } else {
                #expect(throws: ProblemError.self) { try gate.check(asked, from: from) }
            }
        }
    }
}

/// A request to look at, without a body.
private enum AdminGateRequest {
    static func make(_ headers: HTTPFields) -> Request {
        Request(
            head: HTTPRequest(method: .get, scheme: "http", authority: "map.example", path: "/admin/jobs", headerFields: headers),
            body: RequestBody(buffer: ByteBuffer()))
    }
}

extension ServiceContext {
    fileprivate func with(adminToken: String) -> ServiceContext {
        var settings = settings
        settings.adminToken = adminToken
        return ServiceContext(
            installation: installation, library: library, tiles: tiles, metrics: metrics, settings: settings, logger: logger)
    }
}
