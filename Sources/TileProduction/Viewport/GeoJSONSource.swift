import Foundation
import Portrayal
import SimpleFeatures
import Tiling

/// A GeoJSON source, cut into tiles as map clients cut it, so that what depends on tiles falls the same.
struct GeoJSONSource: Sendable {
    let id: String
    let records: [GeoJSONRecord]
    /// In place of the records, where the source gathers points.
    private let clusters: PointClusters?
    let maximumZoom: Int
    /// Whether lines carry the share of the whole that each tile holds.
    let measuresLines: Bool

    private static let extent: Int32 = 8192
    private static let tileSideInPixels = 512.0

    /// Units beyond the tile's edge that its features reach.
    private let buffer: Double

    init(id: String, _ json: JSONValue, assets: AssetDirectory) throws {
        self.id = id
        let members = json.object ?? [:]
        var data = members["data"] ?? .null
        if let address = data.text { data = try JSONValue(json: try assets.require(address)) }
        var read = GeoJSONDocument.records(data)
        if let json = members["filter"] {
            let filter = try FeatureFilter(json)
            read.removeAll { !filter.accepts($0.properties, id: $0.id, geometry: $0.geometry.kind.name) }
        }
        records = read
        maximumZoom = Int(members["maxzoom"]?.number ?? 18)
        clusters = members["cluster"]?.boolean == true
            ? PointClusters(read.compactMap(\.point), try PointClusters.Rule(members, sourceMaximumZoom: maximumZoom)) : nil
        measuresLines = members["lineMetrics"]?.boolean ?? false
        buffer = (members["buffer"]?.number ?? 128) * Double(Self.extent) / Self.tileSideInPixels
    }

    /// The zoom whose tiles a viewport shows.
    func tileZoom(for viewport: Viewport) -> Int { min(max(Int(viewport.camera.zoom.rounded(.down)), 0), maximumZoom) }

    /// The features of a tile in its units.
    func layer(_ tile: WorldTile) -> TileLayer {
        var writer = TileLayerWriter(name: "", extent: Self.extent)
        if let clusters {
            for member in clusters.members(atZoom: tile.zoom) {
                let place = points([position(Coordinate(x: member.x, y: member.y), tile)])
                if !place.isEmpty { writer.add(id: member.id, kind: .point, parts: place, properties: member.properties) }
            }
            return writer.layer
        }
        for record in records {
            guard let (kind, parts) = cut(record.geometry, tile), !parts.isEmpty else { continue }
            if measuresLines, kind == .line {
                for part in parts { writer.add(id: record.id, kind: kind, parts: [part], properties: measured(record, part)) }
                continue
            }
            writer.add(id: record.id, kind: kind, parts: parts, properties: record.properties)
        }
        return writer.layer
    }

    private func measured(_ record: GeoJSONRecord, _ part: [TilePosition]) -> [String: PropertyValue] {
        var properties = record.properties
        properties["mapbox_clip_start"] = .real(part.first?.share ?? 0)
        properties["mapbox_clip_end"] = .real(part.last?.share ?? 1)
        return properties
    }

    private func cut(_ geometry: Geometry, _ tile: WorldTile) -> (TileGeometryKind, [[TilePosition]])? {
        func units(_ run: [Coordinate]) -> [TilePosition] { run.map { position(degrees: $0, tile) } }
        switch geometry {
        case .point(let c): return (.point, points([position(degrees: c, tile)]))
        case .multiPoint(let run): return (.point, points(units(run)))
        case .lineString(let run): return (.line, line(units(run)))
        case .multiLineString(let runs): return (.line, runs.flatMap { line(units($0)) })
        case .polygon(let polygon): return (.polygon, rings(polygon.rings.map(units)))
        case .multiPolygon(let polygons): return (.polygon, polygons.flatMap { rings($0.rings.map(units)) })
        case .geometryCollection: return nil
        }
    }

    private func position(degrees c: Coordinate, _ tile: WorldTile) -> TilePosition { position(WorldPlane.position(of: c), tile) }

