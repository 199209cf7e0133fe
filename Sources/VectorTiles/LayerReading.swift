internal import SimpleFeatures
internal import Tiling

/// One layer while it is read. Fields may come in any order, so features wait until keys and values are known.
struct LayerReading {
    var layer = TileLayer(name: "", extent: StandardGrid.vectorTileExtent)
    var version = 0
    var warnings: [VectorTileWarning] = []
    private var hasName = false
    private var ids: Set<UInt64> = []

    mutating func read(_ content: WireReader) throws(VectorTileError) {
        var reader = content
        var features: [WireReader] = []
        while !reader.isAtEnd {
            let (field, type) = try reader.key()
            switch field {
            case WireFormat.Layer.version:
                try require(type, WireFormat.varint, "version")
                let stated = try reader.varint()
                guard stated == 1 || stated == 2 else {
                    throw VectorTileError(.unsupportedVersion, "\(place) has version \(stated); versions 1 and 2 are read.")
                }
                version = Int(stated)
            case WireFormat.Layer.name:
                try require(type, WireFormat.bytes, "name")
                layer.name = try reader.text()
                hasName = true
            case WireFormat.Layer.features:
                try require(type, WireFormat.bytes, "feature")
                features.append(try reader.message())
            case WireFormat.Layer.keys:
                try require(type, WireFormat.bytes, "key")
                layer.keys.append(try reader.text())
            case WireFormat.Layer.values:
                try require(type, WireFormat.bytes, "value")
                layer.values.append(try value(try reader.message()))
            case WireFormat.Layer.extent:
                try require(type, WireFormat.varint, "extent")
                let extent = try reader.varint()
                guard extent > 0, extent <= UInt64(Int32.max) else {
                    throw VectorTileError(.invalidLayer, "\(place) has extent \(extent).")
                }
                layer.extent = Int32(extent)
            default:
                try reader.skip(type)
                warn(.unknownField)
            }
        }
        guard hasName else { throw VectorTileError(.invalidLayer, "A layer has no name.") }
        guard version != 0 else { throw VectorTileError(.invalidLayer, "\(place) states no version.") }
        if features.isEmpty { warn(.emptyLayer) }
        for (index, feature) in features.enumerated() { try read(feature: feature, index: index) }
        // Warnings raised before the name was read get it now.
        for i in warnings.indices { warnings[i].layer = layer.name }
    }

    private var place: String { hasName ? "Layer '\(layer.name)'" : "A layer" }

    private mutating func warn(_ code: VectorTileWarning.Code, feature: Int? = nil) {
        warnings.append(VectorTileWarning(code: code, layer: layer.name, feature: feature))
    }

    private func require(_ type: UInt8, _ expected: UInt8, _ name: String) throws(VectorTileError) {
        guard type == expected else { throw VectorTileError(.malformed, "\(place): \(name) has wire type \(type), not \(expected).") }
    }

    private mutating func value(_ content: WireReader) throws(VectorTileError) -> PropertyValue {
        var reader = content
        var found: PropertyValue?
        while !reader.isAtEnd {
            let (field, type) = try reader.key()
            guard found == nil else { throw VectorTileError(.invalidValue, "\(place) has a value of more than one type.") }
            let expected: UInt8 =
                switch field {
                case WireFormat.Value.string: WireFormat.bytes
                case WireFormat.Value.float: WireFormat.fixed32
                case WireFormat.Value.double: WireFormat.fixed64
                default: WireFormat.varint
                }
            guard (WireFormat.Value.string...WireFormat.Value.bool).contains(field) else {
                throw VectorTileError(.invalidValue, "\(place) has a value of the unknown type \(field).")
            }
            try require(type, expected, "value of type \(field)")
            switch field {
            case WireFormat.Value.string: found = .text(try reader.text())
            case WireFormat.Value.float: found = .real(Double(Float(bitPattern: try reader.fixed32())))
            case WireFormat.Value.double: found = .real(Double(bitPattern: try reader.fixed64()))
            case WireFormat.Value.int: found = .integer(Int64(bitPattern: try reader.varint()))
            case WireFormat.Value.uint: found = unsigned(try reader.varint())
            case WireFormat.Value.sint:
                let raw = try reader.varint()
                found = .integer(Int64(bitPattern: raw >> 1) ^ -Int64(bitPattern: raw & 1))
            default: found = .boolean(try reader.varint() != 0)
            }
        }
        guard let found else { throw VectorTileError(.invalidValue, "\(place) has a value without content.") }
        return found
    }

