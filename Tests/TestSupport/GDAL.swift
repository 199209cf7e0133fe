import Foundation

/// GDAL's programs, as the Debian package gdal-bin installs them: what files of ours are read back with.
public enum GDAL {
    public static let isPresent = FileManager.default.isExecutableFile(atPath: "/usr/bin/ogr2ogr")

    /// What a test that needs them says where they are absent.
    public static let absence = "skipped: GDAL (gdal-bin) is not installed"

    /// What GDAL reads of a vector file, with positions as the file has them, east first.
    public struct Reading {
        public var features: [[String: Any]]
        /// Whatever it complained of.
        public var remarks: String

        /// Those that have a value: what a format does not store and what it stores as nothing are one.
        public func properties(_ index: Int) -> [String: Any] {
            (features[index]["properties"] as? [String: Any] ?? [:]).filter { !($0.value is NSNull) }
        }

        /// All numbers of a geometry in order; empty without one.
        public func ordinates(_ index: Int) -> [Double] {
            func numbers(_ value: Any?) -> [Double] {
                if let list = value as? [Any] { return list.flatMap { numbers($0) } }
                return (value as? Double).map { [$0] } ?? []
            }
            let geometry = features[index]["geometry"] as? [String: Any]
            return numbers(geometry?["coordinates"])
        }
    }

    /// - Parameters:
    ///   - source: as `ogr2ogr` takes it, such as `/vsizip/export.zip`.
    ///   - options: before the source, such as `-oo`.
    ///   - layer: of a source that holds several.
    public static func read(_ source: String, _ options: [String] = [], layer: String? = nil) throws -> Reading {
        // With RFC7946=NO positions stay in the file's CRS.
        let arguments = ["-f", "GeoJSON", "/vsistdout/", "-lco", "RFC7946=NO", "-lco", "COORDINATE_PRECISION=12"] + options + [source]
        let (output, remarks) = try run("/usr/bin/ogr2ogr", arguments + (layer.map { [$0] } ?? []))
        let document = try JSONSerialization.jsonObject(with: output) as? [String: Any]
        return Reading(features: document?["features"] as? [[String: Any]] ?? [], remarks: remarks)
    }

    /// What `ogrinfo` says of all layers, without their features.
    public static func summary(_ source: String) throws -> String {
        let (output, remarks) = try run("/usr/bin/ogrinfo", ["-ro", "-so", "-al", source])
        return String(decoding: output, as: UTF8.self) + remarks
    }

    private static func run(_ program: String, _ arguments: [String]) throws -> (output: Data, remarks: String) {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let (output, errors) = (Pipe(), FileManager.default.temporaryDirectory.appending(path: "gdal-\(UUID().uuidString)"))
        try Data().write(to: errors)
        process.standardOutput = output
        process.standardError = try FileHandle(forWritingTo: errors)
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        let remarks = String(decoding: try Data(contentsOf: errors), as: UTF8.self)
        try FileManager.default.removeItem(at: errors)
        return (data, remarks)
    }
}
