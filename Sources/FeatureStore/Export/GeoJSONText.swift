internal import Reprojection
public import SimpleFeatures

/// Features as the bytes of a GeoJSON file or sequence, a run at a time.
public struct GeoJSONText: Sendable {
    private let format: ExportFormat
    private let crs: String?
    private var writer: GeoJSONWriter
    private let swaps: Bool
    private var count = 0

    /// - Parameters:
    ///   - format: one of the three GeoJSON formats.
    ///   - isNorthFirst: whether positions are written in the order of an authority that puts north first, as OGC API
    ///     responses are (OGC 18-058r1 clause 6.2); files for GIS programs are east first.
    ///   - namesCRS: whether a collection says its CRS in a `crs` member, as GeoJSON had before RFC 7946 and GDAL and QGIS
    ///     read it; not said of CRS84.
    public init(_ layer: ExportLayer, format: ExportFormat, isNorthFirst: Bool, namesCRS: Bool) {
        precondition(
            [.geoJSON, .geoJSONSequence, .newlineDelimited].contains(format), "\(format.rawValue) is no GeoJSON")
        self.format = format
        swaps = isNorthFirst
        crs = namesCRS && layer.crs != .crs84 ? layer.crs.epsgCode.map { "urn:ogc:def:crs:EPSG::\($0)" } : nil
        writer = GeoJSONWriter(schema: layer.schema, precision: .decimals(layer.decimals))
    }

    /// What comes before the first feature.
    public func opening() -> [UInt8] {
        guard format == .geoJSON else { return [] }
        let named = crs.map { "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"\($0)\"}},\n" } ?? ""
        return Array("{\"type\":\"FeatureCollection\",\n\(named)\"features\":[\n".utf8)
    }

    /// The next features, positions east first.
    public mutating func bytes(of features: [Feature]) -> [UInt8] {
        for feature in features {
            switch format {
            case .geoJSON: if count > 0 { writer.append(",\n") }
            case .geoJSONSequence: writer.bytes.append(0x1E)
            default: break
            }
            writer.append(swaps ? Self.swapped(feature) : feature)
            if format != .geoJSON { writer.append("\n") }
            count += 1
        }
        defer { writer.bytes.removeAll(keepingCapacity: true) }
        return writer.bytes
    }

    /// What follows the last feature.
    public func closing() -> [UInt8] { format == .geoJSON ? Array("\n]}\n".utf8) : [] }

    private static func swapped(_ feature: Feature) -> Feature {
        var feature = feature
        feature.geometry = feature.geometry?.mapPaths { path in path.map { Coordinate(x: $0.y, y: $0.x) } }
        return feature
    }
}
