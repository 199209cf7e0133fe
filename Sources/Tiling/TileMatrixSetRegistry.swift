internal import Foundation

/// The tile matrix sets that a service knows.
public struct TileMatrixSetRegistry: Sendable {
    /// In the order of their identifiers.
    public let sets: [TileMatrixSet]
    private let indices: [String: Int]

    /// - Throws: `inconsistentMatrices` when two sets have one identifier.
    public init(_ sets: [TileMatrixSet]) throws(TileMatrixSetError) {
        self.sets = sets.sorted { $0.id < $1.id }
        var indices: [String: Int] = [:]
        for (i, set) in self.sets.enumerated() {
            guard indices.updateValue(i, forKey: set.id) == nil else {
                throw TileMatrixSetError(.inconsistentMatrices, "Two tile matrix sets are called '\(set.id)'.")
            }
        }
        // `w` answers to WebMercatorQuad too, for clients that know sets by their registered names only.
        for (i, set) in self.sets.enumerated() {
            guard let alias = set.registeredName, indices[alias] == nil else { continue }
            indices[alias] = i
        }
        self.indices = indices
    }

    /// Reads every `.json` file of a directory.
    ///
    /// - Throws: the first file's failure, with its name.
    public init(directory: String) throws(TileMatrixSetError) {
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasSuffix(".json") }.sorted()
        } catch {
            throw TileMatrixSetError(.unreadable, "The directory of tile matrix sets \(directory) cannot be read.", cause: error)
        }
        var sets: [TileMatrixSet] = []
        for name in names { sets.append(try Self.read(directory + "/" + name)) }
        try self.init(sets)
    }

    private static func read(_ path: String) throws(TileMatrixSetError) -> TileMatrixSet {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw TileMatrixSetError(.unreadable, "The tile matrix set \(path) cannot be read.")
        }
        do {
            return try TileMatrixSet(json: [UInt8](data))
        } catch {
            throw TileMatrixSetError(error.code, "\(path): \(error.message)", cause: error)
        }
    }

    /// The set with this identifier or this registered name, compared exactly.
    public subscript(id: String) -> TileMatrixSet? {
        indices[id].map { sets[$0] }
    }
}

extension TileMatrixSet {
    /// The last step of the URI, such as `WebMercatorQuad`; `nil` for a set that is not registered.
    public var registeredName: String? {
        uri?.split(separator: "/").last.map(String.init)
    }
}
