public import SimpleFeatures
public import Tiling
internal import Wording

/// The parameters of a map resource (OGC 20-058): which place, how large, in which CRS, on what ground.
public struct MapQuery: Hashable, Sendable {
    /// What is shown, in a CRS of its own, east first.
    public enum Place: Hashable, Sendable {
        case box(Envelope, CRSIdentifier)
        case centre(Coordinate, CRSIdentifier)
    }

    /// `nil` for all that there is.
    public var place: Place?
    /// Of the picture; `nil` for the service's choice.
    public var crs: CRSIdentifier?
    /// Pixels.
    public var width: Int?
    public var height: Int?
    public var scaleDenominator: Double?
    /// The size of a pixel where the picture is shown.
    public var millimetresPerPixel = StandardGrid.renderingPixelSizeInMetres * 1000
    /// `nil` where the format decides.
    public var isTransparent: Bool?
    /// As it came: a name or hexadecimal digits.
    public var background: String?
    public var datetime: String?
    /// Layers by id, from bottom to top; empty for the resource's own.
    public var collections: [String] = []
    /// `nil` leaves the choice to content negotiation.
    public var format: WMSPictureFormat?

    private static let known: Set<String> = [
        "bbox", "bbox-crs", "center", "center-crs", "crs", "width", "height", "scale-denominator", "mm-per-pixel", "transparent",
        "bgcolor", "datetime", "collections", "f",
    ]
    private static let ignored: Set<String> = ["tk", "token", "access_token"]
    private static let scales = 1.0...1e9
    private static let pixelSizes = 0.01...10.0

    /// - Parameters:
    ///   - offered: CRSs of pictures; boxes and centres may be in them too.
    ///   - sideLimit: pixels.
    /// - Throws: for the first parameter that cannot be honoured, and for one that is not known.
    public init(_ parameters: QueryParameters, offered: [CRSIdentifier], sideLimit: Int) throws(ParameterError) {
        for item in parameters.items where !Self.known.contains(item.name) && !Self.ignored.contains(item.name) {
            let names = Self.known.sorted().joined(separator: ", ")
            throw ParameterError(.unknown, name: item.name, value: item.value, expected: .init(zh: "下列之一：\(names)", en: "one of \(names)"))
        }
        place = try Self.place(parameters, offered)
        crs = try Self.crs("crs", parameters, offered)
        width = try Self.side("width", parameters, sideLimit)
        height = try Self.side("height", parameters, sideLimit)
        scaleDenominator = try Self.number("scale-denominator", parameters, Self.scales)
        if let size = try Self.number("mm-per-pixel", parameters, Self.pixelSizes) { millimetresPerPixel = size }
        isTransparent = try Self.flag("transparent", parameters)
        background = try parameters.value("bgcolor")
        datetime = try parameters.value("datetime")
        collections = try Self.collections(parameters)
        format = try Self.format(parameters)
        if case .box? = place, let scaleDenominator, width != nil || height != nil {
            throw ParameterError(
                .invalid, name: "scale-denominator", value: "\(scaleDenominator)",
                expected: .init(zh: "有 bbox 时与 width、height 二者择一", en: "either it or width and height beside a bbox"))
        }
    }

    private static let mostCollections = 64

    private static func collections(_ parameters: QueryParameters) throws(ParameterError) -> [String] {
        guard let text = try parameters.value("collections") else { return [] }
        let names = text.split(separator: ",").map(String.init)
        guard names.count <= mostCollections else {
            throw ParameterError(
                .invalid, name: "collections", value: text, expected: .init(zh: "至多 \(mostCollections) 个图层", en: "at most \(mostCollections) layers"))
        }
        return names
    }

    private static func place(_ parameters: QueryParameters, _ offered: [CRSIdentifier]) throws(ParameterError) -> Place? {
        if let text = try parameters.value("bbox") {
            guard try parameters.value("center") == nil else {
                throw ParameterError(.invalid, name: "center", value: text, expected: .init(zh: "bbox 与 center 二者择一", en: "either bbox or center"))
            }
            let crs = try Self.crs("bbox-crs", parameters, offered) ?? .crs84
            let isNorthFirst = crs.isNorthFirst == true
            let expected = LocalisedText(
                zh: isNorthFirst ? "最小北,最小东,最大北,最大东" : "最小东,最小北,最大东,最大北",
                en: isNorthFirst ? "min north, min east, max north, max east" : "min east, min north, max east, max north")
            guard let n = numbers(text), n.count == 4, n[0] < n[2], n[1] < n[3] else {
                throw ParameterError(.invalid, name: "bbox", value: text, expected: expected)
            }
            let box = isNorthFirst
                ? Envelope(minX: n[1], minY: n[0], maxX: n[3], maxY: n[2]) : Envelope(minX: n[0], minY: n[1], maxX: n[2], maxY: n[3])
            return .box(box, crs)
        }
        guard let text = try parameters.value("center") else { return nil }
        let crs = try Self.crs("center-crs", parameters, offered) ?? .crs84
        guard let n = numbers(text), n.count == 2 else {
            throw ParameterError(.invalid, name: "center", value: text, expected: .init(zh: "两个坐标值", en: "two ordinates"))
        }
        return .centre(crs.isNorthFirst == true ? Coordinate(x: n[1], y: n[0]) : Coordinate(x: n[0], y: n[1]), crs)
    }

