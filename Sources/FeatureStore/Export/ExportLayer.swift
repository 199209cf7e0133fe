public import Reprojection
public import SimpleFeatures
internal import Wording

/// What a file of features is of: the layer as a reader may see it, in the CRS that it leaves in.
public struct ExportLayer: Hashable, Sendable {
    /// The layer's id; files, tables and their members are called by it.
    public var id: String
    /// What people call it, for the file's description.
    public var title: String
    public var geometry: LayerGeometry
    /// The fields that are written, in order; a feature has one value each.
    public var schema: FeatureSchema
    /// Of the positions as they are written.
    public var crs: CRS
    /// ISO 8601 in UTC, of the data and not of the clock: the same features give the same file.
    public var lastChange: String

    public init(id: String, title: String, geometry: LayerGeometry, schema: FeatureSchema, crs: CRS, lastChange: String) {
        self.id = id
        self.title = title
        self.geometry = geometry
        self.schema = schema
        self.crs = crs
        self.lastChange = lastChange
    }

    /// The layer of a record as the catalogue lets it be seen.
    ///
    /// - Parameter fields: positions in the record's schema of what is written.
    public init(_ record: LayerRecord, as definition: CatalogueLayer, fields: [Int], crs: CRS) {
        let schema = FeatureSchema(
            fields: fields.map { index in
                var field = record.schema.fields[index]
                field.title = definition.fields.first { $0.name == field.name }?.title ?? field.title
                return field
            })
        self.init(
            id: record.id, title: definition.title.zh, geometry: record.geometry, schema: schema, crs: crs,
            lastChange: record.importedAt)
    }

    /// Places after the point that keep a millimetre: 0.6 mm in degrees, 0.05 mm in metres, at most.
    var decimals: Int { crs.isGeographic ? 8 : 4 }
}

/// What a format could not hold as it was, counted over a whole export.
public struct ExportTally: Hashable, Sendable {
    /// Features written.
    public var features = 0
    /// Features written without their geometry, which cannot be carried to the CRS.
    public var unplaced = 0
    /// Characters that the encoding lacks, written as `?`.
    public var unencodable = 0
    /// Values cut to the width of their field.
    public var shortened = 0

    public init() {}
}

extension CoordinateOperation {
    /// Features with their positions in the target CRS, carried in one go: a call of PROJ costs as much as a building does.
    ///
    /// - Parameter unplaced: grows by the features whose geometry cannot be carried; they keep none.
    public borrowing func carry(_ features: [Feature], unplaced: inout Int) -> [Feature] {
        var positions: [Coordinate] = []
        for feature in features { feature.geometry?.forEachPath { positions += $0 } }
        _ = transform(&positions)
        var next = 0
        return features.map { feature in
            guard let geometry = feature.geometry else { return feature }
            var isPlaced = true
            let carried = geometry.mapPaths { path in
                defer { next += path.count }
                let run = Array(positions[next..<(next + path.count)])
                isPlaced = isPlaced && run.allSatisfy(\.isFinite)
                return run
            }
            if !isPlaced { unplaced += 1 }
            return Feature(id: feature.id, geometry: isPlaced ? carried : nil, values: feature.values)
        }
    }
}
