internal import Tiling
internal import Wording

extension APIContents {
    var styleOperations: [APIOperation] {
        let style = APIParameter.id("styleId", "样式标识", "The style's id", among: styles)
        let sheet = APIResponse(
            200, .init(zh: "成功", en: "Success"),
            content: [MediaType.mapLibreStyle, MediaType.json].map { .init($0, .schema("style")) } + [APIResponse.html])
        let legend: [APIParameter] = [
            style,
            APIParameter("level", .init(zh: "只列此级别所见", en: "Only what is seen at this level"), schema: ["type": "integer", "minimum": 1, "maximum": 20]),
            APIParameter("lang", .init(zh: "只用一种语言", en: "One language only"), schema: ["type": "string", "enum": ["zh", "en"]]),
        ]
        let json = APIResponse(200, .init(zh: "成功", en: "Success"), content: [.init(MediaType.json, .schema("legend"))])
        return [
            document("/styles", "getStyles", .styles, "styles", .init(zh: "样式", en: "The styles")),
            APIOperation(
                .get, "/styles/{styleId}", id: "getStyle", tag: .styles, .init(zh: "样式文档", en: "A style"),
                parameters: [style, .f(["mapbox", "json", "html"])], responses: [sheet] + APIResponse.problems),
            document("/styles/{styleId}/metadata", "getStyleMetadata", .styles, "styleMetadata", .init(zh: "样式元数据", en: "What a style is"), [style]),
            APIOperation(
                .get, "/styles/{styleId}/legend.png", id: "getLegendPicture", tag: .styles, .init(zh: "图例图片", en: "The legend as a picture"),
                parameters: legend, responses: [.picture([MediaType.png])] + APIResponse.problems),
            APIOperation(
                .get, "/styles/{styleId}/legend.json", id: "getLegend", tag: .styles, .init(zh: "图例", en: "The legend"),
                parameters: legend, responses: [json] + APIResponse.problems),
        ]
    }
}
