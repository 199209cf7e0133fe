import Foundation
import Wording

/// Where the data that ships with the program lies: `Tiles/`, `Styles/`.
public struct ShareDirectory: Hashable, Sendable {
    public let path: String

    /// - Parameter stated: what the operator says; `nil` to look beside and above the program.
    /// - Throws: `storage` naming every place that was tried.
    public init(_ stated: String?) throws(ProductionError) {
        let program = URL(filePath: CommandLine.arguments.first ?? "").resolvingSymlinksInPath().path
        var candidates: [String] = []
        if let stated {
            candidates = [stated]
        } else {
            if let named = ProcessInfo.processInfo.environment["WORKMAP_SHARE"] { candidates.append(named) }
            var directory = Self.parent(Self.executable ?? program)
            for _ in 0..<6 {
                candidates.append(directory + "/share/workmap")
                candidates.append(directory)
                directory = Self.parent(directory)
            }
            candidates.append(FileManager.default.currentDirectoryPath)
        }
        guard let found = candidates.first(where: Self.isShare) else {
            let tried = candidates.joined(separator: ", ")
            throw ProductionError(
                code: .storage,
                message: .init(
                    zh: "在 \(tried) 中找不到程序自带的数据（Tiles/、Styles/）；请用 --share 或 WORKMAP_SHARE 指明其目录",
                    en: "the program's own data (Tiles/, Styles/) was looked for in \(tried) and not found; name its directory with --share or WORKMAP_SHARE"
                ))
        }
        path = found
    }

    public var tiles: String { path + "/Tiles" }
    public var styles: String { path + "/Styles" }

    private static var executable: String? {
        do {
            return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        } catch {
            return nil  // no /proc: the program's name has to do
        }
    }

    private static func isShare(_ path: String) -> Bool {
        FileManager.default.fileExists(atPath: path + "/Tiles/layers.json")
            && FileManager.default.fileExists(atPath: path + "/Styles")
    }

    private static func parent(_ path: String) -> String {
        let cut = path.split(separator: "/", omittingEmptySubsequences: true).dropLast()
        return "/" + cut.joined(separator: "/")
    }
}
