internal import Reprojection
import SimpleFeatures

/// Features and headers as FlatGeobuf has them (flatgeobuf.org, header.fbs and feature.fbs, version 3).
enum FlatGeobufFeature {
    /// `fgb`, the major version, `fgb`, and the patch.
    static let magic: [UInt8] = [0x66, 0x67, 0x62, 3, 0x66, 0x67, 0x62, 0]

    /// Children of a node of the index.
    static let nodeSize = 16

    /// - Parameters:
    ///   - envelope: of all features; empty for none.
    ///   - isIndexed: whether an index follows.
    static func header(_ layer: ExportLayer, envelope: Envelope, count: Int, isIndexed: Bool) -> [UInt8] {
        let box = envelope.isEmpty ? nil : FlatTable.Value.doubles([envelope.minX, envelope.minY, envelope.maxX, envelope.maxY])
        return FlatTable([
            0: .string(layer.id), 1: box, 2: .byte(geometryType(layer.geometry)),
            7: .tables(layer.schema.fields.map(column)), 8: .long(UInt64(count)),
            9: .short(UInt16(isIndexed ? nodeSize : 0)), 10: crs(layer), 11: .string(layer.title),
        ]).sizePrefixed()
    }

    /// 0 stands for several kinds, and for none.
    private static func geometryType(_ geometry: LayerGeometry) -> UInt8 {
        if case .only(let kind) = geometry { kind.rawValue } else { 0 }
    }

    private static func crs(_ layer: ExportLayer) -> FlatTable.Value {
        // CRS84 differs from EPSG:4326 in the order of axes alone, and the format is always east first.
        let code = layer.crs == .crs84 ? 4326 : layer.crs.epsgCode
        return .table(
            FlatTable([
                0: code.map { _ in .string("EPSG") }, 1: code.map { .int(Int32($0)) }, 2: .string(layer.crs.name),
                4: code == nil ? .string(layer.crs.id) : nil,
            ]))
    }

    private static func column(_ field: Field) -> FlatTable {
        FlatTable([0: .string(field.name), 1: .byte(columnType(field.kind)), 2: field.title.map { .string($0) }])
    }

    private static func columnType(_ kind: FieldKind) -> UInt8 {
        switch kind {
        case .boolean: 2
        case .integer: 7
        case .real: 10
        case .text, .date: 11
        case .dateTime: 13
        }
    }

    static func bytes(_ feature: Feature, _ schema: FeatureSchema) -> [UInt8] {
        let properties = properties(feature.values, schema)
        return FlatTable([
            0: feature.geometry.map { .table(table($0)) }, 1: properties.isEmpty ? nil : .bytes(properties),
        ]).sizePrefixed()
    }

    /// The position of each field that has a value, and the value.
    private static func properties(_ values: [PropertyValue], _ schema: FeatureSchema) -> [UInt8] {
        var bytes: [UInt8] = []
        for (index, value) in values.enumerated() where value != .null {
            bytes.append(little: UInt16(index))
            switch value {
            case .null: break
            case .boolean(let flag): bytes.append(flag ? 1 : 0)
            case .integer(let n): bytes.append(little: n)
            case .real(let r): bytes.append(little: r.bitPattern)
            case .text(let text):
                bytes.append(little: UInt32(text.utf8.count))
                bytes += Array(text.utf8)
            }
        }
        return bytes
    }

    private static func table(_ geometry: Geometry) -> FlatTable {
        let type = FlatTable.Value.byte(geometry.kind.rawValue)
        switch geometry {
        case .point(let c): return FlatTable([1: flat([[c]]), 6: type])
        case .lineString(let path), .multiPoint(let path): return FlatTable([1: flat([path]), 6: type])
        case .multiLineString(let lines): return FlatTable([0: ends(lines), 1: flat(lines), 6: type])
        case .polygon(let polygon): return FlatTable([0: ends(polygon.rings), 1: flat(polygon.rings), 6: type])
        case .multiPolygon(let polygons): return FlatTable([6: type, 7: .tables(polygons.map { table(.polygon($0)) })])
        case .geometryCollection(let parts): return FlatTable([6: type, 7: .tables(parts.map(table))])
        }
    }

    private static func flat(_ paths: [[Coordinate]]) -> FlatTable.Value {
        .doubles(paths.flatMap { path in path.flatMap { [$0.x, $0.y] } })
    }

    /// Where each path ends, in positions; left out for a single one.
    private static func ends(_ paths: [[Coordinate]]) -> FlatTable.Value? {
        guard paths.count > 1 else { return nil }
        var end = 0
        return .ints(
            paths.map { path in
                end += path.count
                return UInt32(end)
            })
    }
}
