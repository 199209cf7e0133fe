import Foundation
import TestSupport
import Testing

@testable import SeedJobs

/// A journal that several processes claim from.
@Suite struct JobJournalTests {
    let journal: JobJournal
    let me = ProcessIdentity.current
    let versions: [UInt64] = [7, 7]

    init() throws { journal = try JobJournal(directory: ScratchDirectory.make()) }

    private func draft(_ fingerprint: String = "f", blocks: [Int] = [10, 5]) -> JobDraft {
        JobDraft(
            specification: "{}", fingerprint: fingerprint, owner: .command, chunkBlocks: 4,
            passes: blocks.enumerated().map {
                JobPass(matrixSet: "w", format: "mvt", level: 8 + $0.offset, blocks: $0.element, tiles: $0.element * 3, heat: [1: 20])
            })
    }

    /// A process that has been: its number is this one's, its start another.
    private var dead: ProcessIdentity { ProcessIdentity(number: me.number, startTicks: me.startTicks + 1, boot: me.boot) }

    private func claimed(_ answer: ClaimAnswer) throws -> ChunkClaim {
        guard case .chunk(let claim) = answer else { throw Unclaimed(answer: answer) }
        return claim
    }

    private struct Unclaimed: Error { var answer: ClaimAnswer }

    private func tally(_ claim: ChunkClaim, failed: Int = 0) -> SeedTally {
        var tally = SeedTally()
        (tally.made, tally.failed, tally.digest) = (claim.blocks.count * 3 - failed, failed, UInt64.max)
        return tally
    }

    @Test func aJobIsJoinedAndNotBegunTwice() throws {
        let first = try journal.open(draft())
        let second = try journal.open(draft())
        let other = try journal.open(draft("g"))
        #expect(!first.isJoined && second.isJoined && first.job == second.job && other.job.number == 2)
        #expect(try journal.passes(of: 1) == draft().passes)
        try journal.move(1, to: .done, from: [.running])
        #expect(try journal.open(draft()).job.number == 3)
    }

    @Test func everyBlockIsClaimedOnce() throws {
        let job = try journal.open(draft()).job.number
        var found: [[Int]: Int] = [:]
        while case .chunk(let claim) = try journal.claim(job, by: me, versions: versions) {
            #expect(claim.attempt == 1 && claim.version == 7)
            for block in claim.blocks { found[[claim.pass, block], default: 0] += 1 }
            #expect(try journal.complete(claim, by: me, tally: tally(claim), failures: []))
        }
        #expect(found.count == 15 && found.values.allSatisfy { $0 == 1 })
        #expect(try journal.claim(job, by: me, versions: versions) == .nothingLeft)
        let progress = try journal.progress(of: job)
        #expect(progress.expected == 45 && progress.tally.made == 45 && progress.pass == nil && progress.processes == 0)
    }

    @Test func theChunkOfADeadProcessIsTakenOver() throws {
        let job = try journal.open(draft(blocks: [4])).job.number
        let lost = try claimed(journal.claim(job, by: dead, versions: versions))
        let taken = try claimed(journal.claim(job, by: me, versions: versions))
        #expect(taken.blocks == lost.blocks && taken.attempt == 2)
        #expect(try journal.complete(lost, by: dead, tally: tally(lost), failures: []) == false, "its claim is void")
        #expect(try journal.claim(job, by: me, versions: versions) == .othersAtWork)
        #expect(try journal.complete(taken, by: me, tally: tally(taken), failures: []))
    }

    @Test func theChunkOfARunningProcessIsLeftAlone() throws {
        let job = try journal.open(draft(blocks: [4])).job.number
        let held = try claimed(journal.claim(job, by: me, versions: versions))
        #expect(try journal.claim(job, by: dead, versions: versions) == .othersAtWork)
        try journal.release(job, by: me)
        #expect(try claimed(journal.claim(job, by: dead, versions: versions)).blocks == held.blocks)
    }

    @Test func chunksOfOlderDataAreOpenedAndNoOthers() throws {
        let job = try journal.open(draft(blocks: [4, 4])).job.number
        for _ in 0..<2 {
            let claim = try claimed(journal.claim(job, by: me, versions: versions))
            #expect(try journal.complete(claim, by: me, tally: tally(claim), failures: []))
        }
        #expect(try journal.openStale(job, versions: [7, 7]) == 0)
        #expect(try journal.openStale(job, versions: [7, 8]) == 1)
        let again = try claimed(journal.claim(job, by: me, versions: [7, 8]))
        #expect(again.pass == 1 && again.version == 8 && again.attempt == 2)
        #expect(try journal.progress(of: job).tally.made == 12, "what is open again does not count")
    }

    @Test func failedTilesAreListedAndOpenedAgain() throws {
        let job = try journal.open(draft(blocks: [8])).job.number
        let first = try claimed(journal.claim(job, by: me, versions: versions))
        let bad = JobFailure(pass: 0, row: 3, column: 4, reason: "坏 bad")
        #expect(try journal.complete(first, by: me, tally: tally(first, failed: 1), failures: [bad]))
        let second = try claimed(journal.claim(job, by: me, versions: versions))
        #expect(try journal.complete(second, by: me, tally: tally(second), failures: []))
        #expect(try journal.failures(of: job) == [bad])
        #expect(try journal.openFailed(job) == 1)
        for attempts in 2...3 {
            let again = try claimed(journal.claim(job, by: me, versions: versions))
            #expect(again.blocks == first.blocks && again.attempt == attempts)
            #expect(try journal.complete(again, by: me, tally: tally(again, failed: 1), failures: [bad]))
            #expect(try journal.failures(of: job).map(\.attempts) == [attempts])
            #expect(try journal.openFailed(job) == 1)
        }
        let last = try claimed(journal.claim(job, by: me, versions: versions))
        #expect(try journal.complete(last, by: me, tally: tally(last), failures: []))
        #expect(try journal.failures(of: job).isEmpty)
    }

    @Test func aPausedJobGivesNoWork() throws {
        let job = try journal.open(draft()).job.number
        try journal.move(job, to: .paused, from: [.running])
        #expect(try journal.claim(job, by: me, versions: versions) == .stopped(.paused))
        let refusal = #expect(throws: JobError.self) { try journal.move(job, to: .done, from: [.running]) }
        #expect(refusal?.code == .wrongState)
        try journal.move(job, to: .running, from: [.paused])
        _ = try claimed(journal.claim(job, by: me, versions: versions))
    }

    @Test func onlyOneProcessPutsTogether() throws {
        let job = try journal.open(draft()).job.number
        #expect(try journal.claimEnd(job, by: dead))
        #expect(try journal.claimEnd(job, by: me), "a dead one is followed")
        #expect(try journal.claimEnd(job, by: dead) == false)
        try journal.releaseEnd(job, by: me)
        #expect(try journal.claimEnd(job, by: dead))
    }

    @Test func whatThereIsNotIsNamed() throws {
        let error = try #require(#expect(throws: JobError.self) { try journal.job(9) })
        #expect(error.code == .unknownJob && "\(error)".contains("9"))
    }

    @Test func anotherFileInItsPlaceIsLeftAlone() throws {
        let directory = try ScratchDirectory.make()
        let foreign = Array(repeating: UInt8(0x41), count: 8192)
        try Data(foreign).write(to: URL(filePath: directory + "/jobs.db"))
        let error = #expect(throws: JobError.self) { try JobJournal(directory: directory) }
        #expect(error?.code == .storageDamaged)
    }
}
