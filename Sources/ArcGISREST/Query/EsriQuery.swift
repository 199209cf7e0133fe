internal import Foundation
internal import SimpleFeatures
public import Tiling
internal import Wording

/// The parameters of `/{layer}/query`.
public struct EsriQuery: Hashable, Sendable {
    /// What comes back.
    public enum Result: Hashable, Sendable {
        case features
        case count
        case ids
        /// A box around all of them, and their number.
        case extent
        case statistics([Statistic], groupBy: [String])
        /// Features without geometry, each combination of values once.
        case distinct
    }

    public struct Statistic: Hashable, Sendable {
        public enum Kind: String, Hashable, Sendable, CaseIterable {
            case count, sum, min, max, avg, stddev, `var`
        }

        public var kind: Kind
        public var field: String
        /// What the answer calls it.
        public var name: String
    }

    public enum Form: String, Hashable, Sendable {
        case json
        case geoJSON = "geojson"
        case pbf
    }

    /// How features lie to the geometry.
    public enum Relation: String, Hashable, Sendable, CaseIterable {
        case intersects = "esriSpatialRelIntersects"
        case contains = "esriSpatialRelContains"
        case crosses = "esriSpatialRelCrosses"
        case envelopeIntersects = "esriSpatialRelEnvelopeIntersects"
        case indexIntersects = "esriSpatialRelIndexIntersects"
        case overlaps = "esriSpatialRelOverlaps"
        case touches = "esriSpatialRelTouches"
        case within = "esriSpatialRelWithin"
    }

    /// SQL; `nil` for all features.
    public var condition: String?
    public var ids: [Int64]?
    public var geometry: EsriGeometry?
    public var relation = Relation.intersects
    /// Metres around the geometry that count as there.
    public var distance: Double?
    /// Fields wanted; `nil` for all.
    public var fields: [String]?
    public var returnsGeometry = true
    /// `nil` for the layer's own.
    public var outCRS: CRSIdentifier?
    /// Field and whether it ascends.
    public var order: [(field: String, ascends: Bool)] {
        zip(orderFields, orderAscends).map { ($0, $1) }
    }
    private var orderFields: [String] = []
    private var orderAscends: [Bool] = []
    public var offset = 0
    /// `nil` for the service's most.
    public var count: Int?
    public var decimals: Int?
    /// The grid that positions are wanted on.
    public var quantisation: EsriQuantisation?
    /// How far lines may stray when positions are left out, in units of the answer's CRS.
    public var maximumOffset: Double?
    /// Whether the answer is one tile of a client that covers its view with them.
    public var isTile = false
    /// Whether what there is room for is given where there is not room for all.
    public var givesPart = true
    public var result = Result.features
    public var form = Form.json

    private static let idLimit = 9_000
    private static let longestDistance = 1_000_000.0
    private static let offsets = 0...1e8

    /// - Throws: for the first parameter that cannot be honoured; those that are not known are passed over, as ArcGIS does.
    public init(_ parameter: (String) -> String?) throws(EsriError) {
        func text(_ name: String) -> String? { parameter(name).flatMap { $0.isEmpty ? nil : $0 } }
        condition = text("where").flatMap { Self.isEverything($0) ? nil : $0 }
        if let list = text("objectIds") { ids = try Self.ids(list) }
        try readPlace(text)
        if let list = text("outFields"), list.filter({ $0 != " " }) != "*" { fields = Self.names(list) }
        returnsGeometry = try Self.flag("returnGeometry", text("returnGeometry")) ?? true
        if let reference = text("outSR") { outCRS = try Self.crs(reference, "outSR") }
        try readOrder(text("orderByFields"))
        offset = try Self.number("resultOffset", text("resultOffset"), 0...Int(Int32.max)) ?? 0
        count = try Self.number("resultRecordCount", text("resultRecordCount"), 0...Int(Int32.max))
        decimals = try Self.number("geometryPrecision", text("geometryPrecision"), 0...15).map { min($0, 9) }
        try readShape(text)
        try readResult(text)
        if let name = text("f") {
            guard let form = name == "pjson" ? .json : Form(rawValue: name.lowercased()) else {
                throw .parameter("f", name, expected: .init(zh: "json、pjson、geojson 或 pbf", en: "json, pjson, geojson or pbf"))
            }
            self.form = form
        }
    }

    /// `1=1` is how clients say that they want everything.
    private static func isEverything(_ condition: String) -> Bool {
        condition.filter { $0 != " " } == "1=1"
    }

    private mutating func readPlace(_ text: (String) -> String?) throws(EsriError) {
        if let name = text("spatialRel") {
            guard let relation = Relation(rawValue: name) else {
                let known = Relation.allCases.map(\.rawValue).joined(separator: ", ")
                throw .parameter("spatialRel", name, expected: .init(zh: "\(known) 之一", en: "one of \(known)"))
            }
            self.relation = relation
        }
        guard let place = text("geometry") else { return }
        var geometry = try EsriGeometry(place, type: text("geometryType"))
        if geometry.crs == nil, let reference = text("inSR") { geometry.crs = try Self.crs(reference, "inSR") }
        self.geometry = geometry
        guard let distance = text("distance") else { return }
        let units = ["esriSRUnit_Meter": 1.0, "esriSRUnit_Kilometer": 1000, "esriSRUnit_Foot": 0.3048, "esriSRUnit_StatuteMile": 1609.344]
        let unit = units[text("units") ?? "esriSRUnit_Meter"]
        guard let number = Double(distance), let unit, (0...Self.longestDistance).contains(number * unit) else {
            throw .parameter("distance", distance, expected: .init(zh: "0 到 1000 千米的距离", en: "a distance of up to 1000 km in units that are known"))
        }
        self.distance = number * unit
    }