    private mutating func unsigned(_ raw: UInt64) -> PropertyValue {
        if let number = Int64(exactly: raw) { return .integer(number) }
        warn(.largeUnsignedValue)
        return .real(Double(raw))
    }
}

extension LayerReading {
    private struct RawFeature {
        var id: UInt64 = 0
        var type: UInt64 = 0
        var tags: [UInt32] = []
        var geometry: WireReader?
        var geometryFields = 0
        /// Geometry that an old encoder wrote one number a field.
        var looseGeometry: [UInt32] = []
    }

    private mutating func read(feature content: WireReader, index: Int) throws(VectorTileError) {
        let raw = try rawFeature(content, index: index)
        guard raw.type <= 3 else { throw VectorTileError(.invalidGeometry, "\(place), feature \(index) has the unknown geometry type \(raw.type).") }
        guard raw.geometryFields <= 1 else { return warn(.repeatedGeometry, feature: index) }
        guard let kind = TileGeometryKind(rawValue: UInt8(raw.type)) else { return warn(.missingType, feature: index) }
        var commands = raw.looseGeometry
        if var reader = raw.geometry { while !reader.isAtEnd { commands.append(try number(&reader, index)) } }
        guard !commands.isEmpty else { return warn(.missingGeometry, feature: index) }
        var tags = raw.tags
        if !tags.count.isMultiple(of: 2) {
            warn(.oddTags, feature: index)
            tags.removeLast()
        }
        for i in stride(from: 0, to: tags.count, by: 2) {
            guard Int(tags[i]) < layer.keys.count, Int(tags[i + 1]) < layer.values.count else {
                throw VectorTileError(.invalidTag, "\(place), feature \(index): tag \(tags[i]), \(tags[i + 1]) points past \(layer.keys.count) keys and \(layer.values.count) values.")
            }
        }
        if raw.id != 0, !ids.insert(raw.id).inserted { warn(.repeatedFeatureID, feature: index) }
        let firstPart = layer.partEnds.count
        var geometry = GeometryReading(commands: commands, kind: kind)
        do {
            try geometry.read(into: &layer)
        } catch {
            throw VectorTileError(error.code, "\(place), feature \(index): \(error.message)")
        }
        if kind == .polygon, !geometry.hasOrderedRings { warn(.ringOrder, feature: index) }
        let firstTag = layer.tags.count
        layer.tags.append(contentsOf: tags)
        layer.features.append(
            TileFeature(id: raw.id, kind: kind, tags: firstTag..<layer.tags.count, parts: firstPart..<layer.partEnds.count))
    }

    private mutating func rawFeature(_ content: WireReader, index: Int) throws(VectorTileError) -> RawFeature {
        var reader = content
        var raw = RawFeature()
        while !reader.isAtEnd {
            let (field, type) = try reader.key()
            switch (field, type) {
            case (WireFormat.Feature.id, WireFormat.varint): raw.id = try reader.varint()
            case (WireFormat.Feature.type, WireFormat.varint): raw.type = try reader.varint()
            case (WireFormat.Feature.tags, WireFormat.varint): raw.tags.append(try number(&reader, index))
            case (WireFormat.Feature.tags, WireFormat.bytes):
                var run = try reader.message()
                while !run.isAtEnd { raw.tags.append(try number(&run, index)) }
            case (WireFormat.Feature.geometry, WireFormat.varint):
                if raw.looseGeometry.isEmpty { raw.geometryFields += 1 }
                raw.looseGeometry.append(try number(&reader, index))
            case (WireFormat.Feature.geometry, WireFormat.bytes):
                raw.geometry = try reader.message()
                raw.geometryFields += 1
            case (WireFormat.Feature.id...WireFormat.Feature.geometry, _):
                throw VectorTileError(.malformed, "\(place), feature \(index): field \(field) has wire type \(type).")
            default:
                try reader.skip(type)
                warn(.unknownField, feature: index)
            }
        }
        return raw
    }

    private func number(_ reader: inout WireReader, _ index: Int) throws(VectorTileError) -> UInt32 {
        let value = try reader.varint()
        guard let number = UInt32(exactly: value) else {
            throw VectorTileError(.malformed, "\(place), feature \(index): \(value) is wider than 32 bits.")
        }
        return number
    }
}
