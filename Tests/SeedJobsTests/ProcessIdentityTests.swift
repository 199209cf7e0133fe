import Foundation
import Testing

@testable import SeedJobs

/// A process is told apart from a later one of the same number.
@Suite struct ProcessIdentityTests {
    let me = ProcessIdentity.current

    @Test func thisOneRuns() {
        #expect(me.isAlive && me.number == getpid() && me.startTicks > 0)
        #expect(ProcessIdentity(text: me.text) == me)
    }

    @Test func othersOfTheSameNumberDoNot() {
        #expect(!ProcessIdentity(number: me.number, startTicks: me.startTicks - 1, boot: me.boot).isAlive)
        #expect(!ProcessIdentity(number: me.number, startTicks: me.startTicks, boot: "another run").isAlive)
    }

    @Test func oneThatHasEndedDoesNot() throws {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/sleep")
        process.arguments = ["30"]
        try process.run()
        let stat = try String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
        let fields = try #require(stat.split(separator: ")").last).split(separator: " ")
        let other = ProcessIdentity(number: process.processIdentifier, startTicks: try #require(UInt64(fields[19])), boot: me.boot)
        #expect(other.isAlive)
        process.terminate()
        process.waitUntilExit()
        #expect(!other.isAlive)
    }

    @Test(arguments: ["", "a/b", "boot/x/1", "boot/1/-1", "boot/1/2/3"])
    func whatIsNoIdentityIsNone(text: String) { #expect(ProcessIdentity(text: text) == nil) }
}
