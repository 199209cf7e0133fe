import ArcGISREST
import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import TileProduction
import Tiling
import Wording

/// The parameters of a request of ArcGIS REST, from its query and from the form that a POST carries.
struct ArcGISParameters: Sendable {
    private let items: [QueryParameters.Item]

    /// A polygon of a hundred thousand positions takes some four megabytes.
    private static let bodyLimit = 8 << 20

    init(_ request: Request) async throws {
        do {
            var items = try request.parameters().items
            if request.method == .post {
                var request = request
                let body = try await request.collectBody(upTo: Self.bodyLimit)
                let text = String(decoding: body.readableBytesView, as: UTF8.self)
                items += try QueryParameters(text, limits: .init(bytes: Self.bodyLimit, parameters: 200)).items
            }
            self.items = items
        } catch let error as ParameterError {
            throw EsriError(400, error.message)
        } catch {
            throw EsriError(400, LocalisedText(zh: "请求体至多 \(Self.bodyLimit) 字节", en: "the body is at most \(Self.bodyLimit) bytes"))
        }
    }

    /// The value of a parameter, whatever the letter case of its name; `nil` where it is absent or empty.
    subscript(_ name: String) -> String? {
        let wanted = name.lowercased()
        return items.first { $0.name.lowercased() == wanted && !$0.value.isEmpty }?.value
    }

    /// The function that a document is handed to.
    var callback: EsriCallback? {
        get throws(EsriError) {
            guard let name = self["callback"] else { return nil }
            return try EsriCallback(name)
        }
    }

    func flag(_ name: String) throws(EsriError) -> Bool? {
        guard let text = self[name] else { return nil }
        guard let flag = Bool(text.lowercased()) else { throw .parameter(name, text, expected: .init(zh: "true 或 false", en: "true or false")) }
        return flag
    }

    /// Two or more numbers with commas between them.
    func numbers(_ name: String, count: ClosedRange<Int>) throws(EsriError) -> [Double]? {
        guard let text = self[name] else { return nil }
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0.filter { $0 != " " }) ?? .nan }
        guard count.contains(numbers.count), numbers.allSatisfy(\.isFinite) else {
            throw .parameter(name, text, expected: .init(zh: "\(count.lowerBound) 个以逗号分隔的数", en: "\(count.lowerBound) numbers separated by commas"))
        }
        return numbers
    }
}

/// A map as a service of ArcGIS REST. A layer's number is its place in the map from the bottom, so that an overlay, which comes to
/// lie on top, changes no other's.
struct ArcGISMap: Sendable {
    let map: LiveMap
    let state: LibraryState

    /// - Throws: 404 for a service that there is not.
    init(_ name: String, in state: LibraryState) throws(EsriError) {
        guard let map = WMTSLayers.map(named: name, in: state) ?? Self.map(inDegrees: name, state) else {
            throw EsriError(404, LocalisedText(zh: "没有服务 \(name.prefix(100))", en: "there is no service \(name.prefix(100))"))
        }
        self.map = map
        self.state = state
    }

    /// Of the service of a map in CGCS2000 degrees.
    private static func map(inDegrees name: String, _ state: LibraryState) -> LiveMap? {
        name.hasSuffix(EsriMaps.degrees) ? state.maps[String(name.dropLast(EsriMaps.degrees.count))] : nil
    }

    /// By number, from the bottom of the map.
    var layers: [LiveLayer] { map.layers }

    func layer(_ text: String) throws(EsriError) -> (id: Int, layer: LiveLayer) {
        guard let id = Int(text), layers.indices.contains(id) else {
            throw EsriError(
                404,
                LocalisedText(
                    zh: "服务 \(map.definition.id) 没有图层 \(text.prefix(100))；图层号为 0 至 \(layers.count - 1)",
                    en: "service \(map.definition.id) has no layer \(text.prefix(100)); layers are 0 to \(layers.count - 1)"))
        }
        return (id, layers[id])
    }
}
