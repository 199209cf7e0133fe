import Foundation
import Portrayal
import SimpleFeatures

/// A source of a style document, as far as a picture needs it.
enum StyleSource: Sendable {
    case geoJSON(GeoJSONSource)
    case tiles(TileSource)

    /// - Throws: `invalidRequest` for a source without what its kind needs.
    init?(id: String, _ json: JSONValue, assets: AssetDirectory) throws {
        switch json.object?["type"]?.text {
        case "geojson": self = .geoJSON(try GeoJSONSource(id: id, json, assets: assets))
        case "vector", "raster": self = .tiles(try TileSource(id: id, json, assets: assets))
        default: return nil
        }
    }
}

/// A source of tiles addressed by a template.
struct TileSource: Sendable {
    enum Content: Sendable { case vector, raster }

    let id: String
    let content: Content
    let template: String
    let minimumZoom: Int
    let maximumZoom: Int
    /// Logical pixels of a tile's side.
    let tileSide: Double
    /// Longitudes and latitudes in degrees.
    let bounds: Envelope?
    /// Whether rows count from the south.
    let countsFromSouth: Bool

    init(id: String, _ json: JSONValue, assets: AssetDirectory) throws {
        self.id = id
        var members = json.object ?? [:]
        content = members["type"]?.text == "raster" ? .raster : .vector
        if let url = members["url"]?.text {
            let document = try JSONValue(json: try assets.require(url))
            members.merge(document.object ?? [:]) { own, _ in own }
        }
        guard let template = members["tiles"]?.array?.first?.text else {
            throw PortrayalError(.invalidRequest, "source \"\(id)\" names no tiles; give \"tiles\" or a \"url\" that does")
        }
        self.template = template
        minimumZoom = Int(members["minzoom"]?.number ?? 0)
        maximumZoom = Int(members["maxzoom"]?.number ?? 22)
        tileSide = content == .raster ? members["tileSize"]?.number ?? 512 : 512
        let box = (members["bounds"]?.array ?? []).compactMap(\.number)
        bounds = box.count == 4 ? Envelope(minX: box[0], minY: box[1], maxX: box[2], maxY: box[3]) : nil
        countsFromSouth = members["scheme"]?.text == "tms"
    }

    /// The zoom whose tiles a viewport shows; `nil` below the source's least one.
    func tileZoom(for viewport: Viewport) -> Int? {
        let zoom = viewport.camera.zoom + log2(512 / tileSide)
        let whole = Int(content == .raster ? zoom.rounded() : zoom.rounded(.down))
        return max(whole, 0) < minimumZoom ? nil : min(max(whole, 0), maximumZoom)
    }

    func address(of tile: WorldTile) -> String {
        let row = countsFromSouth ? (1 << tile.zoom) - 1 - tile.row : tile.row
        return template.replacingOccurrences(of: "{z}", with: "\(tile.zoom)")
            .replacingOccurrences(of: "{x}", with: "\(tile.column)").replacingOccurrences(of: "{y}", with: "\(row)")
            .replacingOccurrences(of: "{ratio}", with: "")
    }

    /// Whether the source says it has something where the tile lies.
    func reaches(_ tile: WorldTile) -> Bool {
        guard let bounds else { return true }
        let count = exp2(Double(tile.zoom))
        let corner = WorldPlane.position(of: Coordinate(x: bounds.minX, y: bounds.maxY))
        let other = WorldPlane.position(of: Coordinate(x: bounds.maxX, y: bounds.minY))
        return Double(tile.column + 1) > corner.x * count && Double(tile.column) < other.x * count
            && Double(tile.row + 1) > corner.y * count && Double(tile.row) < other.y * count
    }
}
