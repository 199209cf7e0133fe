public import SimpleFeatures

/// What lies at a place, for people: layer by layer, as text or as a page.
public struct FeatureInfoPage: Hashable, Sendable {
    public struct Layer: Hashable, Sendable {
        public var id: String
        public var title: String
        public var features: [Row]

        public init(id: String, title: String, features: [Row]) {
            self.id = id
            self.title = title
            self.features = features
        }
    }

    public struct Row: Hashable, Sendable {
        public var id: Int64
        /// Titles and values in order.
        public var values: [Value]

        public init(id: Int64, values: [Value]) {
            self.id = id
            self.values = values
        }
    }

    public struct Value: Hashable, Sendable {
        public var title: String
        public var value: PropertyValue

        public init(title: String, value: PropertyValue) {
            self.title = title
            self.value = value
        }

        fileprivate var text: String {
            switch value {
            case .null: ""
            case .boolean(let flag): flag ? "是 true" : "否 false"
            case .integer(let number): String(number)
            case .real(let number): "\(number)"
            case .text(let text): text
            }
        }
    }

    public var layers: [Layer]

    public init(layers: [Layer]) {
        self.layers = layers
    }

    /// UTF-8; control characters of values become blanks, so that a value never looks like a line of its own.
    public func text() -> [UInt8] {
        if layers.isEmpty { return Array("此处没有要素 no features here\n".utf8) }
        var out = ""
        for layer in layers {
            out += "\(layer.title) \(layer.id)\n"
            for feature in layer.features {
                out += "  要素 feature \(feature.id)\n"
                for value in feature.values {
                    let plain = String(value.text.map { $0.isNewline || $0 == "\t" ? " " : $0 })
                    out += "    \(value.title) = \(plain)\n"
                }
            }
        }
        return Array(out.utf8)
    }

    /// One table a layer.
    public func html() -> [UInt8] {
        var out = """
            <!DOCTYPE html>
            <html lang="zh"><head><meta charset="utf-8"><title>点查结果 Feature information</title>
            <style>body{font:14px sans-serif;margin:8px}table{border-collapse:collapse;margin-bottom:12px}th,td{border:1px solid #ccc;padding:2px 6px;text-align:left}caption{font-weight:bold;text-align:left}</style></head><body>

            """
        if layers.isEmpty { out += "<p>此处没有要素 No features here</p>\n" }
        for layer in layers {
            let titles = layer.features.first?.values.map(\.title) ?? []
            out += "<table><caption>\(XMLText.escape(layer.title)) \(XMLText.escape(layer.id))</caption>\n<tr><th>id</th>"
            out += titles.map { "<th>\(XMLText.escape($0))</th>" }.joined() + "</tr>\n"
            for feature in layer.features {
                out += "<tr><td>\(feature.id)</td>" + feature.values.map { "<td>\(XMLText.escape($0.text))</td>" }.joined() + "</tr>\n"
            }
            out += "</table>\n"
        }
        return Array((out + "</body></html>\n").utf8)
    }
}
