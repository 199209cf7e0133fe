import FeatureStore
import Foundation
import Reprojection
import SimpleFeatures
import TestSupport
import Testing

/// A data directory that a test fills through the program and looks into through the registry.
final class DataDirectory: Sendable {
    let path: String
    private let directory: TemporaryDirectory

    init() throws {
        directory = try TemporaryDirectory()
        path = directory.path + "/data"
    }

    func run(_ command: String, _ arguments: [String], kill: Double? = nil) throws -> Program.Outcome {
        try Program.run([command] + arguments + ["--data", path], kill: kill)
    }

    func importing(_ file: String, _ layer: String, _ options: [String] = [], kill: Double? = nil) throws -> Program.Outcome {
        try run("import", [file, "--layer", layer] + options, kill: kill)
    }

    /// Writes a source file beside the data directory.
    func write(_ name: String, _ text: String) throws -> String { try write(name, Data(text.utf8)) }

    func write(_ name: String, _ bytes: Data) throws -> String {
        let file = directory.path + "/" + name
        try bytes.write(to: URL(filePath: file))
        return file
    }

    /// A file of `byteCount` bytes that begins with `start` and goes on with zeros that take no room on disk.
    func writeSparse(_ name: String, _ start: String, byteCount: UInt64) throws -> String {
        let file = try write(name, start)
        let handle = try FileHandle(forWritingTo: URL(filePath: file))
        try handle.truncate(atOffset: byteCount)
        try handle.close()
        return file
    }

    /// The bytes of one vector tile of the standard map, as it is served.
    func tile(_ address: String = "10/835/444") throws -> Data {
        let file = directory.path + "/tile-\(UUID().uuidString).mvt"
        let outcome = try run("tile", ["standard", address, "--format", "mvt", "-o", file])
        try #require(outcome.status == 0, "\(outcome.text)")
        return try Data(contentsOf: URL(filePath: file))
    }

    func record(_ layer: String) async throws -> LayerRecord? {
        try await GeoPackageRegistry(directory: path).layer(layer)
    }

    func features(_ layer: String) async throws -> [Feature] {
        try await GeoPackageRegistry(directory: path).features(FeatureQuery(layer: layer, fields: .all))
    }

    /// Whether an import holds the lock, as the kernel tells; asking for it would get in the import's way.
    func isBeingWritten() throws -> Bool {
        let attributes = try FileManager.default.attributesOfItem(atPath: path + "/registry.lock")
        let number = try #require(attributes[.systemFileNumber] as? NSNumber)
        return try String(contentsOfFile: "/proc/locks", encoding: .utf8).contains(":\(number) ")
    }

    /// The layer as it is mapped into memory for tiles.
    func prepared(_ layer: String) throws -> PreparedLayer {
        let names = try FileManager.default.contentsOfDirectory(atPath: path + "/prepared").filter {
            $0.hasPrefix(layer + ".") && $0.hasSuffix(".prepared") && !$0.hasPrefix(layer + ".label.")
        }
        try #require(names.count == 1, "\(names)")
        return try PreparedLayer(path: path + "/prepared/" + names[0])
    }
}

/// Sources made for tests.
enum Sample {
    /// Points in the city as newline-delimited GeoJSON, the same for the same seed.
    static func points(_ count: Int, seed: UInt64, name: String) -> String {
        var random = SeededGenerator(seed: seed)
        var text = ""
        for n in 1...count {
            let (x, y) = (Double.random(in: 113.6...114.1, using: &random), Double.random(in: 22.8...23.1, using: &random))
            text += #"{"type":"Feature","id":\#(n),"properties":{"名称":"\#(name)\#(n)","类别":\#(n % 7)},"geometry":{"type":"Point","coordinates":[\#(x),\#(y)]}}"#
            text += "\n"
        }
        return text
    }

    /// A table with the given columns east and north.
    static func table(_ rows: [(Double, Double)], header: String = "name,x,y") -> String {
        header + "\n" + rows.enumerated().map { "p\($0.offset),\($0.element.0),\($0.element.1)\n" }.joined()
    }
}

/// Programs are run one after the other: together they would only wait for one another.
@Suite(.serialized) enum WholeProgram {}
