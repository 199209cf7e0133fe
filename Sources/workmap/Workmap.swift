import ArgumentParser
import Foundation

/// The command line. Exit codes: 0 done, 1 failed, 2 called wrongly.
@main
struct Workmap: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "workmap",
        abstract: "标准作业图服务引擎 The serving engine of a city's standard work map.",
        version: "0.1.0",
        subcommands: [DemoCommand.self, CityCommand.self, ImportCommand.self, EditCommand.self, ExportCommand.self, VersionsCommand.self, ServeCommand.self, TileCommand.self, SeedCommand.self, JobsCommand.self, LabelsCommand.self, RenderCommand.self, PrintCommand.self, ArchiveCommand.self, DoctorCommand.self])

    private static let misuse: Int32 = 2
    private static let failure: Int32 = 1

    static func main() async {
        var called: any ParsableCommand.Type = Workmap.self
        do {
            var command = try parseAsRoot()
            called = type(of: command)
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            if let exit = error as? ExitCode { Foundation.exit(exit.rawValue) }
            let code = called.exitCode(for: error)
            if code == .success {
                print(called.fullMessage(for: error))
                Foundation.exit(0)
            }
            let isRefusedCall = code == .validationFailure
            let found = Failure(error)
            let text = isRefusedCall ? called.fullMessage(for: error) : found.text
            FileHandle.standardError.write(Data((text + "\n").utf8))
            Foundation.exit(isRefusedCall || found.isMisuse ? misuse : failure)
        }
    }
}

/// Where an installation is.
struct InstallationOptions: ParsableArguments {
    @Option(help: "数据目录 The data directory.")
    var data: String?

    @Option(help: "程序自带数据(Tiles/ 与 Styles/)的目录 Where Tiles/ and Styles/ lie; looked for around the program by default.")
    var share: String?

    @Option(help: "坐标转换参数文件 A protected JSON file of PROJ pipelines by CRS, for local systems; its content is never logged.")
    var pipelines: String?
}
