import FeatureStore
import OGCAPI
import TileProduction
import Tiling
import Wording

/// What tiles are of: the whole dataset, one collection, or the dataset in one style.
struct TileSubject {
    /// The map that is drawn, for a collection or a choice of them cut down to those.
    var map: LiveMap
    /// Whether the map is one of the library's.
    var isWhole: Bool
    /// Of the resource that has the tiles, without a slash at the end: empty for the dataset.
    var path: String
    var kind: TileSetDocument.DataType
    /// Collections that the request chooses among those of the whole, from bottom to top; `nil` for all.
    var chosen: [String]?

    /// Of the list of its tilesets.
    var tiles: String { path + (kind == .vector ? "/tiles" : "/map/tiles") }

    /// The parameter that chooses collections (OGC 20-057 clause 13, "collections selection").
    static let choice = "collections"

    /// Names of the parameters that say what the subject is.
    var parameters: [String] { isWhole ? [Self.choice] : [] }

    /// The choice as links repeat it, behind a `?` or `&`; empty for none.
    func query(_ separator: Character) -> String {
        chosen.map { "\(separator)\(Self.choice)=" + $0.map { PercentEncoding.encode($0) }.joined(separator: ",") } ?? ""
    }

    /// The subject with the collections that the request chooses.
    ///
    /// - Throws: `ParameterError` for a collection that the map has not.
    func choosing(_ parameters: QueryParameters) throws(ParameterError) -> TileSubject {
        guard isWhole, let text = try parameters.value(Self.choice) else { return self }
        let layers = map.layers.filter { !$0.definition.isImagery }
        var ids: [String] = []
        for id in text.split(separator: ",", omittingEmptySubsequences: false).map(String.init) where !ids.contains(id) {
            guard layers.contains(where: { $0.definition.id == id }) else {
                let known = layers.map(\.definition.id).joined(separator: ", ")
                throw ParameterError(
                    .invalid, name: Self.choice, value: text,
                    expected: .init(zh: "以逗号分隔的图层：\(known)", en: "collections with commas between them: \(known)"))
            }
            ids.append(id)
        }
        var subject = self
        subject.chosen = ids
        subject.map.layers = ids.compactMap { id in layers.first { $0.definition.id == id } }
        return subject
    }
}
