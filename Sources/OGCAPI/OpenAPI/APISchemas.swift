internal import Tiling

/// The schemas of the documents that the service gives, in OpenAPI 3.0's dialect of JSON Schema.
enum APISchemas {
    static let all: [JSONDocument.Member] =
        [
            .init(name: "link", value: link), .init(name: "links", value: ["type": "array", "items": .schema("link")]),
            .init(name: "problem", value: problem), .init(name: "landingPage", value: landingPage),
            .init(name: "confClasses", value: confClasses), .init(name: "openAPI", value: openAPI), .init(name: "functions", value: functions),
            .init(name: "extent", value: extent), .init(name: "collection", value: collection),
            .init(name: "collections", value: listing("collections", of: "collection")), .init(name: "jsonSchema", value: jsonSchema),
            .init(name: "functions", value: object(["functions"], ["functions": ["type": "array", "items": object(["name"], ["name": string])]])),
        ] + geoJSON + tiles + styles

    private static let string: JSONDocument = ["type": "string"]
    private static let integer: JSONDocument = ["type": "integer"]
    private static let natural: JSONDocument = ["type": "integer", "minimum": 0]
    private static let strings: JSONDocument = ["type": "array", "items": ["type": "string"]]

    private static func object(_ required: [String], _ properties: JSONDocument) -> JSONDocument {
        ["type": "object", "required": required.isEmpty ? nil : .strings(required), "properties": properties]
    }

    private static func numbers(_ least: Int, _ most: Int) -> JSONDocument {
        ["type": "array", "minItems": .integer(least), "maxItems": .integer(most), "items": ["type": "number"]]
    }

    private static func listing(_ name: String, of schema: String) -> JSONDocument {
        [
            "type": "object", "required": .strings(["links", name]),
            "properties": .object([
                .init(name: "links", value: .schema("links")), .init(name: name, value: ["type": "array", "items": .schema(schema)]),
            ]),
        ]
    }

    // MARK: Common

    private static let link = object(
        ["href", "rel"],
        ["href": string, "rel": string, "type": string, "title": string, "hreflang": string, "templated": ["type": "boolean"]])

    private static let problem = object(
        ["type", "title", "status"],
        [
            "type": string, "title": string, "status": ["type": "integer", "minimum": 400, "maximum": 599], "detail": string,
            "instance": string, "parameter": string, "value": string, "expected": string,
        ])

    private static let landingPage = object(["links"], ["title": string, "description": string, "attribution": string, "links": .schema("links")])

    private static let functions = object(
        ["functions"],
        ["functions": ["type": "array", "items": object(["name", "returns"], ["name": string, "description": string, "returns": strings])]])
    private static let confClasses = object(["conformsTo"], ["conformsTo": strings])

    private static let openAPI = object(["openapi", "info", "paths"], ["openapi": string, "info": ["type": "object"], "paths": ["type": "object"]])

    private static let extent = object(
        [],
        [
            "spatial": object([], ["bbox": ["type": "array", "minItems": 1, "items": numbers(4, 6)], "crs": string]),
            "temporal": object(
                [],
                [
                    "interval": [
                        "type": "array", "minItems": 1,
                        "items": ["type": "array", "minItems": 2, "maxItems": 2, "items": ["type": "string", "nullable": true]],
                    ],
                    "trs": string,
                ]),
        ])

    private static let collection = object(
        ["id", "links"],
        [
            "id": string, "title": string, "description": string, "attribution": string, "extent": .schema("extent"),
            "itemType": ["type": "string", "default": "feature"], "crs": strings, "storageCrs": string, "links": .schema("links"),
        ])

    private static let jsonSchema = object(
        ["$schema", "type", "properties"],
        ["$schema": string, "$id": string, "title": string, "type": ["type": "string", "enum": ["object"]], "properties": ["type": "object"]])

    // MARK: Features

    private static let geoJSON: [JSONDocument.Member] = [
        .init(
            name: "geometry",
            value: object(
                ["type"],
                [
                    "type": [
                        "type": "string",
                        "enum": .strings([
                            "Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon", "GeometryCollection",
                        ]),
                    ],
                    "coordinates": ["type": "array", "items": [:]], "geometries": ["type": "array", "items": .schema("geometry")],
                ])),
        .init(
            name: "polygon",
            value: object(
                ["type", "coordinates"],
                [
                    "type": ["type": "string", "enum": ["Polygon"]],
                    "coordinates": ["type": "array", "minItems": 1, "items": ["type": "array", "minItems": 4, "items": numbers(2, 3)]],
                ])),
    ]

