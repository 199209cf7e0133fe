import FoundationEssentials

extension Catalogue {
    private struct LayersDocument: Decodable {
        var layers: [CatalogueLayer]
    }

    /// Reads `layers.json` and `maps/*.json` of a directory; either may be absent.
    public mutating func load(directory: String) throws(CatalogueError) {
        let layersFile = "\(directory)/layers.json"
        if FileManager.default.fileExists(atPath: layersFile) {
            let document: LayersDocument = try Self.decode(layersFile)
            for layer in document.layers { try add(layer, from: layersFile) }
        }
        for file in Self.jsonFiles(in: "\(directory)/maps") {
            add(try Self.decode(file) as MapDefinition)
        }
    }

    /// Sorted, so that a later duplicate wins the same way on every machine.
    static func jsonFiles(in directory: String) -> [String] {
        guard FileManager.default.fileExists(atPath: directory),
            let names = try? FileManager.default.contentsOfDirectory(atPath: directory)  // absent is empty
        else { return [] }
        return names.filter { $0.hasSuffix(".json") }.sorted().map { "\(directory)/\($0)" }
    }

    static func decode<Document: Decodable>(_ file: String) throws(CatalogueError) -> Document {
        let data: Data
        do {
            data = try Data(contentsOf: URL(filePath: file))
        } catch {
            throw CatalogueError(code: .unreadable, message: "\(file) cannot be read (\(error)); check its permissions")
        }
        do {
            return try JSONDecoder().decode(Document.self, from: data)
        } catch let error as DecodingError {
            throw CatalogueError(code: .malformed, message: "\(file): \(Self.explain(error))")
        } catch {
            throw CatalogueError(code: .malformed, message: "\(file): \(error)")
        }
    }

    private static func explain(_ error: DecodingError) -> String {
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
            return path.isEmpty ? "the document" : path
        }
        switch error {
        case .keyNotFound(let key, let context):
            return "\(place(context)) lacks \"\(key.stringValue)\"; add it"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            return "\(place(context)) must be \(type): \(context.debugDescription)"
        case .dataCorrupted(let context):
            return "\(place(context)) is not valid: \(context.debugDescription)"
        @unknown default:
            return "\(error)"
        }
    }
}
