import ArgumentParser
import Foundation
import TileProduction

extension InstallationOptions {
    /// - Throws: where no data directory is named.
    var directory: String {
        get throws {
            guard let data else { throw ValidationError("say where the data directory is with --data DIR") }
            return data
        }
    }

    func open() throws -> Installation {
        try Installation(data: directory, share: share, pipelines: try readPipelines())
    }

    private func readPipelines() throws -> [String: String] {
        guard let pipelines else { return [:] }
        let attributes = try FileManager.default.attributesOfItem(atPath: pipelines)
        if let mode = attributes[.posixPermissions] as? Int, mode & 0o077 != 0 {
            throw ValidationError(
                "\(pipelines) may be read by others than its owner (mode \(String(mode, radix: 8))); its parameters are secret: chmod 600 it"
            )
        }
        do {
            return try JSONDecoder().decode([String: String].self, from: Data(contentsOf: URL(filePath: pipelines)))
        } catch {
            // The decoder's own words could quote the file.
            throw ValidationError("\(pipelines) is not a JSON object of CRS to PROJ pipeline")
        }
    }
}
