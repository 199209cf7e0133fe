import FeatureStore
import OGCAPI
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// The documents that lead to tiles (OGC 20-057; OGC 17-083r4 clause 7).
struct TilesetDocuments {
    let service: ServiceContext
    let baseURL: String
    let subject: TileSubject

    var sets: [TileMatrixSet] {
        let sets = service.library.state.sets
        return subject.map.definition.matrixSets.compactMap { sets[$0] }
    }

    func list(links: [Link]) -> TileSetsDocument { TileSetsDocument(tilesets: sets.map { document($0, links: [selfLink($0)]) }, links: links) }

    /// The metadata of the tileset in one matrix set.
    ///
    /// - Parameter links: `self` and `alternate`.
    func document(_ set: TileMatrixSet, links: [Link]) -> TileSetDocument {
        let documents = MapDocuments(service: service, baseURL: baseURL)
        let map = subject.map
        let bounds = documents.bounds(of: map)
        let limits = limits(set)
        var document = TileSetDocument(
            title: "\(map.definition.title.zh) (\(set.id))", dataType: subject.kind, set: set, bounds: bounds, limits: limits,
            links: links + furtherLinks(set))
        document.centre = bounds.centre
        document.centreMatrix = limits.first { $0.tileCount > 1 }.flatMap { set.matrix(level: $0.level)?.id } ?? set.matrices.first?.id
        document.attribution = map.definition.attribution
        document.mediaTypes = mediaTypes
        document.updated = map.layers.compactMap(\.record?.importedAt).max()
        if subject.kind == .vector {
            document.layers = layers(documents)
        } else if subject.isWhole {
            let style = StyleDocument(id: map.definition.style, title: map.definition.title.zh, baseURL: baseURL)
            document.style = style.item()
        }
        return document
    }

    var mediaTypes: [String] {
        subject.kind == .vector ? [MediaType.vectorTile] : subject.map.offeredFormats.filter { $0 != MediaType.vectorTile }
    }

    /// Of the Web Mercator tileset, which is all that TileJSON knows.
    func tileJSON() -> TileJSONDocument {
        var document = MapDocuments(service: service, baseURL: baseURL).tileJSON(of: subject.map)
        let format = subject.kind == .vector ? "mvt" : "png"
        document.tiles = ["\(baseURL)\(subject.tiles)/\(TileRoutes.webMercator)/{z}/{y}/{x}?f=\(format)\(subject.query("&"))"]
        if subject.kind == .map { document.vectorLayers = nil }
        return document
    }

    private func address(_ set: TileMatrixSet) -> String { "\(baseURL)\(subject.tiles)/\(PercentEncoding.encode(set.id))" }

    private func selfLink(_ set: TileMatrixSet) -> Link { Link(href: address(set) + subject.query("?"), rel: "self", type: MediaType.json, title: set.title) }

    private func furtherLinks(_ set: TileMatrixSet) -> [Link] {
        let definition = "\(baseURL)/tileMatrixSets/\(PercentEncoding.encode(set.id))"
        var links = mediaTypes.map { type in
            Link.template(
                href: "\(address(set))/{tileMatrix}/{tileRow}/{tileCol}?f=\(TilesetRoutes.name(of: type))\(subject.query("&"))", rel: "item", type: type,
                title: "瓦片 / Tiles")
        }
        links.append(Link(href: definition, rel: Link.Relation.tilingScheme, type: MediaType.json, title: set.title))
        links.append(
            Link(
                href: baseURL + (subject.path.isEmpty ? "/" : subject.path), rel: subject.path.isEmpty ? Link.Relation.dataset : Link.Relation.geodata,
                type: MediaType.json))
        if set.id == TileRoutes.webMercator {
            links.append(Link(href: address(set) + "?f=tilejson" + subject.query("&"), rel: "describedby", type: MediaType.json, title: "TileJSON 3.0"))
        }
        return links
    }

    /// One block for every matrix of the set, where something may be: clients stop at a matrix without one.
    private func limits(_ set: TileMatrixSet) -> [TileMatrixLimits] {
        let box = envelope(set)
        return set.matrices.compactMap { $0.addresses(intersecting: box) }
    }

    /// Of everything on the map, in the matrix set's CRS.
    private func envelope(_ set: TileMatrixSet) -> Envelope {
        var box = Envelope.empty
        for file in subject.map.layers.flatMap({ [$0.prepared, $0.aggregate] }).compactMap({ $0 }) {
            do {
                box.formUnion(try file.envelope(crs: ServedCRSs.datumTwin(of: set.crs)))
            } catch {
                continue  // a file that does not serve the CRS gives nothing to its tiles
            }
        }
        return box
    }

    private func layers(_ documents: MapDocuments) -> [TileSetDocument.Layer] {
        (documents.tileJSON(of: subject.map).vectorLayers ?? []).map { inside in
            let live = subject.map.layers.first { inside.id == $0.definition.id }
            let schema = live?.record.map { record in
                FeatureSchema(fields: record.schema.fields.filter { field in inside.fields.contains { $0.name == field.name } })
            }
            return TileSetDocument.Layer(id: inside.id, title: inside.description, dimension: live?.record?.dimension, schema: schema)
        }
    }
}
