import FeatureStore
import Reprojection
import SimpleFeatures

/// The name of a prepared file: the layer, the version of its data, and a digest of everything else that shapes it.
struct PreparedFileName: Hashable, Sendable {
    /// What is derived; the raw value ends the file's name.
    enum Kind: String, Sendable, CaseIterable {
        case features = "prepared"
        /// Of `features`: those that were edited since an older file.
        case amendment = "amended"
        case names
        case imagery
    }

    var kind: Kind
    var layer: String
    var version: Int64
    var digest: UInt64

    /// For a layer's own features.
    init(layer definition: CatalogueLayer, version: Int64, schema: FeatureSchema, served: ServedCRSs) {
        kind = .features
        layer = definition.id
        self.version = version
        var digest = Digest()
        digest.add(definition, schema: schema)
        digest.add(served)
        self.digest = digest.value
    }

    /// For the label points of a layer's polygons.
    init(labelPointsOf definition: CatalogueLayer, record: LayerRecord, served: ServedCRSs) {
        kind = .features
        layer = LabelPointLayer.name(of: definition.id)
        version = record.version
        var digest = Digest()
        digest.add(LabelPointLayer.definition(of: definition), schema: record.schema)
        digest.add(definition, schema: record.schema)
        digest.add(served)
        self.digest = digest.value
    }

    /// For a layer counted into another.
    init(
        _ definition: CatalogueLayer, record: LayerRecord, into polygons: (CatalogueLayer, LayerRecord),
        rule: AggregateRule, served: ServedCRSs
    ) {
        kind = .features
        layer = AggregateLayer.name(of: definition.id)
        version = record.version
        var digest = Digest()
        digest.add("\(rule.minimumCount) into \(polygons.1.id) \(polygons.1.version) \(polygons.1.contentHash)")
        digest.add(polygons.0, schema: polygons.1.schema)
        digest.add(served)
        self.digest = digest.value
    }

    /// For the names of a layer's features; `nil` for a layer that is not searched.
    init?(names definition: CatalogueLayer, version: Int64, schema: FeatureSchema) {
        let columns = definition.searchedFields(of: schema)
        guard !columns.isEmpty else { return nil }
        kind = .names
        layer = definition.id
        self.version = version
        var digest = Digest()
        digest.add("\(NameIndex.formatVersion)")
        for column in columns { digest.add(schema.fields[column].name) }
        digest.add(definition.withheld)
        self.digest = digest.value
    }

    /// For the archive of a layer of imagery.
    ///
    /// Nothing but the version shapes the name: an archive that no longer fits can not be made again from the registry.
    init(imageryOf layer: String, version: Int64) {
        kind = .imagery
        self.layer = layer
        self.version = version
        digest = 0
    }

    var fileName: String {
        let hexadecimal = String(digest, radix: 16)
        let padding = String(repeating: "0", count: 16 - hexadecimal.count)
        return "\(layer).\(version).\(padding)\(hexadecimal).\(kind.rawValue)"
    }

    /// The name of this version's amendment of an older file.
    var ofAmendment: PreparedFileName {
        var name = self
        name.kind = .amendment
        return name
    }

    /// `nil` for a file of another kind.
    init?(fileName: String) {
        let parts = fileName.split(separator: ".")
        guard parts.count >= 4, let kind = Kind(rawValue: String(parts[parts.count - 1])),
            let version = Int64(parts[parts.count - 3]), let digest = UInt64(parts[parts.count - 2], radix: 16)
        else { return nil }
        (self.kind, self.version, self.digest) = (kind, version, digest)
        layer = parts.dropLast(3).joined(separator: ".")
    }

    /// FNV-1a over text: a name, not a safeguard.
    private struct Digest {
        private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

        mutating func add(_ text: String) {
            for byte in text.utf8 { value = (value ^ UInt64(byte)) &* 0x100_0000_01B3 }
            value = (value ^ 0x1F) &* 0x100_0000_01B3
        }

        mutating func add(_ layer: CatalogueLayer, schema: FeatureSchema) {
            for field in LayerPreparation.preparedFields(of: layer, schema: schema) { add(field) }
            add(layer.withheld)
            add("\(layer.sharedBorders)")
        }

        mutating func add(_ withheld: [WithheldRule]) {
            for rule in withheld { add("\(rule.field) \(rule.values.map { "\($0.value)" })") }
        }

        mutating func add(_ served: ServedCRSs) {
            for crs in served.crss { add(crs.id) }
        }
    }
}
