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
            let document: MapDocument = try Self.decode(file)
            documents[document.id] = SourcedMap(file: file, document: document)
        }
        // Anew for every directory: a map may be based on one that a later directory replaces.
        for id in documents.keys.sorted() { add(try definition(of: id, through: [])) }
    }

    /// - Parameter through: the maps that are based on it, to find a circle.
    private func definition(of id: String, through: [String]) throws(CatalogueError) -> MapDefinition {
        guard let source = documents[id] else {
            preconditionFailure("only maps that were read are resolved")
        }
        var base: MapDefinition?
        if let name = source.document.basedOn {
            guard documents[name] != nil, name != id, !through.contains(name) else {
                let reason = documents[name] == nil ? "there is no such map" : "that goes in a circle"
                throw CatalogueError(
                    code: .inconsistent, message: "\(source.file): map \(id) is based on \(name), and \(reason); name another")
            }
            base = try definition(of: name, through: through + [id])
        }
        switch source.document.definition(on: base) {
        case .success(let map): return map
        case .failure(let missing):
            throw CatalogueError(
                code: .malformed,
                message: "\(source.file): the document lacks \"\(missing.name)\"; add it, or name the map it comes from in \"basedOn\"")
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
