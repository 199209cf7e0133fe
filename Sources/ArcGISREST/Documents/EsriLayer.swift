public import SimpleFeatures
public import Tiling

/// One layer of a map service.
public struct EsriLayer: Hashable, Sendable {
    /// The same for as long as the map's document lists the same layers.
    public var id: Int
    public var name: String
    public var description: String
    /// `nil` for a layer of imagery, which has no features.
    public var geometry: EsriGeometryType?
    public var schema: FeatureSchema
    /// The field that names a feature.
    public var displayField: String?
    /// In the tiles' CRS, east first; empty for none.
    public var extent: Envelope
    /// Scale denominators between which the layer shows; 0 for no end.
    public var minimumScale: Double
    public var maximumScale: Double
    public var renderer: EsriRenderer?

    public init(
        id: Int, name: String, description: String, geometry: EsriGeometryType?, schema: FeatureSchema, displayField: String?, extent: Envelope,
        minimumScale: Double, maximumScale: Double, renderer: EsriRenderer? = nil
    ) {
        self.id = id
        self.name = name
        self.description = description
        self.geometry = geometry
        self.schema = schema
        self.displayField = displayField
        self.extent = extent
        self.minimumScale = minimumScale
        self.maximumScale = maximumScale
        self.renderer = renderer
    }

    public var type: String { geometry == nil ? "Raster Layer" : "Feature Layer" }

    /// What the service's root lists.
    func entry() -> JSONDocument {
        [
            "id": .integer(id), "name": .string(name), "parentLayerId": -1, "defaultVisibility": true, "subLayerIds": .null, "minScale": .number(minimumScale),
            "maxScale": .number(maximumScale), "type": .string(type), "geometryType": geometry.map { .string($0.rawValue) }, "supportsDynamicLegends": true,
        ]
    }

    /// Everything that is said of the layer (`/MapServer/{layerId}`).
    public func json(_ tiles: EsriTileInfo, copyright: String) -> JSONDocument {
        let document: JSONDocument = [
            "currentVersion": .number(EsriServerDocument.version), "id": .integer(id), "name": .string(name), "type": .string(type),
            "description": .string(description), "geometryType": geometry.map { .string($0.rawValue) }, "copyrightText": .string(copyright),
            "parentLayer": .null, "subLayers": .array([]), "minScale": .number(minimumScale), "maxScale": .number(maximumScale),
            "drawingInfo": renderer.map { ["renderer": $0.json(), "transparency": 0, "labelingInfo": .null] }, "defaultVisibility": true,
            "extent": extent.isEmpty ? nil : tiles.extent(extent), "sourceSpatialReference": EsriSpatialReference.json(tiles.crs), "hasAttachments": false,
            "htmlPopupType": "esriServerHTMLPopupTypeNone", "displayField": .string(displayField ?? EsriFeatureWriter.idField), "typeIdField": .null,
        ]
        guard geometry != nil, case .object(let members) = queryable() else { return document }
        return document.appending(members)
    }

    private func queryable() -> JSONDocument {
        [
            "fields": .array(EsriField.all(of: schema).map { $0.json() }), "objectIdField": .string(EsriFeatureWriter.idField), "globalIdField": "",
            "indexes": .array([]), "relationships": .array([]), "canModifyLayer": false, "hasZ": false, "hasM": false, "hasStaticData": false,
            "capabilities": .string(EsriMapService.capabilities), "maxRecordCount": .integer(EsriMapService.largestAnswer),
            "standardMaxRecordCount": .integer(EsriMapService.largestAnswer), "tileMaxRecordCount": .integer(EsriMapService.largestTile),
            "supportsCoordinatesQuantization": true, "supportsStatistics": true,
            "supportsAdvancedQueries": true, "supportedQueryFormats": .string(EsriMapService.queryFormats),
            "dateFieldsTimeReference": ["timeZone": "UTC", "respectsDaylightSaving": false],
            "advancedQueryCapabilities": [
                "useStandardizedQueries": true, "supportsStatistics": true, "supportsOrderBy": true, "supportsDistinct": true, "supportsPagination": true,
                "supportsTrueCurve": false, "supportsReturningQueryExtent": true, "supportsQueryWithDistance": true, "supportsSqlExpression": false,
                "supportsHavingClause": false, "supportsQueryWithResultType": true, "supportsQuantizationEditMode": true,
            ],
        ]
    }
}

/// The geometries that ArcGIS knows.
public enum EsriGeometryType: String, Hashable, Sendable {
    case point = "esriGeometryPoint"
    case multipoint = "esriGeometryMultipoint"
    case polyline = "esriGeometryPolyline"
    case polygon = "esriGeometryPolygon"

    public init(_ kind: GeometryKind) {
        switch kind {
        case .point: self = .point
        case .multiPoint: self = .multipoint
        case .lineString, .multiLineString: self = .polyline
        case .polygon, .multiPolygon, .geometryCollection: self = .polygon
        }
    }

    public init(_ dimension: GeometryDimension) {
        switch dimension {
        case .point: self = .point
        case .line: self = .polyline
        case .area: self = .polygon
        }
    }
}

/// A field as ArcGIS describes it.
public struct EsriField: Hashable, Sendable {
    public var name: String
    public var alias: String
    /// Such as `esriFieldTypeString`.
    public var type: String
    /// Characters of a text, bytes of a date; `nil` for other fields.
    public var length: Int?

    public init(name: String, alias: String, type: String, length: Int?) {
        self.name = name
        self.alias = alias
        self.type = type
        self.length = length
    }

    /// The id of a feature, which is a field there, and then the layer's own.
    public static func all(of schema: FeatureSchema) -> [EsriField] {
        [EsriField(name: EsriFeatureWriter.idField, alias: EsriFeatureWriter.idField, type: "esriFieldTypeOID", length: nil)]
            + schema.fields.map { field in
                EsriField(name: field.name, alias: field.title ?? field.name, type: type(field.kind), length: length(field.kind))
            }
    }

    /// Texts have no limit of their own, and one is stated all the same.
    public static func length(_ kind: FieldKind) -> Int? {
        switch kind {
        case .text: 4000
        case .date, .dateTime: 8
        case .boolean, .integer, .real: nil
        }
    }

    /// ArcGIS Server 10.9 has no 64-bit integers and no booleans: those are doubles and small integers there.
    public static func type(_ kind: FieldKind) -> String {
        switch kind {
        case .boolean: "esriFieldTypeSmallInteger"
        case .integer, .real: "esriFieldTypeDouble"
        case .text: "esriFieldTypeString"
        case .date, .dateTime: "esriFieldTypeDate"
        }
    }

    public func json() -> JSONDocument {
        ["name": .string(name), "type": .string(type), "alias": .string(alias), "length": length.map { .integer($0) }, "domain": .null]
    }
}
