public import Tiling

extension JSONDocument {
    /// The document as people read it: members as rows with Chinese names beside the standard's, links as links, lists of
    /// alike objects as tables.
    public var html: [HTMLNode] {
        switch self {
        case .null: [.text("–")]
        case .boolean(let value): [.text(value ? "是 true" : "否 false")]
        case .integer(let value): [.text(String(value))]
        case .number(let value): [.text("\(value)")]
        case .string(let value): [.link(value, value)]
        case .array(let values): Self.list(values)
        case .object(let members): isLink ? link : [Self.rows(members)]
        }
    }

    private static func rows(_ members: [Member]) -> HTMLNode {
        .element("table", [], members.map { member in
            .element("tr", [], [
                .element("th", [.init("scope", "row")], MemberTitles.heading(member.name)), .element("td", [], member.value.html),
            ])
        })
    }

    private static func list(_ values: [JSONDocument]) -> [HTMLNode] {
        if values.isEmpty { return [.text("–")] }
        if values.allSatisfy(\.isPlain) {
            if values.allSatisfy(\.isNumeric) { return [.text(values.map(\.plainText).joined(separator: ", "))] }
            return values.flatMap { $0.html + [.element("br", [], [])] }
        }
        if values.allSatisfy(\.isLink) { return [.element("ul", [], values.map { .element("li", [], $0.html) })] }
        if let columns = columns(of: values) { return [table(values, columns)] }
        return values.flatMap { $0.html }
    }

    /// The names that rows of a table have in common order; `nil` where a table would not be one.
    private static func columns(of values: [JSONDocument]) -> [String]? {
        var names: [String] = []
        for value in values {
            guard case .object(let members) = value else { return nil }
            for member in members where !names.contains(member.name) { names.append(member.name) }
        }
        return names.count <= widestTable ? names : nil
    }

    private static let widestTable = 8

    private static func table(_ values: [JSONDocument], _ columns: [String]) -> HTMLNode {
        let head = columns.map { HTMLNode.element("th", [.init("scope", "col")], MemberTitles.heading($0)) }
        let rows = values.map { value in
            HTMLNode.element("tr", [], columns.map { .element("td", [], value[$0].map(\.html) ?? []) })
        }
        return .element("div", [.init("class", "wide")], [.element("table", [], [.element("tr", [], head)] + rows)])
    }

    private var isLink: Bool { self["href"] != nil && self["rel"] != nil }

    private var link: [HTMLNode] {
        guard case .string(let address)? = self["href"], case .string(let relation)? = self["rel"] else { return [] }
        var title = relation.split(separator: "/").last.map(String.init) ?? relation
        if case .string(let stated)? = self["title"] { title = stated }
        var type = ""
        if case .string(let stated)? = self["type"] { type = " \(stated)" }
        if self["templated"] == .boolean(true) { return [.text("\(title): "), .element("code", text: address)] }
        return [.link(address, title), .element("span", [.init("class", "en")], text: type)]
    }

    private var isPlain: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }

    private var isNumeric: Bool {
        switch self {
        case .integer, .number, .null: true
        default: false
        }
    }

    /// A plain value as a table's cell shows it.
    public var plainText: String {
        switch self {
        case .null: ""
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .number(let value): "\(value)"
        case .string(let value): value
        case .array, .object: String(decoding: bytes(), as: UTF8.self)
        }
    }
}

/// What people call the members of the documents.
enum MemberTitles {
    static func heading(_ name: String) -> [HTMLNode] {
        guard let title = titles[name] else { return [.text(name)] }
        return [.text(title + " "), .element("span", [.init("class", "en")], text: name)]
    }

    private static let titles = [
        "access": "开放级别", "attribution": "来源", "bbox": "范围", "boundingBox": "范围", "cellSize": "像元大小", "centerPoint": "中心",
        "collections": "图层", "conformsTo": "符合的类", "cornerOfOrigin": "原点角", "crs": "坐标系", "dataType": "数据类型", "default": "默认",
        "description": "说明", "extent": "范围", "featureCount": "要素数", "fields": "字段", "format": "格式", "geometry": "几何",
        "group": "分组", "id": "标识", "importedAt": "导入时间", "info": "概况", "interval": "时段", "itemType": "内容类型", "kind": "类型",
        "layers": "图层", "levels": "级别", "links": "链接", "matrixHeight": "行数", "matrixWidth": "列数", "maxTileCol": "最大列",
        "maxTileRow": "最大行", "minTileCol": "最小列", "minTileRow": "最小行", "name": "名称", "nameField": "名称字段", "order": "次序",
        "orderedAxes": "轴次序", "paths": "路径", "pointOfOrigin": "原点", "properties": "属性", "scaleDenominator": "比例尺分母",
        "spatial": "空间", "state": "状态", "storageCrs": "存储坐标系", "styles": "样式", "temporal": "时间", "tileHeight": "瓦片高",
        "tileMatrices": "瓦片矩阵", "tileMatrix": "瓦片矩阵", "tileMatrixSetId": "矩阵集", "tileMatrixSetLimits": "瓦片范围",
        "tileMatrixSets": "瓦片矩阵集", "tileMatrixSetURI": "矩阵集定义", "tilesets": "瓦片集", "tileWidth": "瓦片宽", "title": "名称",
        "titleEn": "英文名称", "type": "类型", "uri": "定义", "version": "版本", "wellKnownScaleSet": "公认比例尺集",
    ]
}
