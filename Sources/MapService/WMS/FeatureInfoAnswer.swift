import FeatureStore
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// What lies under a pixel, in the form that the client wants.
struct FeatureInfoAnswer {
    let findings: [PlaceQuestion.Finding]
    /// Of coordinates in GML; GeoJSON has longitude and latitude.
    let crs: CRSIdentifier
    let desk: FeatureDesk

    func response(in format: FeatureInfoFormat, for request: Request) async throws -> Response {
        let body: [UInt8] =
            switch format {
            case .geoJSON, .json: try await geoJSON()
            case .html: page.html()
            case .text: page.text()
            case .gml: GMLFeatureInfo(features: try await gml()).xml()
            }
        let type = format == .html || format == .text ? format.rawValue + "; charset=utf-8" : format.rawValue
        return .tagged(body, type: type, for: request)
    }

    private var page: FeatureInfoPage {
        FeatureInfoPage(
            layers: findings.map { finding in
                let (selection, definition) = (finding.selection, finding.selection.layer.definition)
                let rows = finding.features.map { feature in
                    FeatureInfoPage.Row(
                        id: feature.id,
                        values: zip(selection.openSchema.fields, feature.values).map { field, value in
                            .init(title: selection.layer.title(of: field.name), value: value)
                        })
                }
                return .init(id: definition.id, title: definition.title.zh, features: rows)
            })
    }

    /// Each feature says its layer in a member `layer`, for one answer may hold features of several.
    private func geoJSON() async throws -> [UInt8] {
        let output = try GeoJSONOutput(.crs84)
        var bytes = Array(#"{"type":"FeatureCollection","features":["#.utf8)
        var isFirst = true
        for finding in findings {
            let layer = JSONDocument.string(finding.selection.layer.definition.id).bytes()
            for feature in finding.features {
                if !isFirst { bytes.append(UInt8(ascii: ",")) }
                isFirst = false
                let written = try await desk.write([feature], of: finding.selection, output)
                bytes += Array(#"{"layer":"#.utf8) + layer + [UInt8(ascii: ",")] + Array(written.dropFirst())
            }
        }
        return bytes + Array("]}".utf8)
    }

    private func gml() async throws -> [GMLFeature] {
        let system = try crs.system()
        var all: [GMLFeature] = []
        for finding in findings {
            let selection = finding.selection
            for feature in finding.features {
                var geometry = feature.geometry
                if let stored = selection.record.crs, let own = geometry { geometry = try await desk.carry(own, stored, system) }
                let properties = zip(selection.openSchema.fields, feature.values).map { (name: $0.name, value: $1) }
                all.append(
                    GMLFeature(
                        type: selection.layer.definition.id, id: feature.id, properties: properties, geometry: geometry, crs: crs))
            }
        }
        return all
    }
}
