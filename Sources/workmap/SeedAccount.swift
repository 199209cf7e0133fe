import Foundation
import SeedJobs
import TileProduction
import Tiling

/// What `workmap seed` says at the end, or instead of making anything.
enum SeedAccount {
    private static let listedFailures = 100

    static func tell(_ report: SeedReport, plan: SeedPlan, seconds: Int) {
        for failure in report.failures.prefix(listedFailures) {
            let pass = plan.passes[failure.pass]
            print(
                "失败 failed \(pass.set.id) \(pass.format.name) \(pass.level)/\(failure.column)/\(failure.row) (\(failure.attempts)): \(failure.reason)")
        }
        if report.failures.count > listedFailures { print("失败 failed … \(report.failures.count - listedFailures) more: workmap jobs failed \(report.job)") }
        if report.staleChunks > 0 {
            print("数据已变，按新数据重做 the data have changed: \(report.staleChunks) 段 chunks were made again")
        }
        for archive in report.archives { print("\(archive.path): \(archive.tiles) 张 tiles, \(archive.bytes) 字节 bytes") }
        let tally = report.progress.tally
        print(
            "作业 job \(report.job): 应有 expected \(report.progress.expected) = 写入 made \(tally.made) + 空白 empty \(tally.empty) + 失败 failed \(tally.failed); \(seconds) s"
        )
    }

    /// - Parameter workers: that will share the time.
    static func tell(_ estimates: [PassEstimate], workers: Int) {
        for pass in estimates {
            print(
                "\(pass.level)\t\(pass.matrixSet)\t\(pass.format)\t\(pass.tiles) 张 tiles\t\(pass.sampled)/\(pass.blocks) 块 blocks"
                    + "\t\(bytes(pass.bytes))\t\(seconds(pass.seconds, workers))")
        }
        print(
            "应有 expected\t\(estimates.reduce(0) { $0 + $1.tiles })\t\(bytes(.sum(estimates.map(\.bytes))))\t"
                + seconds(.sum(estimates.map(\.seconds)), workers))
    }

    private static func bytes(_ estimate: Estimate) -> String {
        "\(megabytes(estimate.value)) ± \(megabytes(estimate.spread)) MB"
    }

    private static func megabytes(_ bytes: Double) -> String { tenths(bytes / 1e6) }

    private static func seconds(_ estimate: Estimate, _ workers: Int) -> String {
        "\(tenths(estimate.value / Double(workers))) ± \(tenths(estimate.spread / Double(workers))) s"
    }

    private static func tenths(_ number: Double) -> String { "\((number * 10).rounded() / 10)" }
}
