import ArgumentParser
import FeatureStore
import TileProduction

struct VersionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "versions", abstract: "图层版本 List, compare, publish and go back to the versions of a layer.",
        discussion: """
            Every import is a version, named with --version-name or by its day. The served one and those before it are kept, as \
            many as the last --keep said (2 at first); a staged one waits until it is published. Switching takes one transaction: a \
            running service shows the other version without a restart, and edits stay with the version they were made in.
            """,
        subcommands: [
            VersionsListCommand.self, VersionsDiffCommand.self, VersionsPublishCommand.self, VersionsRollbackCommand.self,
            VersionsDropCommand.self,
        ])
}

/// What switching versions may do.
struct VersionOptions: ParsableArguments {
    @Flag(help: "允许编辑随版本离开地图 Let edits of the present version leave the map with it; they stay with that version.")
    var leaveEdits = false

    @Option(help: "保留版本数 How many versions of the layer stay, the served one included; remembered.")
    var keep: Int?

    static func check(keep: Int?) throws {
        if let keep, keep < 1 { throw ValidationError("--keep：至少为 1，即现行版本 at least 1, the served version") }
    }

    func validate() throws { try Self.check(keep: keep) }

    /// - Parameter name: of the version to serve; `nil` for the one before the present one.
    func publish(_ name: String?, of layer: String, in installation: InstallationOptions) async throws {
        let request = PublicationRequest(layer: layer, name: name, leavesEdits: leaveEdits, keep: keep)
        try await installation.open().publishVersion(request).tell()
    }
}

struct VersionsListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "列出版本 List the versions of a layer, the latest first.")

    @Argument(help: "图层标识 The layer's id.")
    var layer: String

    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        for delivery in try await installation.open().registry.deliveries(of: layer) {
            let edits = delivery.edits > 0 ? "  编辑 edits \(delivery.edits)（\(delivery.featuresEdited) 个要素 features）" : ""
            print(
                "\(Self.word(delivery.state))\t\(delivery.name)\t导入 imported \(delivery.deliveredAt)"
                    + "\t发布 published \(delivery.publishedAt ?? "-")\t\(delivery.record.featureCount)\(edits)")
        }
    }

    static func word(_ state: LayerDelivery.State) -> String {
        switch state {
        case .staged: "待发布 staged"
        case .served: "现行 served"
        case .kept: "保留 kept"
        case .dropped: "已删除 dropped"
        }
    }
}

struct VersionsPublishCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish", abstract: "发布版本 Serve a staged or former version in place of the present one.")

    @Argument(help: "图层标识 The layer's id.")
    var layer: String

    @Argument(help: "版本名称 The version's name.")
    var name: String

    @OptionGroup var options: VersionOptions

    @OptionGroup var installation: InstallationOptions

    func run() async throws { try await options.publish(name, of: layer, in: installation) }
}

struct VersionsRollbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rollback", abstract: "回退 Serve the version that was served before the present one, or the one named.")

    @Argument(help: "图层标识 The layer's id.")
    var layer: String

    @Argument(help: "版本名称 The version's name; the one before by default.")
    var name: String?

    @OptionGroup var options: VersionOptions

    @OptionGroup var installation: InstallationOptions

    func run() async throws { try await options.publish(name, of: layer, in: installation) }
}

struct VersionsDropCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "drop", abstract: "删除版本 Delete a version that is not being served.")

    @Argument(help: "图层标识 The layer's id.")
    var layer: String

    @Argument(help: "版本名称 The version's name.")
    var name: String

    @OptionGroup var installation: InstallationOptions

    func run() async throws {
        try await installation.open().registry.drop(name, of: layer)
        print("\(layer)：版本 \(name) 已删除 version dropped")
    }
}

extension DeliveryOutcome {
    /// Says what a publication did.
    func tell() {
        print("\(record.id)：现行版本 now served: \(name)（\(record.featureCount) 个要素 features，version \(record.version)）")
        if let former { print("此前版本 before: \(former)") }
        if formerEdits > 0, let former {
            print("\(former) 的 \(formerEdits) 次编辑随其离开地图 edits that left the map with it: \(formerEdits)")
        }
        if !dropped.isEmpty { print("不再保留的版本 versions no longer kept: \(dropped.joined(separator: ", "))") }
    }
}
