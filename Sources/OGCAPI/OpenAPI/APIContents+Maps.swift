internal import Tiling
internal import Wording

extension APIContents {
    /// Maps of any place and size (OGC 20-058).
    var mapOperations: [APIOperation] {
        let collection = APIParameter.id("collectionId", "图层标识", "The collection's id", among: collections.map(\.id))
        let style = APIParameter.id("styleId", "样式标识", "The style's id", among: styles)
        return [
            map("/map", "getMap", .init(zh: "标准地图", en: "A map of the dataset"), [collectionsParameter]),
            map("/collections/{collectionId}/map", "getCollectionMap", .init(zh: "一个图层的地图", en: "A map of one collection"), [collection]),
            map("/styles/{styleId}/map", "getStyledMap", .init(zh: "一种样式的地图", en: "A map in one style"), [style, collectionsParameter]),
            map(
                "/collections/{collectionId}/styles/{styleId}/map", "getStyledCollectionMap",
                .init(zh: "一个图层以一种样式绘制的地图", en: "A map of one collection in one style"), [collection, style]),
        ]
    }

    private func map(_ path: String, _ id: String, _ summary: LocalisedText, _ parameters: [APIParameter]) -> APIOperation {
        let names = pictureTypes.compactMap { $0.split(separator: "/").last.map(String.init) }
        var picture = APIResponse.picture(pictureTypes)
        picture.headers = ["Content-Crs", "Content-Bbox"].map { .init(name: $0, value: ["schema": ["type": "string"]]) }
        return APIOperation(
            .get, path, id: id, tag: .maps, summary, parameters: parameters + mapParameters + [.f(names)],
            responses: [picture] + APIResponse.problems)
    }

    var collectionsParameter: APIParameter {
        APIParameter(
            "collections", .init(zh: "图层，自下而上", en: "Collections, from bottom to top"),
            schema: ["type": "array", "items": ["type": "string", "enum": .strings(collections.map(\.id))]], isList: true)
    }

    private var mapParameters: [APIParameter] {
        let numbers: (Int) -> JSONDocument = { ["type": "array", "minItems": .integer($0), "maxItems": .integer($0), "items": ["type": "number"]] }
        let side: JSONDocument = ["type": "integer", "minimum": 1, "maximum": .integer(longestMapSide)]
        return [
            APIParameter("bbox", .init(zh: "范围", en: "A box"), schema: numbers(4), isList: true), crs("bbox-crs", "bbox 的坐标系", "The CRS of bbox"),
            APIParameter("center", .init(zh: "中心，不与 bbox 同用", en: "A centre, without bbox"), schema: numbers(2), isList: true),
            crs("center-crs", "center 的坐标系", "The CRS of center"), crs("crs", "地图的坐标系", "The CRS of the map"),
            APIParameter("width", .init(zh: "宽，像素", en: "Pixels across"), schema: side),
            APIParameter("height", .init(zh: "高，像素", en: "Pixels up"), schema: side),
            APIParameter(
                "scale-denominator", .init(zh: "比例尺分母", en: "The scale denominator"),
                schema: ["type": "number", "minimum": 1, "maximum": 1_000_000_000]),
            APIParameter(
                "mm-per-pixel", .init(zh: "像素大小，毫米", en: "Millimetres a pixel"),
                schema: ["type": "number", "minimum": 0.01, "maximum": 10, "default": 0.28]),
            APIParameter("transparent", .init(zh: "是否透明", en: "Whether nothing is under the map"), schema: ["type": "boolean"]),
            APIParameter("bgcolor", .init(zh: "底色：颜色名或 0xRRGGBB", en: "The ground's colour: a name or 0xRRGGBB"), schema: ["type": "string"]),
            APIParameter("datetime", .init(zh: "时刻：当时的地图", en: "An instant: the map as it was then"), schema: ["type": "string"]),
        ]
    }

    private func crs(_ name: String, _ zh: String, _ en: String) -> APIParameter {
        APIParameter(name, .init(zh: zh, en: en), schema: ["type": "string", "format": "uri", "enum": .strings(mapCRS.map(\.uri))])
    }
}
