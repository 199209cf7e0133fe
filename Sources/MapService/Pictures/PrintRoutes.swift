import FeatureStore
import HTTPTypes
import Hummingbird
import OGCAPI
import SimpleFeatures
import TileCache
import TileProduction
import Wording

/// Sheets for the printer: `/maps/{map}/print?scale=2000&paper=A3&center=113.75,23.02&format=pdf`.
struct PrintRoutes {
    let prints: PrintService

    func add(to router: Router<ServiceRequestContext>) {
        router.get("/maps/{map}/print") { request, context in
            let map = PercentEncoding.decode(try context.parameters.require("map")) ?? ""
            let query = try PrintQuery(try request.parameters(), map: map)
            let file = try await prints.sheet(query.order, as: query.format)
            var response = Response.tagged(file.body, type: file.mediaType, for: request)
            response.headers[.contentDisposition] = "inline; filename=\"\(query.fileName)\""
            return response
        }
    }
}

/// What a request wants printed.
struct PrintQuery {
    let order: SheetOrder
    let format: PrintFormat

    /// Pixels of the largest PNG: A2 at 200 dpi, and a little more. A PDF has none and may be as large as paper is.
    static let pixelLimit = 20_000_000.0
    private static let usualResolution = 150
    private static let known = ["scale", "paper", "orientation", "center", "feature", "format", "dpi", "title"]

    /// - Throws: for a parameter that is not known, missing, or has another value than those offered.
    init(_ parameters: QueryParameters, map: String) throws(ParameterError) {
        for item in parameters.items where !Self.known.contains(item.name) && !["tk", "token", "access_token"].contains(item.name) {
            throw ParameterError(.unknown, name: item.name, value: item.value, expected: Self.list(Self.known))
        }
        let paper = try Self.choice("paper", parameters, Paper.allCases.map { ($0.rawValue, $0) }) ?? .a4
        let isLandscape = try Self.choice("orientation", parameters, [("portrait", false), ("landscape", true)]) ?? false
        let scale = try Self.number("scale", parameters, SheetOrder.denominators)
        let place = try Self.place(parameters)
        if scale == nil, case .centre = place { throw ParameterError(.missing, name: "scale", expected: Self.range(SheetOrder.denominators)) }
        order = SheetOrder(
            map: map, paper: paper, isLandscape: isLandscape, denominator: scale, place: place, title: try Self.text("title", parameters))
        let dpi = try Self.number("dpi", parameters, PrintFormat.resolutions) ?? Self.usualResolution
        format = try Self.choice("format", parameters, [("pdf", .pdf), ("png", .png(dotsPerInch: dpi))]) ?? .pdf
        let pixels = paper.shortSide * paper.longSide * Double(dpi * dpi) / (25.4 * 25.4)
        if format != .pdf, pixels > Self.pixelLimit {
            throw ParameterError(
                .invalid, name: "dpi", value: String(dpi),
                expected: .init(
                    zh: "\(paper.rawValue) 上像素总数不超过 \(Int(Self.pixelLimit)) 的分辨率，或用 format=pdf",
                    en: "a resolution that makes at most \(Int(Self.pixelLimit)) pixels of \(paper.rawValue), or format=pdf"))
        }
    }

    /// ASCII, whatever the map is called.
    var fileName: String {
        let map = String(order.map.unicodeScalars.map { $0.isASCII && $0.properties.isAlphabetic || $0 == "-" ? Character($0) : "_" })
        return "\(map)-\(order.paper.rawValue).\(format == .pdf ? "pdf" : "png")"
    }

    private static func place(_ parameters: QueryParameters) throws(ParameterError) -> SheetOrder.Place {
        let (centre, feature) = (try parameters.value("center"), try parameters.value("feature"))
        if let feature {
            guard centre == nil else {
                throw ParameterError(.invalid, name: "center", value: centre, expected: .init(zh: "center 与 feature 只取其一", en: "either center or feature"))
            }
            guard let name = SheetOrder.FeatureName(feature) else {
                throw ParameterError(.invalid, name: "feature", value: feature, expected: .init(zh: "图层:编号", en: "LAYER:ID"))
            }
            return .feature(name)
        }
        guard let centre else { throw ParameterError(.missing, name: "center", expected: .init(zh: "经度,纬度；或 feature", en: "longitude,latitude; or a feature")) }
        let numbers = centre.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
        guard numbers.count == 2, (-180...180).contains(numbers[0]), (-90...90).contains(numbers[1]) else {
            throw ParameterError(.invalid, name: "center", value: centre, expected: .init(zh: "经度,纬度", en: "longitude,latitude"))
        }
        return .centre(Coordinate(x: numbers[0], y: numbers[1]))
    }

    private static func range(_ range: ClosedRange<Int>) -> LocalisedText {
        LocalisedText(zh: "\(range.lowerBound) 到 \(range.upperBound) 的整数", en: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }

    private static func list(_ words: [String]) -> LocalisedText {
        let list = words.joined(separator: ", ")
        return LocalisedText(zh: list, en: list)
    }

    private static func number(_ name: String, _ parameters: QueryParameters, _ range: ClosedRange<Int>) throws(ParameterError) -> Int? {
        guard let text = try parameters.value(name) else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw ParameterError(.invalid, name: name, value: text, expected: Self.range(range))
        }
        return number
    }

    private static func choice<Value>(_ name: String, _ parameters: QueryParameters, _ values: [(String, Value)]) throws(ParameterError) -> Value? {
        guard let text = try parameters.value(name) else { return nil }
        guard let found = values.first(where: { $0.0 == text || $0.0.lowercased() == text.lowercased() }) else {
            throw ParameterError(.invalid, name: name, value: text, expected: Self.list(values.map(\.0)))
        }
        return found.1
    }

    private static func text(_ name: String, _ parameters: QueryParameters) throws(ParameterError) -> String? {
        guard let text = try parameters.value(name), !text.isEmpty else { return nil }
        guard text.count <= SheetOrder.textLimit, text.unicodeScalars.allSatisfy({ $0.value >= 32 && $0.value != 127 }) else {
            throw ParameterError(
                .invalid, name: name, value: String(text.prefix(SheetOrder.textLimit)),
                expected: .init(zh: "至多 \(SheetOrder.textLimit) 字，不含控制字符", en: "at most \(SheetOrder.textLimit) characters, none of them a control character"))
        }
        return text
    }
}
