internal import SimpleFeatures
internal import Tiling
internal import Wording

extension ItemsQuery {
    /// Parameters that are not property filters; credentials that proxies and Tianditu's clients append are passed over.
    private static let known: Set<String> = [
        "bbox", "bbox-crs", "limit", "offset", "crs", "datetime", "center", "lon", "lat", "radius", "f", "filter",
        "filter-lang", "filter-crs", "sortby",
    ]
    private static let ignored: Set<String> = ["tk", "token", "access_token"]

    /// Reads the parameters of `/collections/{collection}/items`.
    ///
    /// - Throws: for the first parameter that cannot be honoured; an unknown parameter is one
    ///   (OGC 17-069r4 requirement 8).
    public init(_ parameters: QueryParameters, offer: Offer) throws(ParameterError) {
        self.init(limit: offer.defaultLimit)
        filters = try Self.filters(parameters, offer)
        filter = try Filter(parameters, offer)
        if let text = try parameters.value("sortby") { order = try SortTerm.terms(text, offer) }
        if let text = try parameters.value("limit") {
            limit = min(try Self.wholeNumber("limit", text, from: 1), offer.maximumLimit)
        }
        if let text = try parameters.value("offset") { offset = try Self.wholeNumber("offset", text, from: 0) }
        if let text = try parameters.value("crs") { crs = try Self.crs("crs", text, offer) }
        if let text = try parameters.value("bbox-crs") { boxCRS = try Self.crs("bbox-crs", text, offer) }
        if let text = try parameters.value("bbox") { boxes = try Self.boxes(text, crs: boxCRS) }
        circle = try Self.circle(parameters)
        if let text = try parameters.value("datetime") {
            datetime = try DateTimeRange(text)
        }
        if let text = try parameters.value("f") { format = try Self.format(text) }
    }

    private static func filters(_ parameters: QueryParameters, _ offer: Offer) throws(ParameterError) -> [PropertyFilter] {
        var filters: [PropertyFilter] = []
        for item in parameters.items where !known.contains(item.name) && !ignored.contains(item.name) {
            guard offer.properties.contains(item.name) else {
                let names = (known.sorted() + offer.properties).joined(separator: ", ")
                throw ParameterError(.unknown, name: item.name, value: item.value, expected: .init(zh: "下列之一：\(names)", en: "one of \(names)"))
            }
            filters.append(PropertyFilter(name: item.name, value: item.value))
        }
        return filters
    }

    private static func wholeNumber(_ name: String, _ text: String, from least: Int) throws(ParameterError) -> Int {
        guard let number = Int(text), number >= least, number <= Int(Int32.max) else {
            throw ParameterError(.invalid, name: name, value: text, expected: .wholeNumber(from: least))
        }
        return number
    }

    static func crs(_ name: String, _ text: String, _ offer: Offer) throws(ParameterError) -> CRSIdentifier {
        guard let crs = CRSIdentifier(text), crs == .crs84 || offer.crs.contains(crs) else {
            let names = ([.crs84] + offer.crs.filter { $0 != .crs84 }).map(\.uri).joined(separator: ", ")
            throw ParameterError(.invalid, name: name, value: text, expected: .init(zh: "下列之一：\(names)", en: "one of \(names)"))
        }
        return crs
    }

