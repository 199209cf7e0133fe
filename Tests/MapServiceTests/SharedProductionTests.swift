import HTTPTypes
import Testing
import TileProduction

@testable import MapService

@Suite struct SharedProductionTests {
    @Test(arguments: ["/tiles/standard/16/53463/28464.png", "/tiles/standard/16/53463/28464.mvt"])
    func aHundredClientsAtOnceCauseOneProduction(target: String) async throws {
        let service = try await Hamlet.freshService()
        let client = try RouterClient(service)
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for _ in 0..<100 { group.addTask { try await client.ask(target) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers.count == 100)
        #expect(answers.allSatisfy { $0.status == 200 && $0.body == answers[0].body })
        let counters = await service.tiles.counters
        #expect(counters.started == 1)
        #expect(counters.refused == 0)
    }

    /// The sixteen pictures of one metatile are drawn together.
    @Test func theTilesOfOneMetatileAreOneProduction() async throws {
        let service = try await Hamlet.freshService()
        let client = try RouterClient(service)
        for row in 28464..<28468 {
            for column in 53460..<53464 {
                #expect(try await client.ask("/tiles/standard/16/\(column)/\(row).png").status == 200)
            }
        }
        #expect(await service.tiles.counters.started == 1)
    }

    /// A flood of different tiles costs refusals that say when to come back, not memory.
    @Test func whoFindsTheQueueFullIsToldToComeBack() async throws {
        let shared = try await Hamlet.service.value
        let service = Hamlet.context(shared.installation, shared.library, queueLimit: 1)
        let client = try RouterClient(service)
        let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for n in 0..<60 { group.addTask { try await client.ask("/tiles/standard/16/\(53_300 + n * 4)/28464.png") } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        let refused = answers.filter { $0.status == 503 }
        #expect(!refused.isEmpty)
        for answer in refused {
            #expect(answer.headers[.retryAfter] == "1")
            try expectProblem(answer)
        }
        #expect(answers.allSatisfy { $0.status == 200 || $0.status == 503 })
        #expect(try await client.ask("/tiles/standard/16/53300/28464.png").status == 200, "and then it works again")
    }
}
