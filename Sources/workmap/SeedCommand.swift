import ArgumentParser
import Foundation
import MapService
import SeedJobs
import TileCache
import TileProduction

struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed", abstract: "把一张地图的瓦片预先全部生成 Make all tiles of a map ahead of demand, into the tile store or an archive.",
        discussion: """
            The tiles of a job are journalled in the data directory. Ended in whatever way, the same command goes on with it and makes \
            what is missing.

            Without --into the tiles go into the tile store, DATA/tiles, that serve answers from: byte for byte those that it makes on \
            demand. At the end the store is read and compared with the journal; where its quota did not hold the tiles of the job, the \
            job ends with an error that says so. One process writes to a store: while a server runs, give it the job (POST /admin/jobs \
            without archive). --metatile, --store-quota, --share and --pipelines are to be those of serve: a store made by another \
            program or under other rules is emptied.

            With --into several processes that are given the same command share the job. The archive, PMTiles (.pmtiles) or MBTiles (.mbtiles), gets its name only when it is whole, read back and found equal to \
            what was made: 应有 expected = 写入 made + 空白 empty + 失败 failed. With several matrix sets or formats there is one archive \
            for each, such as city-w-png.pmtiles. Tiles on which nothing is drawn are kept nowhere. Failed tiles are listed with their \
            reason.

            Exit codes: 0 everything is there, or as much as --fail-above wants; 1 ended by an error, the same command goes on; 2 called \
            wrongly; 3 more tiles failed than --fail-above allows, no archive is written and --retry-failed tries those again; 4 the job \
            was cancelled by somebody else.
            """)

    enum Progress: String, ExpressibleByArgument, CaseIterable {
        case bar
        case json
        case none
    }

    @Argument(help: "地图标识 The map's id, such as standard.")
    var map: String

    @Option(name: [.customLong("matrix-sets"), .customLong("matrix-set")], help: "瓦片矩阵集 Tile matrix sets with commas between; an archive counts rows and columns as a quadtree.")
    var matrixSets = "w"

    @Option(help: "级别 The levels, such as 8-16 or 14.")
    var levels = "8-16"

    @Option(name: [.customLong("formats"), .customLong("format")], help: "格式 mvt, png, jpeg, webp, pictures also with @2x; several with commas between.")
    var formats = "mvt"

    @Option(help: "像素比 Pixels a logical pixel, 1 or 2, of pictures that do not say it.")
    var ratio = 1

    @Option(help: "范围 WEST,SOUTH,EAST,NORTH in degrees, a polygon of the map itself as LAYER:ID (town:441900003), or a GeoJSON file; without it, the city. Of polygons only the tiles that share area with them.")
    var area: String?

    @Option(help: "写入的档案；不写则入瓦片库 The archive to write, FILE.pmtiles or FILE.mbtiles; without it, the tile store.")
    var into: String?

    @Option(help: "线程数 Threads; all cores by default.")
    var workers: Int?

    @Option(help: "元瓦片边长 Tiles along the side of a block: 1, 2, 4, 8 or 16; 8 by default, for the tile store 4 as serve has it.")
    var metatile: Int?

    @Option(help: "瓦片库上限(MB)，与 serve 相同；默认 4096，已有更大的库不缩小 Megabytes of the tile store, as serve has it; 4096 by default, and a larger store is not made smaller.")
    var storeQuota: Int?

    @Option(help: "允许失败的比例 How many tiles of a hundred may fail, such as 1%.")
    var failAbove = "0"

    @Flag(help: "重做失败的瓦片 Make the tiles again that failed in the last run of the same job.")
    var retryFailed = false

    @Option(help: "进度 How progress is told on standard error: bar, json (a line a second) or none; a bar on a terminal by default.")
    var progress: Progress?

    @Option(help: "访问日志 An access log: of each level the blocks that it asks for most come first.")
    var heat: String?

    @Option(help: "谦让 How much the threads stand back for others, 0 to 19.")
    var nice = 10

    @Option(help: "时段 The hours of the day in which tiles are made, such as 22-6; outside the job waits.")
    var hours: String?

    @Flag(help: "只估不做 Count the tiles, make a random sample of each level, estimate bytes and time with their spread, and stop.")
    var dryRun = false

    @Option(help: "抽样种子 Of the sample of --dry-run.")
    var sampleSeed: UInt64 = 1

    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        guard ratio == 1 || ratio == 2 else { throw ValidationError("--ratio is 1 or 2, not \(ratio)") }
        guard [1, 2, 4, 8, 16].contains(side) else { throw ValidationError("--metatile is 1, 2, 4, 8 or 16, not \(side)") }
        if let storeQuota, storeQuota < 16 { throw ValidationError("--store-quota is at least 16, not \(storeQuota)") }
        guard workers.map({ (1...64).contains($0) }) ?? true else { throw ValidationError("--workers is 1 to 64") }
        if let into, !into.hasSuffix(".pmtiles"), !into.hasSuffix(".mbtiles") {
            throw ValidationError("--into is a file that ends in .pmtiles or .mbtiles, not \"\(into)\"")
        }
        _ = try LevelRange(levels)
        _ = try FormatList(formats, ratio: ratio)
        _ = try Percentage(failAbove)
        if let hours, SeedHours(hours) == nil { throw ValidationError("--hours is FROM-TO of a day, such as 22-6 or 22:30-6, not \"\(hours)\"") }
        guard (0...19).contains(nice) else { throw ValidationError("--nice is 0 to 19, not \(nice)") }
        guard !(retryFailed && heat != nil) else { throw ValidationError("--heat counts for a new job, not with --retry-failed") }
    }

    func run() async throws {
        let opened = try installation.open()
        let library = try opened.library()
        try await library.prepareAll()
        let specification = try await SeedSpecification(
            map: map, matrixSets: matrixSets.split(separator: ",").map { $0.filter { $0 != " " } }, levels: LevelRange(levels).levels,
            formats: FormatList(formats, ratio: ratio).formats, area: seedArea(opened, library), metatile: side,
            archive: into.map { URL(filePath: $0).absoluteURL.standardizedFileURL.path(percentEncoded: false) })
        let plan = try SeedPlan(specification, state: library.state, policy: opened.policy)
        let labels = LabelFiles(directory: opened.directory.labelDirectory)
        if dryRun {
            var random = SampleGenerator(seed: sampleSeed)
            let estimator = try SeedEstimator(plan, library: library, labels: labels, workers: threads)
            return SeedAccount.tell(try await estimator.estimates(using: &random), workers: threads)
        }
        let service = into == nil ? try await storeService(opened, library, labels) : nil
        do {
            try end(try await seed(plan, opened, library, service).state)
            await service?.close()
        } catch {
            await service?.close()
            throw error
        }
    }

    /// Tiles along the side of a block.
    var side: Int { metatile ?? (into == nil ? ServiceSettings().metatile : 8) }

    private var threads: Int { workers ?? ProcessInfo.processInfo.activeProcessorCount }

    private func seed(_ plan: SeedPlan, _ opened: Installation, _ library: MapLibrary, _ service: TileService?) async throws -> SeedReport {
        let journal = try JobJournal(directory: opened.directory.jobDirectory)
        var settings = SeedRun.Settings(workers: threads)
        settings.niceness = Int32(nice)
        settings.allowedFailures = try Percentage(failAbove).share
        let opening = try SeedOpening(
            plan, journal: journal, owner: .command, service: service, heat: heat.map { try SeedHeat(log: $0, map: map) },
            retriesFailed: retryFailed)
        let hours = hours.flatMap { SeedHours($0) }
        let gate: @Sendable () async throws -> Void = { try await hours?.wait() }
        let run = try SeedRun(
            job: opening.job.number, plan: opening.plan, library: library, journal: journal, target: opening.target,
            labels: LabelFiles(directory: opened.directory.labelDirectory), settings: settings, gate: gate)
        if opening.isJoined { Self.say("继续作业 going on with job \(opening.job.number)") }
        let meter = SeedMeter(progress.map { $0 == .bar ? .terminal : $0 == .json ? .json : .silent })
        let report = try await run.run(progress: { meter.show($0) })
        meter.finish()
        SeedAccount.tell(report, plan: opening.plan, seconds: meter.seconds)
        return report
    }

    private func end(_ state: JobState) throws {
        switch state {
        case .done: if into == nil { print("已入瓦片库 in the tile store") }
        case .failed:
            let kept = into == nil ? "其余已入瓦片库 the others are in the tile store" : "档案未写 the archive is not written"
            print("失败过多 too many failed, \(kept): --fail-above \(failAbove)；修正后 mend it, then --retry-failed")
            throw ExitCode(3)
        case .cancelled, .paused, .running:
            print("作业已\(state == .cancelled ? "取消" : "停") the job is \(state.rawValue)")
            throw ExitCode(4)
        }
    }

    static func say(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    private func seedArea(_ opened: Installation, _ library: MapLibrary) async throws -> SeedArea {
        guard let area else { return SeedArea(name: opened.city.code, envelope: opened.city.box) }
        if let box = SeedArea(box: area) { return box }
        if area.hasSuffix("json") { return try SeedArea(file: area) }
        guard area.contains(":") else {
            throw ValidationError(
                "--area is WEST,SOUTH,EAST,NORTH in degrees, LAYER:ID such as town:441900003, or a file that ends in json, not \"\(area)\"")
        }
        return try await SeedArea(feature: area, of: library)
    }
}
