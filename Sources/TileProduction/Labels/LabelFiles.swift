import Foundation
import Portrayal
import Tiling

/// Label plans on disk, one file a level, so that a restarted service has them at once and all processes share the pages.
///
/// A plan is found by everything that it depends on: style, data, fonts and the program itself. One that does not fit is as
/// good as none, and is deleted when its successor is written.
public struct LabelFiles: Sendable {
    private let directory: String

    /// - Parameter directory: made when the first plan is written.
    public init(directory: String) { self.directory = directory }

    /// What lies on disk for a level.
    enum Finding {
        case labels(LevelLabels)
        case none
        /// There is a file, and it cannot be read: it is made again as one that is not there, and counted.
        case damaged(any Error)

        var labels: LevelLabels? {
            if case .labels(let labels) = self { labels } else { nil }
        }
    }

    func find(_ planner: LabelPlanner, canvas: TileWindow) -> Finding {
        let path = path(planner)
        guard FileManager.default.fileExists(atPath: path) else { return .none }
        do {
            let bytes = try Data(contentsOf: URL(filePath: path), options: .alwaysMapped)
            return .labels(try LevelLabels(bytes: bytes, canvas: canvas))
        } catch {
            return .damaged(error)
        }
    }

    /// Writes the plan whole or not at all, and deletes what it replaces.
    ///
    /// - Throws: what the file system says.
    func store(_ labels: LevelLabels, _ planner: LabelPlanner) throws {
        let (place, name) = (folder(planner), name(planner))
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        try labels.bytes.write(to: URL(filePath: "\(place)/\(name)"), options: .atomic)
        let prefix = Self.prefix(planner.key)
        for other in try FileManager.default.contentsOfDirectory(atPath: place)
        where other.hasPrefix(prefix) && other.hasSuffix(Self.suffix) && other != name {
            try FileManager.default.removeItem(atPath: "\(place)/\(other)")
        }
    }

    private static let suffix = ".labels"

    private static func prefix(_ key: LabelPlanKey) -> String { "\(key.level)@\(key.ratio)x-" }

    private func folder(_ planner: LabelPlanner) -> String { "\(directory)/\(planner.key.map)/\(planner.key.matrixSet)" }

    func path(_ planner: LabelPlanner) -> String { folder(planner) + "/" + name(planner) }

    private func name(_ planner: LabelPlanner) -> String {
        let key = planner.key
        var digest: UInt64 = 0xCBF2_9CE4_8422_2325
        func add(_ number: UInt64) {
            digest = (digest ^ number) &* 0x9E37_79B9_7F4A_7C15
            digest ^= digest >> 31
        }
        add(key.styleVersion)
        add(key.dataVersion)
        for file in ["/proc/self/exe"] + planner.style.renderer.fontFiles { add(Self.stamp(of: file)) }
        let hexadecimal = String(digest, radix: 16)
        return Self.prefix(key) + String(repeating: "0", count: 16 - hexadecimal.count) + hexadecimal + Self.suffix
    }

    /// Size and time of a file in one number; 0 for none.
    private static func stamp(of path: String) -> UInt64 {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return 0 }
        return UInt64(truncatingIfNeeded: status.st_size) &* 1_000_003
            ^ UInt64(truncatingIfNeeded: status.st_mtim.tv_sec &* 1_000_000_000 &+ status.st_mtim.tv_nsec)
    }
}
