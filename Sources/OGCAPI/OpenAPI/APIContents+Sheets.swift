internal import SimpleFeatures
internal import Tiling
internal import Wording

extension APIContents {
    /// What a printer offers.
    public struct Print: Hashable, Sendable {
        /// Sizes, the smallest first.
        public var papers: [String]
        /// Scale denominators.
        public var scales: ClosedRange<Int>
        /// Dots an inch, of pictures.
        public var resolutions: ClosedRange<Int>
        /// Characters of a title.
        public var longestTitle: Int

        public init(papers: [String], scales: ClosedRange<Int>, resolutions: ClosedRange<Int>, longestTitle: Int) {
            self.papers = papers
            self.scales = scales
            self.resolutions = resolutions
            self.longestTitle = longestTitle
        }
    }

    /// Pictures and sheets whose whole description is their address, beside the standards.
    var sheetOperations: [APIOperation] {
        maps.isEmpty ? [] : [staticMap] + (print.map { [sheet($0)] } ?? [])
    }

    private var map: APIParameter { .id("mapId", "地图标识", "The map's id", among: maps) }

    private var staticMap: APIOperation {
        APIOperation(
            .get, "/maps/{mapId}/static/{place}/{size}", id: "getStaticMap", tag: .maps,
            .init(zh: "静态图：地址即全部说明", en: "A static map, described whole by its address"),
            parameters: [map] + StaticMapRequest.description(around: centre), responses: [.picture(StaticMapRequest.mediaTypes)] + APIResponse.problems)
    }

    private func sheet(_ offer: Print) -> APIOperation {
        func whole(_ range: ClosedRange<Int>) -> JSONDocument {
            ["type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound)]
        }
        func choice(_ words: [String]) -> JSONDocument { ["type": "string", "enum": .strings(words), "default": words.first.map { .string($0) }] }
        let parameters = [
            map,
            APIParameter(
                "scale", .init(zh: "比例尺分母；按中心点打印时必有", en: "The scale denominator; must be there with a centre"), schema: whole(offer.scales),
                example: .integer(offer.scales.upperBound)),
            APIParameter("paper", .init(zh: "纸张", en: "The paper"), schema: choice(offer.papers)),
            APIParameter("orientation", .init(zh: "纸张方向", en: "How the paper lies"), schema: choice(["portrait", "landscape"])),
            APIParameter(
                "center", .init(zh: "图幅中心的经度,纬度；与 feature 二者取一", en: "Longitude and latitude of the sheet's middle; either this or feature"),
                schema: ["type": "array", "minItems": 2, "maxItems": 2, "items": ["type": "number", "minimum": -180, "maximum": 180]], isList: true,
                example: centre.map { .numbers([$0.x, $0.y]) }),
            APIParameter(
                "feature", .init(zh: "图幅所示要素，图层:编号", en: "The feature that the sheet shows, LAYER:ID"),
                schema: ["type": "string", "maxLength": 200, "pattern": "^[^:]+:.+$"]),
            APIParameter("format", .init(zh: "矢量 PDF 或图片", en: "PDF with vectors, or a picture"), schema: choice(["pdf", "png"])),
            APIParameter("dpi", .init(zh: "图片的分辨率", en: "Dots an inch of a picture"), schema: whole(offer.resolutions)),
            APIParameter("title", .init(zh: "图名", en: "The title"), schema: ["type": "string", "maxLength": .integer(offer.longestTitle)]),
        ]
        var file = APIResponse.picture(["application/pdf", MediaType.png])
        file.headers = [.init(name: "Content-Disposition", value: ["schema": ["type": "string"]])]
        return APIOperation(
            .get, "/maps/{mapId}/print", id: "printSheet", tag: .maps,
            .init(zh: "打印一幅：同时只印一幅，排队满时答 503", en: "One sheet for the printer; one is printed at a time, and 503 says that enough wait"),
            parameters: parameters, responses: [file] + APIResponse.problems)
    }
}

extension StaticMapRequest {
    static let mediaTypes = ["image/png", "image/jpeg", "image/webp"]

    /// Its parameters as an API's description has them.
    ///
    /// - Parameter centre: of examples.
    static func description(around centre: Coordinate?) -> [APIParameter] {
        let number = #"-?[0-9]{1,3}(\.[0-9]{1,9})?"#
        return [
            APIParameter(
                "place", in: .path, .init(zh: "经度,纬度,级别；西,南,东,北；或 auto", en: "longitude,latitude,level; west,south,east,north; or auto"),
                schema: ["type": "string", "pattern": .string("^(auto|\(number),\(number),\(number)(,\(number))?)$")],
                example: centre.map { .string("\($0.x),\($0.y),15") }),
            APIParameter(
                "size", in: .path,
                .init(zh: "宽x高[@倍率x].格式，每边至多 \(sides.upperBound)", en: "WIDTHxHEIGHT[@RATIOx].FORMAT, at most \(sides.upperBound) a side"),
                schema: ["type": "string", "pattern": #"^[1-9][0-9]{0,3}x[1-9][0-9]{0,3}(@[1-3]x)?\.(png|jpg|jpeg|webp)$"#], example: "600x400.png"),
            APIParameter(
                "marker", .init(zh: "经度,纬度[,标签[,颜色]]，可多个", en: "longitude,latitude[,label[,colour]]; any number"),
                schema: ["type": "array", "maxItems": .integer(mostMarkers), "items": ["type": "string", "maxLength": 100, "pattern": .string("^\(number),\(number)(,.*)?$")]],
                example: centre.map { .strings(["\($0.x),\($0.y),A"]) }),
            APIParameter(
                "path", .init(zh: "[colour:颜色|][width:像素|]经度,纬度|经度,纬度…，可多条", en: "[colour:C|][width:pixels|]longitude,latitude|longitude,latitude…; any number"),
                schema: ["type": "array", "maxItems": 20, "items": ["type": "string", "pattern": .string(#"^(colour:[a-z]+\|)?(width:[0-9]{1,2}\|)?"# + "\(number),\(number)(\\|\(number),\(number)){1,20}$")]]),
            APIParameter(
                "padding", .init(zh: "auto 和范围四周留空的像素", en: "Pixels kept free around auto and boxes"),
                schema: ["type": "integer", "minimum": 0, "maximum": .integer(paddings.upperBound), "default": 0]),
            APIParameter("transparent", .init(zh: "是否透明", en: "Whether nothing is under the map"), schema: ["type": "boolean", "default": false]),
        ]
    }
}
