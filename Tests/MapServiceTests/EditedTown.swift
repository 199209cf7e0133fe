import FeatureStore
import Foundation
import HTTPTypes
import Reprojection
import SimpleFeatures
import TestSupport
import Testing
import TileProduction

@testable import MapService

/// A small installation whose layers may be changed over HTTP.
struct EditedTown: Sendable {
    static let token = "a-token-of-some-length"

    let installation: Installation
    let library: MapLibrary
    let client: RouterClient

    /// Layers: `charging` (points in CRS84), `plots` (polygons in EPSG:4547), `facility` (of the catalogue, with a withheld type
    /// and a sensitive field).
    init(layers: EditSettings.Layers = .all, demandsIfMatch: Bool = false) async throws {
        let directory = try ScratchDirectory.make("edited-\(UUID().uuidString)")
        installation = try Installation(data: directory, share: Hamlet.repository)
        library = try installation.library()
        try await Self.fill(installation, directory)
        try await library.prepareAll()
        client = try RouterClient(Hamlet.context(installation, library) { settings in
            settings.adminToken = Self.token
            settings.editing.layers = layers
            settings.editing.demandsIfMatch = demandsIfMatch
        })
    }

    /// Another service over the same registry, as another process would be.
    func neighbour() throws -> RouterClient {
        try RouterClient(Hamlet.context(installation, try installation.library()) { settings in
            settings.adminToken = Self.token
            settings.editing.layers = .all
        })
    }

    private static func fill(_ installation: Installation, _ directory: String) async throws {
        let stations = ["甲站", "乙站", "丙站"].enumerated().map { place, name in
            feature(place + 1, #"{"type":"Point","coordinates":[\#(113.6845 + Double(place) * 0.0005),22.9940]}"#,
                #"{"name":"\#(name)","spaces":\#(place + 3),"rate":1.5,"open":true,"keeper":"张三\#(place)"}"#)
        }
        var charging = LayerImportRequest(layer: "charging", files: [try write(stations, directory + "/charging.geojson")])
        charging.sensitiveFields = ["keeper"]
        _ = try await installation.importLayer(charging)
        let plots = [0, 1].map { place in
            feature(place + 1, square(Double(place) * 100), #"{"name":"地块\#(place)","area":900.5}"#)
        }
        var land = LayerImportRequest(layer: "plots", files: [try write(plots, directory + "/plots.geojson")])
        land.crs = "EPSG:4547"
        _ = try await installation.importLayer(land)
        let facilities = ["SS0201", "SS0101"].enumerated().map { place, type in
            feature(place + 1, #"{"type":"Point","coordinates":[\#(113.685 + Double(place) * 0.0005),22.9945]}"#,
                #"{"facilityId":"F\#(place)","name":"设施\#(place)","typeCode":"\#(type)","contact":"李四\#(place)"}"#)
        }
        _ = try await installation.importLayer(
            LayerImportRequest(layer: "facility", files: [try write(facilities, directory + "/facility.geojson")]))
    }

    private static func feature(_ id: Int, _ geometry: String, _ properties: String) -> String {
        #"{"type":"Feature","id":\#(id),"geometry":\#(geometry),"properties":\#(properties)}"#
    }

    private static func write(_ features: [String], _ path: String) throws -> String {
        try #"{"type":"FeatureCollection","features":[\#(features.joined(separator: ","))]}"#.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    /// Thirty metres a side, in EPSG:4547 and east first, as files have it.
    static func square(_ shift: Double) -> String {
        let (x, y) = (467_600 + shift, 2_543_700.0)
        return #"{"type":"Polygon","coordinates":[[[\#(x),\#(y)],[\#(x + 30),\#(y)],[\#(x + 30),\#(y + 30)],[\#(x),\#(y + 30)],[\#(x),\#(y)]]]}"#
    }

    /// A body for `charging`.
    static func station(
        _ name: String, at position: String = "[113.6850,22.9950]", more: String = ""
    ) -> String {
        #"{"type":"Feature","geometry":{"type":"Point","coordinates":\#(position)},"properties":{"name":"\#(name)"\#(more)}}"#
    }

    func ask(
        _ method: HTTPRequest.Method, _ target: String, _ body: String = "", type: String? = nil, _ more: HTTPFields = [:]
    ) async throws -> Answer {
        try await Self.ask(client, method, target, body, type: type, more)
    }

    static func ask(
        _ client: RouterClient, _ method: HTTPRequest.Method, _ target: String, _ body: String = "", type: String? = nil, _ more: HTTPFields = [:]
    ) async throws -> Answer {
        var headers: HTTPFields = [.authorization: "Bearer \(token)"]
        let usual = method == .patch ? "application/merge-patch+json" : "application/geo+json"
        if method == .post || method == .put || method == .patch { headers[.contentType] = type ?? usual }
        for field in more { headers[field.name] = field.value.isEmpty ? nil : field.value }
        return try await client.ask("/collections/" + target, method, headers: headers, body: body)
    }

    /// The properties of a feature as anybody reads them.
    func properties(_ target: String) async throws -> [String: Any] {
        let answer = try await client.ask("/collections/" + target)
        try #require(answer.status == 200, "\(target): \(answer.status) \(answer.text)")
        return try #require(try answer.json()["properties"] as? [String: Any])
    }

    func tag(_ target: String) async throws -> String {
        try #require(try await client.ask("/collections/" + target).headers[.eTag])
    }

    /// A field of a feature as it is stored, whoever may read it.
    func stored(_ layer: String, _ id: Int64, _ field: String) async throws -> PropertyValue? {
        let record = try #require(try await installation.registry.layer(layer))
        var query = FeatureQuery(layer: layer, ids: [id], fields: .all)
        query.version = record.version
        return try await installation.registry.features(query).first?.values[try #require(record.schema.index(of: field))]
    }
}