    private static func numbers(_ text: String) -> [Double]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { Double($0.trimmingBlanks) }
        return numbers.count == parts.count && numbers.allSatisfy(\.isFinite) ? numbers : nil
    }

    /// Heights of a box of six numbers are dropped: features have none.
    private static func boxes(_ text: String, crs: CRSIdentifier) throws(ParameterError) -> [Envelope] {
        let expected = LocalisedText.box(isNorthFirst: crs.isNorthFirst == true)
        guard let n = numbers(text), n.count == 4 || n.count == 6 else {
            throw ParameterError(.invalid, name: "bbox", value: text, expected: expected)
        }
        let low = (n[0], n[1])
        let high = n.count == 4 ? (n[2], n[3]) : (n[3], n[4])
        let box =
            crs.isNorthFirst == true
            ? Envelope(minX: low.1, minY: low.0, maxX: high.1, maxY: high.0)
            : Envelope(minX: low.0, minY: low.1, maxX: high.0, maxY: high.1)
        guard box.minY <= box.maxY else {
            throw ParameterError(
                .invalid, name: "bbox", value: text,
                expected: expected.adding(zh: "，而此处南界高于北界", en: "; its south is above its north"))
        }
        if box.minX <= box.maxX { return [box] }
        guard crs.isGeographic == true else {
            throw ParameterError(
                .invalid, name: "bbox", value: text,
                expected: expected.adding(zh: "，而此处西界在东界以东", en: "; its west is right of its east"))
        }
        return [
            Envelope(minX: box.minX, minY: box.minY, maxX: 180, maxY: box.maxY),
            Envelope(minX: -180, minY: box.minY, maxX: box.maxX, maxY: box.maxY),
        ]
    }

    /// `center=lon,lat` or `lon=` and `lat=`, with `radius` in metres.
    private static func circle(_ parameters: QueryParameters) throws(ParameterError) -> Circle? {
        let radius = try parameters.value("radius")
        let centre = try centre(parameters)
        guard let radius else {
            if centre != nil { throw ParameterError(.missing, name: "radius", expected: .init(zh: "以米为单位的距离，因为给了中心点", en: "a distance in metres, because a centre is given")) }
            return nil
        }
        guard let metres = Double(radius), metres.isFinite, metres >= 0, metres <= 1_000_000 else {
            throw ParameterError(.invalid, name: "radius", value: radius, expected: .init(zh: "0 至 1000000 米的距离", en: "a distance in metres from 0 to 1000000"))
        }
        guard let centre else { throw ParameterError(.missing, name: "center", expected: .init(zh: "“经度,纬度”，因为给了半径", en: "longitude,latitude, because a radius is given")) }
        return Circle(centre: centre, radiusInMetres: metres)
    }

    private static func centre(_ parameters: QueryParameters) throws(ParameterError) -> Coordinate? {
        var text = try parameters.value("center")
        if text == nil {
            let longitude = try parameters.value("lon")
            let latitude = try parameters.value("lat")
            switch (longitude, latitude) {
            case (nil, nil): return nil
            case (nil, _): throw ParameterError(.missing, name: "lon", expected: .init(zh: "经度，因为给了 lat", en: "a longitude, because lat is given"))
            case (_, nil): throw ParameterError(.missing, name: "lat", expected: .init(zh: "纬度，因为给了 lon", en: "a latitude, because lon is given"))
            case (let longitude?, let latitude?): text = "\(longitude),\(latitude)"
            }
        }
        guard let text else { return nil }
        guard let n = numbers(text), n.count == 2, abs(n[0]) <= 180, abs(n[1]) <= 90 else {
            throw ParameterError(.invalid, name: "center", value: text, expected: .init(zh: "以度为单位的“经度,纬度”", en: "longitude,latitude in degrees"))
        }
        return Coordinate(x: n[0], y: n[1])
    }

    private static func format(_ text: String) throws(ParameterError) -> Format {
        // A plus sign that was not escaped has become a blank.
        switch text.lowercased().replacingBlanks(with: "+") {
        case "json", "geojson", MediaType.geoJSON, MediaType.json: return .geoJSON
        case "html", MediaType.html: return .html
        default: throw ParameterError(.invalid, name: "f", value: text, expected: .init(zh: "json 或 html", en: "json or html"))
        }
    }
}

extension LocalisedText {
    fileprivate static func box(isNorthFirst: Bool) -> LocalisedText {
        isNorthFirst
            ? LocalisedText(
                zh: "四个数：最小纬度或北坐标、最小经度或东坐标，然后是最大者",
                en: "four numbers: lowest latitude or northing, lowest longitude or easting, then the highest")
            : LocalisedText(zh: "四个数：西、南、东、北", en: "four numbers: west, south, east, north")
    }

    fileprivate func adding(zh more: String, en moreEnglish: String) -> LocalisedText {
        LocalisedText(zh: zh + more, en: en + moreEnglish)
    }
}

extension Substring {
    var trimmingBlanks: Substring {
        var text = self
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return text
    }
}

extension String {
    fileprivate func replacingBlanks(with character: Character) -> String {
        String(map { $0 == " " ? character : $0 })
    }
}
