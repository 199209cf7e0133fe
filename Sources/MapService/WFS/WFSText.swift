import FeatureStore
import OGCAPI
import Reprojection
import SimpleFeatures
import Tiling

/// Features as the bytes of a format of WFS.
///
/// GML has the order of the CRS's axes and GeoJSON has east first, as its readers take it whatever the CRS.
struct WFSText {
    enum Content {
        case features
        case values(WFSValueReference)
    }

    private enum Writer {
        case gml(GMLWriter)
        case json(GeoJSONWriter)
    }

    private var writer: Writer
    private let content: Content
    private let hasGeometry: Bool
    private var isFirst = true

    init(_ format: WFSFormat, _ type: GMLFeatureType, crs: CRSIdentifier, content: Content = .features) {
        self.content = content
        hasGeometry = type.geometry != nil
        switch format {
        case .gml: writer = .gml(GMLWriter(type: type, crs: crs))
        case .geoJSON:
            writer = .json(
                GeoJSONWriter(
                    schema: FeatureSchema(fields: type.properties.map(\.field)), precision: .decimals(crs.isGeographic == true ? 9 : 4)))
        }
    }

    mutating func bytes(of features: [Feature]) -> [UInt8] {
        switch writer {
        case .gml(var gml):
            gml.bytes.reserveCapacity(features.count * 600)
            for feature in features {
                switch content {
                case .features: gml.appendMember(feature)
                case .values(let reference): gml.appendValue(of: feature, reference)
                }
            }
            return gml.bytes
        case .json(var json):
            for feature in features {
                if !isFirst { json.append(",") }
                isFirst = false
                json.append(hasGeometry ? feature : Feature(id: feature.id, geometry: nil, values: feature.values))
            }
            return json.bytes
        }
    }

    /// A feature by itself.
    static func one(_ feature: Feature, _ format: WFSFormat, _ type: GMLFeatureType, crs: CRSIdentifier, schemaURL: String) -> [UInt8] {
        switch format {
        case .gml:
            var gml = GMLWriter(type: type, crs: crs)
            gml.bytes = Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8)
            gml.append(
                feature,
                attributes: GMLWriter.namespaces + [
                    ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance"),
                    ("xsi:schemaLocation", "\(GMLFeatureType.namespace) \(schemaURL)"),
                ])
            return gml.bytes
        case .geoJSON:
            var text = WFSText(format, type, crs: crs)
            return text.bytes(of: [feature])
        }
    }
}