    private static func numbers(_ text: String) -> [Double]? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0.trimmingBlanks) }
        let numbers = parts.compactMap { $0 }
        return numbers.count == parts.count && numbers.allSatisfy(\.isFinite) ? numbers : nil
    }

    private static func crs(
        _ name: String, _ parameters: QueryParameters, _ offered: [CRSIdentifier]
    ) throws(ParameterError) -> CRSIdentifier? {
        guard let text = try parameters.value(name) else { return nil }
        guard let crs = CRSIdentifier(text), offered.contains(crs) else {
            let known = offered.map(\.uri).joined(separator: ", ")
            throw ParameterError(.invalid, name: name, value: text, expected: .init(zh: "下列之一：\(known)", en: "one of \(known)"))
        }
        return crs
    }

    private static func side(_ name: String, _ parameters: QueryParameters, _ limit: Int) throws(ParameterError) -> Int? {
        guard let text = try parameters.value(name) else { return nil }
        guard let side = Int(text), (1...limit).contains(side) else {
            throw ParameterError(
                .invalid, name: name, value: text, expected: .init(zh: "1 到 \(limit) 的整数", en: "a whole number from 1 to \(limit)"))
        }
        return side
    }

    private static func number(
        _ name: String, _ parameters: QueryParameters, _ range: ClosedRange<Double>
    ) throws(ParameterError) -> Double? {
        guard let text = try parameters.value(name) else { return nil }
        guard let number = Double(text), range.contains(number) else {
            throw ParameterError(
                .invalid, name: name, value: text,
                expected: .init(zh: "\(range.lowerBound) 到 \(range.upperBound) 的数", en: "a number from \(range.lowerBound) to \(range.upperBound)"))
        }
        return number
    }

    private static func flag(_ name: String, _ parameters: QueryParameters) throws(ParameterError) -> Bool? {
        switch try parameters.value(name) {
        case nil: return nil
        case "true": return true
        case "false": return false
        case let text: throw ParameterError(.invalid, name: name, value: text, expected: .word("true / false"))
        }
    }

    private static func format(_ parameters: QueryParameters) throws(ParameterError) -> WMSPictureFormat? {
        guard let text = try parameters.value("f") else { return nil }
        guard let format = WMSPictureFormat(text) else {
            throw ParameterError(.invalid, name: "f", value: text, expected: .word("png / jpeg / webp"))
        }
        return format
    }
}

extension MapQuery {
    /// The box and size of the picture in the plane of its CRS.
    ///
    /// - Parameters:
    ///   - box: what `place` names, carried to the plane, or everything there is: a box without width for a centre.
    ///   - metresPerUnit: of the plane.
    ///   - sideLimit: pixels.
    /// - Throws: `ParameterError` for a scale at which the place takes more pixels than a picture has.
    public func frame(
        around box: Envelope, metresPerUnit: Double, sideLimit: Int
    ) throws(ParameterError) -> (envelope: Envelope, width: Int, height: Int) {
        let cell = scaleDenominator.map { $0 * millimetresPerPixel / 1000 / metresPerUnit }
        let isBox = if case .box? = place { true } else { false }
        let isCentre = if case .centre? = place { true } else { false }
        if isCentre || (!isBox && cell != nil) {
            let cell = cell ?? Self.usualScaleDenominator * millimetresPerPixel / 1000 / metresPerUnit
            let (width, height) = (self.width ?? self.height ?? Self.usualSide, self.height ?? self.width ?? Self.usualSide)
            let (x, y) = (Double(width) * cell / 2, Double(height) * cell / 2)
            let centre = box.centre
            return (Envelope(minX: centre.x - x, minY: centre.y - y, maxX: centre.x + x, maxY: centre.y + y), width, height)
        }
        if let width, let height { return (box, width, height) }
        let (across, up) = (max(box.width, .leastNormalMagnitude), max(box.height, .leastNormalMagnitude))
        let step = cell ?? width.map { across / Double($0) } ?? height.map { up / Double($0) } ?? max(across, up) / Double(Self.usualSide)
        let sides = [across / step, up / step].map { max(1, $0.rounded()) }
        guard sides.allSatisfy({ $0 <= Double(sideLimit) }) else {
            throw ParameterError(
                .invalid, name: cell == nil ? "bbox" : "scale-denominator", value: scaleDenominator.map { "\($0)" },
                expected: .init(
                    zh: "使图幅每边不超过 \(sideLimit) 像素的范围或比例尺", en: "a box and a scale at which no side has more than \(sideLimit) pixels"))
        }
        return (box, width ?? Int(sides[0]), height ?? Int(sides[1]))
    }

    private static let usualSide = 1024
    private static let usualScaleDenominator = 10_000.0
}
