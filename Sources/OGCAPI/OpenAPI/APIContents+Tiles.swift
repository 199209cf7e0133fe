internal import Tiling
internal import Wording

extension APIContents {
    var tileOperations: [APIOperation] {
        [
            document("/tileMatrixSets", "getTileMatrixSetsList", .tiles, "tileMatrixSets", .init(zh: "瓦片矩阵集", en: "The tile matrix sets")),
            document(
                "/tileMatrixSets/{tileMatrixSetId}", "getTileMatrixSet", .tiles, "tileMatrixSet",
                .init(zh: "一个瓦片矩阵集", en: "One tile matrix set"), [matrixSet]),
        ] + tilesets("", "dataset", .init(zh: "标准地图的", en: "of the whole dataset"), [collectionsParameter])
            + tilesets(
                "/collections/{collectionId}", "collection", .init(zh: "一个图层的", en: "of one collection"),
                [.id("collectionId", "图层标识", "The collection's id", among: collections.map(\.id))])
            + pictures(
                "/styles/{styleId}", "dataset.style", .init(zh: "一种样式的", en: "in one style"),
                [.id("styleId", "样式标识", "The style's id", among: styles), collectionsParameter])
    }

    /// Vector tiles and pictures under one path.
    private func tilesets(_ path: String, _ id: String, _ what: LocalisedText, _ parameters: [APIParameter]) -> [APIOperation] {
        tilesets(
            path + "/tiles", id + ".vector", .init(zh: what.zh + "矢量瓦片", en: "Vector tiles " + what.en), parameters,
            names: ["mvt"], responses: [.picture([MediaType.vectorTile]), .noContent])
            + pictures(path, id, what, parameters)
    }

    private func pictures(_ path: String, _ id: String, _ what: LocalisedText, _ parameters: [APIParameter]) -> [APIOperation] {
        tilesets(
            path + "/map/tiles", id + ".map", .init(zh: what.zh + "地图瓦片", en: "Map tiles " + what.en), parameters,
            names: pictureTypes.compactMap { $0.split(separator: "/").last.map(String.init) }, responses: [.picture(pictureTypes)])
    }

    /// Operations end in the ids by which clients find them (OGC 20-057 /req/oas30/operation-id).
    private func tilesets(
        _ path: String, _ id: String, _ what: LocalisedText, _ parameters: [APIParameter], names: [String], responses: [APIResponse]
    ) -> [APIOperation] {
        [
            document(path, "tiles.\(id).getTileSetsList", .tiles, "tileSets", .init(zh: what.zh + "：瓦片集", en: what.en + ": tilesets"), parameters),
            document(
                path + "/{tileMatrixSetId}", "tiles.\(id).getTileSet", .tiles, "tileSet", .init(zh: what.zh + "：元数据", en: what.en + ": metadata"),
                parameters + [matrixSet]),
            APIOperation(
                .get, path + "/{tileMatrixSetId}/{tileMatrix}/{tileRow}/{tileCol}", id: "tiles.\(id).getTile", tag: .tiles,
                .init(zh: what.zh + "：一片", en: what.en + ": one tile"), parameters: parameters + [matrixSet] + Self.place + [.f(names)],
                responses: responses + APIResponse.problems),
        ]
    }

    private var matrixSet: APIParameter { .id("tileMatrixSetId", "瓦片矩阵集标识", "The tile matrix set's id", among: matrixSets) }

    private static let place: [APIParameter] = [
        APIParameter("tileMatrix", in: .path, .init(zh: "级别", en: "The tile matrix"), schema: ["type": "string", "pattern": "^[0-9]{1,2}$"]),
        APIParameter("tileRow", in: .path, .init(zh: "行号，自上而下", en: "The row, from the top"), schema: ["type": "integer", "minimum": 0]),
        APIParameter("tileCol", in: .path, .init(zh: "列号，自西向东", en: "The column, from the west"), schema: ["type": "integer", "minimum": 0]),
    ]
}
