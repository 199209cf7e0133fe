import ArgumentParser
import Foundation
import SeedJobs
import TileProduction

struct JobsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "查看与控制瓦片作业 List, pause, resume and cancel jobs of seeding.",
        discussion: """
            Without an action all jobs are listed. Processes that work on a job notice within a second; a paused one waits, and a \
            cancelled one ends. What a job needs to be gone on with is a `workmap seed` with the same options, or the service for a job \
            of its own.
            """)

    enum Action: String, ExpressibleByArgument, CaseIterable {
        case list, pause, resume, cancel, failed
    }

    @Argument(help: "动作 list, pause, resume, cancel or failed.")
    var action: Action = .list

    @Argument(help: "作业编号 The job's number.")
    var number: Int64?

    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        guard action == .list || number != nil else { throw ValidationError("say which job: workmap jobs \(action.rawValue) NUMBER") }
    }

    func run() throws {
        let journal = try JobJournal(directory: DataDirectory(installation.directory).jobDirectory)
        guard let number else {
            for job in try journal.jobs() { try show(job, journal) }
            return
        }
        switch action {
        case .list: try show(journal.job(number), journal)
        case .pause: try show(journal.move(number, to: .paused, from: [.running, .paused]), journal)
        case .resume: try show(journal.move(number, to: .running, from: [.paused, .running]), journal)
        case .cancel:
            let job = try journal.move(number, to: .cancelled, from: [.running, .paused, .failed])
            try ArchiveTarget.discard(SeedSpecification(json: job.specification), job: number)
            try show(job, journal)
        case .failed: try list(number, journal)
        }
    }

    private func show(_ job: JobRecord, _ journal: JobJournal) throws {
        let (progress, specification) = (try journal.progress(of: job.number), try SeedSpecification(json: job.specification))
        let tally = progress.tally
        print(
            "\(job.number)\t\(job.state.rawValue)\t\(specification.map) \(specification.matrixSets.joined(separator: ",")) \(specification.formats.joined(separator: ","))"
                + " \(specification.levels.map(String.init).joined(separator: "-")) \(specification.area.name)\t应有 expected \(progress.expected)"
                + " 写入 made \(tally.made) 空白 empty \(tally.empty) 失败 failed \(tally.failed)\t\(progress.processes) 个进程 processes")
    }

    private func list(_ number: Int64, _ journal: JobJournal) throws {
        _ = try journal.job(number)
        let passes = try journal.passes(of: number)
        for failure in try journal.failures(of: number) {
            let pass = passes[failure.pass]
            print(
                "\(pass.matrixSet) \(pass.format) \(pass.level)/\(failure.column)/\(failure.row)\t\(failure.attempts)\t\(failure.reason)")
        }
    }
}
