public import Reprojection
public import SimpleFeatures

/// Turns the features of one layer version, as they are stored, into its prepared layer.
///
/// What no tile may ever show does not get this far: withheld features and sensitive fields stay in the registry.
public struct LayerPreparation: ~Copyable {
    private let layer: CatalogueLayer
    /// Positions in the source schema of the prepared fields.
    private let columns: [Int]
    private let withheld: WithheldFeatures
    private let carrier: BatchCarrier
    private var writer: PreparedLayerWriter
    private var batch: PreparedFeatureBatch
    /// Features that rules of the catalogue withhold.
    public private(set) var withheldCount = 0
    /// Features that have no position, or none that a tile can show.
    public private(set) var unplacedCount = 0

    private static let batchSize = 4096

    /// - Parameters:
    ///   - schema: of the features to come.
    ///   - source: the CRS of their coordinates.
    ///   - path: of the file to write.
    /// - Throws: when there is no coordinate operation to one of the served CRSs.
    public init(
        layer: CatalogueLayer, schema: FeatureSchema, source: CRS, served: ServedCRSs, policy: DatumPolicy, path: String
    ) throws(ReprojectionError) {
        self.layer = layer
        let fields = Self.preparedFields(of: layer, schema: schema)
        columns = fields.compactMap(schema.index(of:))
        withheld = WithheldFeatures(layer: layer, schema: schema)
        carrier = try BatchCarrier(source: source, served: served, policy: policy)
        writer = PreparedLayerWriter(
            path: path, fields: fields, crss: served.prepared, sharesBorders: layer.sharedBorders)
        batch = PreparedFeatureBatch(crsCount: served.prepared.count)
    }

    /// The fields that some level's tiles carry, filter by or rank by; a field the data lacks is no field.
    public static func preparedFields(of layer: CatalogueLayer, schema: FeatureSchema) -> [String] {
        let sensitive = Set(layer.fields.filter(\.sensitive).map(\.name))
        var wanted = layer.tiles.fields
        for rule in layer.tiles.rules {
            wanted += rule.fields ?? []
            wanted += rule.where.map { $0.keys.sorted() } ?? []
            if let priority = rule.density?.priority { wanted.append(priority) }
        }
        var seen = Set<String>()
        return wanted.filter { name in
            guard let column = schema.index(of: name), !schema.fields[column].isSensitive, !sensitive.contains(name)
            else { return false }
            return seen.insert(name).inserted
        }
    }

    /// Takes in features in the source CRS.
    public mutating func append(_ features: [Feature]) throws {
        for feature in features {
            guard !withheld.contains(feature) else {
                withheldCount += 1
                continue
            }
            let values = columns.map { feature.values[$0] }
            guard let geometry = feature.geometry,
                batch.append(id: feature.id, geometry: geometry, values: values)
            else {
                unplacedCount += 1
                continue
            }
            if batch.count >= Self.batchSize { try flush() }
        }
    }

    /// Writes the file.
    public consuming func finish() throws -> PreparedLayerWriter.Report {
        try flush()
        return try writer.finish()
    }

    private mutating func flush() throws {
        guard batch.count > 0 else { return }
        carrier.carry(&batch)
        unplacedCount += batch.removeUnplaced()
        guard batch.count > 0 else { return }
        try writer.append(batch)
        batch.removeAll()
    }
}
