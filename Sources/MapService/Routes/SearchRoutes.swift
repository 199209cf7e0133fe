import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// Search by name across the layers that have one.
struct SearchRoutes {
    let service: ServiceContext
    let desks: FeatureDesks

    func add(to router: Router<BasicRequestContext>) {
        router.get("/search") { request, _ in try await search(request) }
    }

    private func search(_ request: Request) async throws -> Response {
        let parameters = try request.parameters()
        guard let text = try parameters.value("q"), !text.isEmpty, text.utf8.count <= 200 else {
            throw ParameterError(
                .missing, name: "q",
                expected: .init(zh: "名称或其一部分，至多 200 字节", en: "a name or a part of one, up to 200 bytes"))
        }
        let limit = try parameters.value("limit").map { text throws(ParameterError) -> Int in
            guard let n = Int(text), (1...50).contains(n) else {
                throw ParameterError(
                    .invalid, name: "limit", value: text,
                    expected: .init(zh: "1 至 50 的整数", en: "a whole number from 1 to 50"))
            }
            return n
        } ?? 10
        let found = try await NameSearch(service: service).find(text, limit: limit)
        var bytes = FeatureCollectionEnvelope.opening
        bytes += try await desks.next.places(found)
        bytes += FeatureCollectionEnvelope(numberMatched: nil).closing(numberReturned: found.count)
        return .json(bytes, type: MediaType.geoJSON, for: request)
    }
}

/// One place that a search found.
struct NamedPlace: Sendable {
    var layer: String
    var layerTitle: String
    var id: Int64
    var name: String
    /// In the layer's CRS.
    var geometry: Geometry
    var crs: CRS
}

/// Looks names up in the registry: whole names first, then beginnings, then parts; big places before small ones.
struct NameSearch {
    let service: ServiceContext

    private static let order = ["admin", "grid", "base", "address", "overlay", "entity"]

    func find(_ text: String, limit: Int) async throws -> [NamedPlace] {
        let state = service.library.state
        var found: [(rank: Int, place: NamedPlace)] = []
        let layers = state.layersInOrder.filter {
            $0.definition.isServedByFeature && $0.record?.crs != nil && $0.definition.nameField != nil
        }.sorted { Self.group($0) < Self.group($1) }
        for layer in layers {
            found += try await find(text, in: layer, state, limit: limit)
            if found.count(where: { $0.rank == 0 }) >= limit { break }
        }
        return found.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
            .prefix(limit).map(\.element.place)
    }

    private static func group(_ layer: LiveLayer) -> Int {
        order.firstIndex(of: layer.definition.group) ?? order.count
    }

    private func find(
        _ text: String, in layer: LiveLayer, _ state: LibraryState, limit: Int
    ) async throws -> [(rank: Int, place: NamedPlace)] {
        guard let record = layer.record, let crs = record.crs, let name = layer.definition.nameField,
            let column = record.schema.index(of: name), layer.isOpen(record.schema.fields[column])
        else { return [] }
        let selection = try FeatureSelection(layer: record.id, in: state)
        var query = selection.query(nil)
        query.limit = nil
        let rows = try await service.installation.registry.scan(
            query, into: NameRows(text: text, column: column, limit: limit))
        return rows.found.map { hit in
            let place = NamedPlace(
                layer: record.id, layerTitle: layer.definition.title.zh, id: hit.id, name: hit.name,
                geometry: hit.geometry, crs: crs)
            return (rank: hit.name == text ? 0 : hit.name.hasPrefix(text) ? 1 : 2, place: place)
        }
    }
}

/// Rows whose name holds the text; stops when enough are found.
struct NameRows: FeatureRowConsumer {
    private let text: [UInt8]
    private let column: Int
    private let limit: Int
    private var place = -1
    /// Names of lines that were found: a road is stored in many pieces and is one place.
    private var lines: Set<String> = []
    private(set) var found: [(id: Int64, name: String, geometry: Geometry)] = []

    init(text: String, column: Int, limit: Int) {
        self.text = Array(text.utf8)
        self.column = column
        self.limit = limit
    }

    mutating func begin(layer: LayerRecord, fields: [Int]) {
        place = fields.firstIndex(of: column) ?? -1
    }

    mutating func take(_ row: borrowing FeatureRow) -> Bool {
        guard place >= 0, case .text(let name) = row.value(at: place), holds(name), row.hasGeometry else { return true }
        do {
            guard let geometry = try row.geometry() else { return true }
            if geometry.dimension == .line, !lines.insert(name).inserted { return true }
            found.append((row.id, name, geometry))
        } catch {
            return true  // a place that cannot be read cannot be shown; the layer's verification names it
        }
        return found.count < limit * 4
    }

    private func holds(_ name: String) -> Bool {
        let bytes = name.utf8
        guard bytes.count >= text.count else { return false }
        var start = bytes.startIndex
        while let first = bytes[start...].firstIndex(of: text[0]) {
            if bytes[first...].starts(with: text) { return true }
            start = bytes.index(after: first)
        }
        return false
    }
}

extension FeatureDesk {
    /// Places as GeoJSON points with layer and name, commas between them.
    func places(_ places: [NamedPlace]) throws -> [UInt8] {
        let schema = FeatureSchema(
            fields: ["layer", "layerTitle", "name", "id"].map { Field(name: $0, kind: $0 == "id" ? .integer : .text) })
        let output = try GeoJSONOutput(.crs84)
        var writer = output.writer(schema)
        for (index, place) in places.enumerated() {
            if index > 0 { writer.append(",") }
            let point = try representative(place.geometry).flatMap { try carry(.point($0), place.crs, output.crs) }
            writer.append(
                Feature(
                    id: place.id, geometry: point,
                    values: [.text(place.layer), .text(place.layerTitle), .text(place.name), .integer(place.id)]))
        }
        return writer.bytes
    }
}
