package import SimpleFeatures

/// What a diagnostic's key means, in Chinese, for the report.
package enum DiagnosticTitle {
    /// `nil` for a key that is not listed.
    static func chinese(_ key: String) -> String? { titles[key] }

    package static func chinese(_ code: GeoJSONError.Code) -> String { titles[code.rawValue] ?? code.rawValue }

    private static let titles = [
        // Rejections.
        "columns-surplus": "列数多于表头", "coordinate-not-convertible": "坐标无法转换", "coordinate-out-of-range": "坐标超出范围", "coordinate-not-finite": "坐标不是有效数字",
        "feature-too-long": "要素过大", "geometry-damaged": "几何数据损坏", "geometry-irreparable": "几何无法修复",
        "geometry-member-missing": "几何缺少必要成员", "geometry-type-unknown": "几何类型未知", "geometry-type-unsupported": "几何类型不支持",
        "geometry-unexpected": "出现意外的几何", "geometry-kind-wrong": "几何类型与图层不符", "json-syntax": "JSON 语法错误", "line-too-long": "行过长", "nested-too-deeply": "嵌套过深",
        "number-expected": "应为数字", "place-implausible": "位置远离本市", "text-too-long": "文本过长", "text-unprintable": "文本含空字符", "value-withholds": "此值使要素不再公开", "position-too-short": "坐标缺少分量", "quote-unclosed": "引号未闭合",
        "record-deleted": "记录已标记删除", "record-too-long": "记录过长", "shape-damaged": "图形记录损坏", "shape-missing": "缺少图形", "shape-type-unsupported": "图形类型不支持", "text-not-utf8": "文本不是 UTF-8", "too-many-positions": "顶点过多",
        "wkt-syntax": "WKT 语法错误",
        // Repairs.
        "ring-closed": "环未闭合，已闭合", "path-too-short": "线或环过短，已去除", "spike": "尖刺，已去除", "self-intersection": "自相交，已修复",
        "duplicate-ring": "重复的环，已合并", "hole-outside-shell": "洞在外环之外，已改正", "nested-hole": "洞中有洞，已改正",
        "nested-shell": "面重叠嵌套，已合并", "disconnected-interior": "面内部不连通，已拆分", "debris-dropped": "残余点线，已去除",
        "other": "其他，已修复",
        // Notices.
        "abort-failed": "未能清理未完成的写入", "attributes-missing": "缺少属性", "binary-field-dropped": "二进制字段已略去",
        "binary-value-dropped": "二进制值已略去", "columns-missing": "列数少于表头", "crs-concluded": "坐标系由数据推断",
        "dimension-dropped": "高程或测量值已略去", "field-unknown": "图层没有此字段", "geometry-missing": "没有几何", "hole-outside-exterior": "洞不在任何外环内",
        "number-not-finite": "数值无效", "text-escape-replaced": "转义字符已替换", "text-not-in-encoding": "文本与编码不符",
        "value-not-of-kind": "值与字段类型不符",
    ]
}