    private mutating func readOrder(_ list: String?) throws(EsriError) {
        for item in (list ?? "").split(separator: ",") {
            let words = item.split(separator: " ").map(String.init)
            guard let field = words.first, words.count <= 2, ["ASC", "DESC"].contains((words.count > 1 ? words[1] : "ASC").uppercased()) else {
                throw .parameter("orderByFields", list ?? "", expected: .init(zh: "字段 [ASC|DESC], …", en: "FIELD [ASC|DESC], …"))
            }
            orderFields.append(field)
            orderAscends.append(words.count < 2 || words[1].uppercased() == "ASC")
        }
    }

    private mutating func readShape(_ text: (String) -> String?) throws(EsriError) {
        if let wanted = text("quantizationParameters") { quantisation = try EsriQuantisation(wanted) }
        if let offset = text("maxAllowableOffset") {
            guard let number = Double(offset), Self.offsets.contains(number) else {
                throw .parameter("maxAllowableOffset", offset, expected: .init(zh: "0 至 \(Self.offsets.upperBound) 的数", en: "a number from 0 to \(Self.offsets.upperBound)"))
            }
            maximumOffset = number > 0 ? number : nil
        }
        if let type = text("resultType") {
            guard ["none", "standard", "tile"].contains(type) else {
                throw .parameter("resultType", type, expected: .init(zh: "none、standard 或 tile", en: "none, standard or tile"))
            }
            isTile = type == "tile"
        }
        givesPart = try Self.flag("returnExceededLimitFeatures", text("returnExceededLimitFeatures")) ?? true
    }

    private mutating func readResult(_ text: (String) -> String?) throws(EsriError) {
        if let statistics = text("outStatistics") {
            result = .statistics(try Statistic.list(statistics), groupBy: Self.names(text("groupByFieldsForStatistics") ?? ""))
        } else if try Self.flag("returnCountOnly", text("returnCountOnly")) == true {
            let wantsExtent = try Self.flag("returnExtentOnly", text("returnExtentOnly")) == true
            result = wantsExtent ? .extent : .count
        } else if try Self.flag("returnIdsOnly", text("returnIdsOnly")) == true {
            result = .ids
        } else if try Self.flag("returnExtentOnly", text("returnExtentOnly")) == true {
            result = .extent
        } else if try Self.flag("returnDistinctValues", text("returnDistinctValues")) == true {
            result = .distinct
        }
    }

    private static func ids(_ list: String) throws(EsriError) -> [Int64] {
        let ids = list.split(separator: ",").map { Int64($0.filter { $0 != " " }) }
        guard !ids.contains(nil), ids.count <= idLimit else {
            throw .parameter("objectIds", list, expected: .init(zh: "至多 \(idLimit) 个整数", en: "at most \(idLimit) whole numbers"))
        }
        return ids.compactMap { $0 }
    }

    private static func names(_ list: String) -> [String] {
        list.split(separator: ",").map { $0.trimmingPrefix(" ") }.map { String($0.reversed().drop { $0 == " " }.reversed()) }
    }

    private static func flag(_ name: String, _ text: String?) throws(EsriError) -> Bool? {
        guard let text else { return nil }
        guard let flag = Bool(text.lowercased()) else { throw .parameter(name, text, expected: .init(zh: "true 或 false", en: "true or false")) }
        return flag
    }

    private static func number(_ name: String, _ text: String?, _ range: ClosedRange<Int>) throws(EsriError) -> Int? {
        guard let text else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .parameter(name, text, expected: .init(zh: "\(range.lowerBound) 到 \(range.upperBound) 的整数", en: "a whole number from \(range.lowerBound) to \(range.upperBound)"))
        }
        return number
    }

    /// A number, or JSON with `wkid`.
    public static func crs(_ text: String, _ name: String) throws(EsriError) -> CRSIdentifier {
        let digits = text.contains("{") ? text.firstMatch(of: /"latestWkid"\s*:\s*(\d+)/)?.1 ?? text.firstMatch(of: /"wkid"\s*:\s*(\d+)/)?.1 : Substring(text)
        guard let digits, let wkid = Int(digits), let crs = EsriSpatialReference.crs(wkid: wkid) else {
            throw .parameter(name, text, expected: .init(zh: "4490、4547、3857 之类的坐标系编号", en: "a well-known id such as 4490, 4547 or 3857"))
        }
        return crs
    }
}

extension EsriQuery.Statistic {
    private struct Document: Decodable {
        var statisticType: String
        var onStatisticField: String
        var outStatisticFieldName: String?
    }

    private static let limit = 50

    /// Reads `outStatistics`.
    static func list(_ text: String) throws(EsriError) -> [EsriQuery.Statistic] {
        let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
        let expected = LocalisedText(
            zh: #"[{"statisticType":"count","onStatisticField":"字段"}]，类型为 \#(known)"#,
            en: #"[{"statisticType":"count","onStatisticField":"FIELD"}] with a type of \#(known)"#)
        let documents: [Document]
        do {
            documents = try JSONDecoder().decode([Document].self, from: Data(text.utf8))
        } catch {
            throw .parameter("outStatistics", text, expected: expected)
        }
        guard !documents.isEmpty, documents.count <= limit else { throw .parameter("outStatistics", text, expected: expected) }
        var statistics: [EsriQuery.Statistic] = []
        for document in documents {
            guard let kind = Kind(rawValue: document.statisticType.lowercased()) else { throw .parameter("outStatistics", text, expected: expected) }
            let name = document.outStatisticFieldName ?? "\(kind.rawValue)_\(document.onStatisticField)"
            statistics.append(.init(kind: kind, field: document.onStatisticField, name: name))
        }
        return statistics
    }
}