    /// A feature whose properties are those of one collection.
    static func feature(_ properties: JSONDocument) -> JSONDocument {
        object(
            ["type", "id", "geometry", "properties"],
            [
                "type": ["type": "string", "enum": ["Feature"]], "id": ["type": "integer", "format": "int64"],
                "geometry": ["nullable": true, "type": "object", "allOf": [.schema("geometry")]], "properties": properties,
                "links": .schema("links"),
            ])
    }

    static func featureCollection(of feature: JSONDocument) -> JSONDocument {
        object(
            ["type", "features", "links", "numberReturned", "timeStamp"],
            [
                "type": ["type": "string", "enum": ["FeatureCollection"]], "features": ["type": "array", "items": feature],
                "links": .schema("links"), "numberMatched": natural, "numberReturned": natural,
                "timeStamp": ["type": "string", "format": "date-time"],
            ])
    }

    // MARK: Tiles

    private static let tiles: [JSONDocument.Member] = [
        .init(name: "tileMatrixSets", value: object(["tileMatrixSets"], ["tileMatrixSets": ["type": "array", "items": object(["id", "links"], ["id": string, "title": string, "uri": string, "crs": string, "links": .schema("links")])], "links": .schema("links")])),
        .init(name: "tileMatrix", value: object(
            ["id", "scaleDenominator", "cellSize", "pointOfOrigin", "tileWidth", "tileHeight", "matrixWidth", "matrixHeight"],
            [
                "id": string, "scaleDenominator": ["type": "number"], "cellSize": ["type": "number"],
                "cornerOfOrigin": ["type": "string", "enum": ["topLeft", "bottomLeft"]], "pointOfOrigin": numbers(2, 2),
                "tileWidth": integer, "tileHeight": integer, "matrixWidth": integer, "matrixHeight": integer,
            ])),
        .init(name: "tileMatrixSet", value: object(["crs", "tileMatrices"], ["id": string, "title": string, "uri": string, "crs": string, "orderedAxes": strings, "tileMatrices": ["type": "array", "minItems": 1, "items": .schema("tileMatrix")]])),
        .init(name: "tileMatrixLimits", value: object(
            ["tileMatrix", "minTileRow", "maxTileRow", "minTileCol", "maxTileCol"],
            ["tileMatrix": string, "minTileRow": natural, "maxTileRow": natural, "minTileCol": natural, "maxTileCol": natural])),
        .init(name: "tileSetItem", value: object(
            ["dataType", "crs", "links"],
            ["title": string, "dataType": ["type": "string", "enum": ["map", "vector"]], "crs": string, "tileMatrixSetId": string, "tileMatrixSetURI": string, "links": .schema("links")])),
        .init(name: "tileSets", value: listing("tilesets", of: "tileSetItem")),
        .init(name: "tileSet", value: object(
            ["dataType", "crs", "links"],
            [
                "title": string, "dataType": ["type": "string", "enum": ["map", "vector"]], "crs": string, "tileMatrixSetId": string,
                "tileMatrixSetURI": string, "tileMatrixSetLimits": ["type": "array", "items": .schema("tileMatrixLimits")],
                "boundingBox": object(["lowerLeft", "upperRight"], ["lowerLeft": numbers(2, 2), "upperRight": numbers(2, 2), "crs": string]),
                "centerPoint": object(["coordinates"], ["coordinates": numbers(2, 2), "tileMatrix": string]),
                "layers": ["type": "array", "items": object(["id", "dataType"], ["id": string, "dataType": string, "title": string])],
                "mediaTypes": strings, "links": .schema("links"),
            ])),
    ]

    // MARK: Styles

    private static let styles: [JSONDocument.Member] = [
        .init(name: "styles", value: object(["styles"], ["default": string, "styles": ["type": "array", "items": object(["id", "links"], ["id": string, "title": string, "description": string, "links": .schema("links")])], "links": .schema("links")])),
        .init(name: "style", value: object(["version", "sources", "layers"], ["version": integer, "name": string, "sources": ["type": "object"], "layers": ["type": "array", "items": ["type": "object"]]])),
        .init(name: "styleMetadata", value: object(["id"], ["id": string, "title": string, "description": string, "scope": string, "version": string, "stylesheets": ["type": "array", "items": ["type": "object"]], "layers": ["type": "array", "items": object(["id"], ["id": string, "type": string])], "links": .schema("links")])),
        .init(name: "legend", value: object(["style", "rows"], ["style": string, "map": string, "rows": ["type": "array", "items": ["type": "object"]]])),
    ]
}