    /// - Parameter world: on the world plane.
    private func position(_ world: Coordinate, _ tile: WorldTile) -> TilePosition {
        let (count, side) = (exp2(Double(tile.zoom)), Double(Self.extent))
        return TilePosition(x: (world.x * count - Double(tile.column)) * side, y: (world.y * count - Double(tile.row)) * side)
    }

    private var across: AxisClipping { AxisClipping(axis: \.x, low: -buffer, high: Double(Self.extent) + buffer) }
    private var down: AxisClipping { AxisClipping(axis: \.y, low: -buffer, high: Double(Self.extent) + buffer) }

    private func points(_ run: [TilePosition]) -> [[TilePosition]] {
        let span = -buffer...(Double(Self.extent) + buffer)
        let inside = run.filter { span.contains($0.x) && span.contains($0.y) }
        return inside.isEmpty ? [] : [inside]
    }

    private func line(_ run: [TilePosition]) -> [[TilePosition]] {
        across.line(measuresLines ? Self.measured(run) : run).flatMap(down.line)
    }

    private static func measured(_ run: [TilePosition]) -> [TilePosition] {
        var run = run
        for i in run.indices.dropFirst() {
            run[i].share = run[i - 1].share + hypot(run[i].x - run[i - 1].x, run[i].y - run[i - 1].y)
        }
        guard let whole = run.last?.share, whole > 0 else { return run }
        for i in run.indices { run[i].share /= whole }
        return run
    }

    /// The exterior first and clockwise on screen, holes the other way round; without the repeated closing positions.
    private func rings(_ rings: [[TilePosition]]) -> [[TilePosition]] {
        var out: [[TilePosition]] = []
        for (i, ring) in rings.enumerated() {
            var cut = down.ring(across.ring(ring))
            if cut.isEmpty {
                if i == 0 { return [] }
                continue
            }
            cut.removeLast()
            let isClockwise = Self.doubleArea(cut) > 0
            // A ring turned round still begins where it did: dashes count from there.
            out.append(isClockwise == (i == 0) ? cut : [cut[0]] + cut.dropFirst().reversed())
        }
        return out
    }

    private static func doubleArea(_ ring: [TilePosition]) -> Double {
        ring.indices.reduce(0) { sum, i in
            let (a, b) = (ring[i], ring[(i + 1) % ring.count])
            return sum + a.x * b.y - b.x * a.y
        }
    }
}

/// Puts features into the flat arrays of a tile layer.
struct TileLayerWriter {
    private(set) var layer: TileLayer
    private var keys: [String: UInt32] = [:]
    private var values: [PropertyValue: UInt32] = [:]

    init(name: String, extent: Int32) { layer = TileLayer(name: name, extent: extent) }

    mutating func add(id: UInt64, kind: TileGeometryKind, parts: [[TilePosition]], properties: [String: PropertyValue]) {
        let (firstTag, firstPart) = (layer.tags.count, layer.partEnds.count)
        for (name, value) in properties.sorted(by: { $0.key < $1.key }) where value != .null {
            layer.tags.append(key(name))
            layer.tags.append(index(of: value))
        }
        for part in parts {
            for p in part {
                layer.coordinates.append(Int32(p.x.rounded()))
                layer.coordinates.append(Int32(p.y.rounded()))
            }
            layer.partEnds.append(layer.coordinates.count / 2)
        }
        layer.features.append(
            TileFeature(id: id, kind: kind, tags: firstTag..<layer.tags.count, parts: firstPart..<layer.partEnds.count))
    }

    private mutating func key(_ name: String) -> UInt32 {
        if let known = keys[name] { return known }
        keys[name] = UInt32(layer.keys.count)
        layer.keys.append(name)
        return UInt32(layer.keys.count - 1)
    }

    private mutating func index(of value: PropertyValue) -> UInt32 {
        if let known = values[value] { return known }
        values[value] = UInt32(layer.values.count)
        layer.values.append(value)
        return UInt32(layer.values.count - 1)
    }
}
