import ArcGISREST
import CQL2
import FeatureStore
import Foundation
import HTTPTypes
import Hummingbird
import OGCAPI
import Reprojection
import SimpleFeatures
import TileCache
import TileProduction
import Tiling
import Wording

/// `export`, `identify` and `find` of a map service.
struct ArcGISPictureRoutes {
    let service: ServiceContext
    let pictures: PictureDesk
    let desks: FeatureDesks

    private static let usualDotsPerInch = 96.0
    private static let usualSize = (400, 400)
    /// Features of one layer that `identify` and `find` give.
    private static let featuresOfALayer = 100
    private static let longestReachInMetres = 10_000.0
    private static let webMercator = CRSIdentifier(authority: "EPSG", code: "3857")

    func add(to router: Router<ServiceRequestContext>) {
        let base = "/arcgis/rest/services/{map}/MapServer"
        for (name, answer) in [("export", export), ("identify", identify), ("find", find)] as [(String, Answering)] {
            let path = RouterPath("\(base)/\(name)")
            router.get(path) { request, context in try await answered(request, context, answer) }
            router.post(path) { request, context in try await answered(request, context, answer) }
        }
    }

    private typealias Answering = @Sendable (ArcGISMap, ArcGISParameters, Request) async throws -> ArcGISContent

    private func answered(_ request: Request, _ context: ServiceRequestContext, _ answer: Answering) async throws -> Response {
        try await ArcGISAnswer.answering(request) { parameters in
            let map = try ArcGISMap(PercentEncoding.decode(try context.parameters.require("map")) ?? "", in: service.library.state)
            return try await answer(map, parameters, request)
        }
    }

    // MARK: export

    @Sendable private func export(_ map: ArcGISMap, _ parameters: ArcGISParameters, _ request: Request) async throws -> ArcGISContent {
        let isImage = (parameters["f"] ?? "image").lowercased() == "image"
        if isImage, let callback = parameters["callback"] { throw EsriCallback.refusal(callback) }
        let (crs, view) = try await view(parameters, map)
        let (format, isOpaque) = try Self.format(parameters["format"] ?? "png")
        let isTransparent = try parameters.flag("transparent") ?? false
        let ground: PictureRequest.Ground = isTransparent && !isOpaque ? .transparent : .style
        let part = PictureRequest.Part(map: map.map.definition.id, layers: try Self.chosen(parameters["layers"], map))
        let order = PictureRequest(parts: [part], view: view, format: format, ground: ground)
        if isImage { return .picture(try await pictures.response(to: order, at: nil, for: request)) }
        let box = crs.box(view.envelope)
        let query = request.uri.query.map { $0.replacing(/(?i)(^|&)(f|callback)=[^&]*/, with: "") } ?? ""
        let href = "\(request.baseURL(service.settings))\(request.uri.path)?\(query)&f=image"
        let document: JSONDocument = [
            "href": .string(href), "width": .integer(view.width), "height": .integer(view.height),
            "extent": [
                "xmin": .number(box.minX), "ymin": .number(box.minY), "xmax": .number(box.maxX), "ymax": .number(box.maxY),
                "spatialReference": EsriSpatialReference.json(crs.identifier),
            ],
            "scale": .number(view.scaleDenominator * Self.usualDotsPerInch * StandardGrid.renderingPixelSizeInMetres / 0.0254),
        ]
        return .json(document)
    }

    /// The box widened to the shape of the picture, as ArcGIS does.
    private func view(_ parameters: ArcGISParameters, _ map: ArcGISMap) async throws -> (PictureCRS, PictureView) {
        guard let n = try parameters.numbers("bbox", count: 4...4), n[0] < n[2], n[1] < n[3] else {
            throw EsriError.parameter("bbox", parameters["bbox"] ?? "", expected: .init(zh: "xmin,ymin,xmax,ymax", en: "xmin,ymin,xmax,ymax"))
        }
        let wanted = Envelope(minX: n[0], minY: n[1], maxX: n[2], maxY: n[3])
        let from = try parameters["bboxSR"].map { text throws(EsriError) in try EsriQuery.crs(text, "bboxSR") } ?? ArcGISSelection.assumedCRS(.multiPoint([Coordinate(x: n[0], y: n[1]), Coordinate(x: n[2], y: n[3])]))
        let to = try parameters["imageSR"].map { text throws(EsriError) in try EsriQuery.crs(text, "imageSR") } ?? from
        guard let crs = PictureCRS(to == .crs84 ? CRSIdentifier(authority: "EPSG", code: "4326") : to, in: map.state.sets) else {
            let known = PictureCRS.identifiers.filter { $0 != .crs84 }.map(\.code).joined(separator: ", ")
            throw EsriError.parameter("imageSR", to.code, expected: .init(zh: "\(known) 之一", en: "one of \(known)"))
        }
        let plane = try CRS(crs.set.crs)
        let box = from == to ? crs.plane(wanted) : try await desks.next.envelope(wanted, from: try from.system(), to: plane)
        let size = try parameters.numbers("size", count: 2...2) ?? [Double(Self.usualSize.0), Double(Self.usualSize.1)]
        let dots = try parameters.numbers("dpi", count: 1...1)?.first ?? Self.usualDotsPerInch
        let ratio = min(max(dots / Self.usualDotsPerInch, PictureView.ratios.lowerBound), PictureView.ratios.upperBound)
        let sides = size.map { Int(min(max($0, 0), 1e6)) }
        guard sides[0] > 0, sides[1] > 0, let view = PictureView(set: crs.set, envelope: Self.widened(box, sides), width: sides[0], height: sides[1], ratio: ratio) else {
            throw EsriError.parameter(
                "size", parameters["size"] ?? "",
                expected: .init(zh: "宽,高，每边 1 到 \(PictureView.sideLimit) 像素", en: "width,height of 1 to \(PictureView.sideLimit) pixels, and a box of sensible size"))
        }
        return (crs, view)
    }

    private static func widened(_ box: Envelope, _ size: [Int]) -> Envelope {
        let (width, height) = (Double(size[0]), Double(size[1]))
        let cell = max(box.width / width, box.height / height)
        let (x, y) = (cell * width / 2, cell * height / 2)
        let centre = box.centre
        return Envelope(minX: centre.x - x, minY: centre.y - y, maxX: centre.x + x, maxY: centre.y + y)
    }

    private static func format(_ text: String) throws(EsriError) -> (TileFormat, isOpaque: Bool) {
        switch text.lowercased() {
        case "png", "png8", "png24", "png32": (.png(ratio: 1), false)
        case "jpg", "jpeg": (.jpeg(ratio: 1), true)
        case "webp": (.webp(ratio: 1), false)
        default: throw .parameter("format", text, expected: .init(zh: "png、png8、png24、png32、jpg 或 webp", en: "png, png8, png24, png32, jpg or webp"))
        }
    }

    /// `show:0,2`, `hide:1`, `include:` and `exclude:`; `nil` for the map as it is.
    private static func chosen(_ text: String?, _ map: ArcGISMap) throws(EsriError) -> Set<String>? {
        guard let text else { return nil }
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        var ids: Set<String> = []
        for number in (parts.count > 1 ? parts[1] : "").split(separator: ",") { ids.insert(try map.layer(String(number)).layer.definition.id) }
        switch parts.first?.lowercased() {
        case "show", "include": return ids
        case "hide", "exclude": return Set(map.layers.map(\.definition.id)).subtracting(ids)
        default: throw .parameter("layers", text, expected: .init(zh: "show:0,1 或 hide:2 之类", en: "such as show:0,1 or hide:2"))
        }
    }

    // MARK: identify

    @Sendable private func identify(_ map: ArcGISMap, _ parameters: ArcGISParameters, _ request: Request) async throws -> ArcGISContent {
        guard let text = parameters["geometry"] else {
            throw EsriError.parameter("geometry", "", expected: .init(zh: "点查的几何", en: "the geometry to look at"))
        }
        let place = try EsriGeometry(text, type: parameters["geometryType"])
        let reference = try parameters["sr"].map { text throws(EsriError) in try EsriQuery.crs(text, "sr") }
        let crs = place.crs ?? reference ?? ArcGISSelection.assumedCRS(place.geometry)
        let desk = desks.next
        let (radius, level) = try await reach(parameters, crs, desk)
        let layers = try Self.layers(parameters["layers"] ?? "top", map, level: level)
        let output = try (reference ?? crs).system()
        let wantsGeometry = try parameters.flag("returnGeometry") ?? true
        var results: [JSONDocument] = []
        for (id, layer) in layers.layers {
            let selection = try await selection(of: layer, map, place.geometry, crs, radius, desk)
            guard let selection else { continue }
            let found = try await self.found(selection, desk, to: output)
            results += found.map { Self.result($0, id, selection, wantsGeometry ? (output, reference ?? crs) : nil) }
            if layers.isTop, !found.isEmpty { break }
        }
        return .json(["results": .array(results)] as JSONDocument)
    }

    /// Metres that count as there, and the nominal level of the picture that was clicked.
    private func reach(_ parameters: ArcGISParameters, _ crs: CRSIdentifier, _ desk: FeatureDesk) async throws -> (Double, level: Int?) {
        let tolerance = try parameters.numbers("tolerance", count: 1...1)?.first ?? 3
        guard (0...100).contains(tolerance) else { throw EsriError.parameter("tolerance", "\(tolerance)", expected: .init(zh: "0 到 100 像素", en: "0 to 100 pixels")) }
        guard let box = try parameters.numbers("mapExtent", count: 4...4), let size = try parameters.numbers("imageDisplay", count: 2...3),
            box[0] < box[2], size[0] >= 1
        else { return (max(tolerance, 0.01), nil) }
        let metres = crs.isGeographic == true ? StandardGrid.metresPerDegree : 1
        let cell = (box[2] - box[0]) / size[0] * metres
        let world = 2 * StandardGrid.webMercatorHalfWorldInMetres / Double(StandardGrid.tileSizeInPixels)
        let level = Int(min(max(log2(world / cell), 0), 24).rounded())
        return (min(max(tolerance * cell, 0.01), Self.longestReachInMetres), level)
    }

    /// `top`, `visible` or `all`, with layers behind a colon.
    private static func layers(_ text: String, _ map: ArcGISMap, level: Int?) throws(EsriError) -> (layers: [(Int, LiveLayer)], isTop: Bool) {
        let parts = text.split(separator: ":", maxSplits: 1).map { String($0).filter { $0 != " " } }
        guard let word = parts.first?.lowercased(), ["top", "visible", "all"].contains(word) else {
            throw .parameter("layers", text, expected: .init(zh: "top、visible 或 all，可带 :0,1", en: "top, visible or all, with :0,1 behind it"))
        }
        // The topmost first.
        var chosen = map.layers.enumerated().map { ($0.offset, $0.element) }.reversed() as [(Int, LiveLayer)]
        if parts.count > 1 {
            chosen = try Self.numbered(parts[1], map)
        }
        let open = chosen.filter { $0.1.definition.isServedByFeature && $0.1.record != nil }
        let visible = word == "all" ? open : open.filter { layer in level.map { layer.1.isShown(atLevel: $0) } ?? true }
        return (visible, word == "top")
    }

    /// Layers by their numbers, each once.
    private static func numbered(_ list: String, _ map: ArcGISMap) throws(EsriError) -> [(Int, LiveLayer)] {
        var chosen: [(Int, LiveLayer)] = []
        for number in list.split(separator: ",") {
            let found = try map.layer(String(number).filter { $0 != " " })
            if !chosen.contains(where: { $0.0 == found.id }) { chosen.append((found.id, found.layer)) }
        }
        return chosen
    }

    private func selection(
        of layer: LiveLayer, _ map: ArcGISMap, _ geometry: Geometry, _ crs: CRSIdentifier, _ radius: Double, _ desk: FeatureDesk
    ) async throws -> FeatureSelection? {
        var selection = try FeatureSelection(layer: layer.definition.id, in: map.state)
        guard let stored = selection.record.crs else { return nil }
        if case .point = geometry {
            guard case .point(let centre)? = try await desk.carry(geometry, try crs.system(), .cgcs2000), centre.isFinite,
                let box = try await desk.carried(PlaceQuestion.box(around: centre, radius), .cgcs2000, stored)
            else { return nil }
            selection.shape = .circle(centre: centre, radiusInMetres: radius)
            selection.envelopes = [box]
            return selection
        }
        let condition = CQL2Expression.spatial(.intersects, .property("geometry"), .geometry(GeometryLiteral(geometry)))
        selection.filter = try await desk.bind(condition, crs: crs, to: selection, isEastFirst: true)
        return selection
    }

    // MARK: find

    @Sendable private func find(_ map: ArcGISMap, _ parameters: ArcGISParameters, _ request: Request) async throws -> ArcGISContent {
        guard let text = parameters["searchText"], text.count <= 200 else {
            throw EsriError.parameter("searchText", parameters["searchText"] ?? "", expected: .init(zh: "至多 200 字的文本", en: "a text of at most 200 characters"))
        }
        guard let list = parameters["layers"] else { throw EsriError.parameter("layers", "", expected: .init(zh: "图层号", en: "numbers of layers")) }
        let contains = try parameters.flag("contains") ?? true
        let fields = parameters["searchFields"]?.split(separator: ",").map { String($0).filter { $0 != " " } }
        let identifier = try parameters["sr"].map { text throws(EsriError) in try EsriQuery.crs(text, "sr") } ?? Self.webMercator
        let (output, desk) = (try identifier.system(), desks.next)
        let wantsGeometry = try parameters.flag("returnGeometry") ?? true
        var results: [JSONDocument] = []
        for (id, layer) in try Self.numbered(list, map) {
            var selection = try FeatureSelection(layer: layer.definition.id, in: map.state)
            let searched = selection.openSchema.fields.filter { $0.kind == .text && fields?.contains($0.name) ?? true }.map(\.name)
            guard !searched.isEmpty else { continue }
            let terms = searched.map { Self.condition($0, text, contains: contains) }
            selection.filter = try await desk.bind(terms.count == 1 ? terms[0] : .or(terms), crs: .crs84, to: selection)
            for feature in try await found(selection, desk, to: output) {
                var result = Self.result(feature, id, selection, wantsGeometry ? (output, identifier) : nil)
                let place = searched.first { name in Self.text(feature, name, selection).map { Self.matches($0, text, contains: contains) } ?? false }
                result = result.appending([.init(name: "foundFieldName", value: .string(place ?? searched[0]))])
                results.append(result)
            }
        }
        return .json(["results": .array(results)] as JSONDocument)
    }

    private static func condition(_ field: String, _ text: String, contains: Bool) -> CQL2Expression {
        guard contains else { return .comparison(.equal, .caseInsensitive(.property(field)), .caseInsensitive(.text(text))) }
        let plain = text.map { "%_\\".contains($0) ? "\\\($0)" : String($0) }.joined()
        return .like(.caseInsensitive(.property(field)), pattern: .caseInsensitive(.text("%\(plain)%")))
    }

    private static func matches(_ value: String, _ text: String, contains: Bool) -> Bool {
        contains ? value.lowercased().contains(text.lowercased()) : value.lowercased() == text.lowercased()
    }

    private static func text(_ feature: Feature, _ name: String, _ selection: FeatureSelection) -> String? {
        guard let place = selection.openSchema.index(of: name), case .text(let text) = feature.values[place] else { return nil }
        return text
    }

    // MARK: Results

    /// With the values of the selection's open fields.
    private func found(_ selection: FeatureSelection, _ desk: FeatureDesk, to crs: CRS) async throws -> [Feature] {
        var unplaced = 0
        if selection.shape != nil {
            return try await desk.carriedPage(selection, offset: 0, limit: Self.featuresOfALayer, to: crs, unplaced: &unplaced)
        }
        return try await desk.firstCarriedRun(selection, skip: 0, limit: Self.featuresOfALayer, to: crs, unplaced: &unplaced).features
    }

    /// Attributes go by what people call the fields, as text, as ArcGIS has it.
    private static func result(
        _ feature: Feature, _ id: Int, _ selection: FeatureSelection, _ geometry: (CRS, CRSIdentifier)?
    ) -> JSONDocument {
        let schema = selection.openSchema
        let definition = selection.layer.definition
        let names = zip(schema.fields, feature.values).map { field, value in
            JSONDocument.Member(name: selection.layer.title(of: field.name), value: .string(text(value)))
        }
        let display = definition.nameField.flatMap { schema.index(of: $0) }.map { text(feature.values[$0]) } ?? String(feature.id)
        var members: [JSONDocument.Member] = [
            .init(name: "layerId", value: .integer(id)), .init(name: "layerName", value: .string(definition.title.zh)),
            .init(name: "displayFieldName", value: .string(selection.openNameField.map { selection.layer.title(of: $0) } ?? EsriFeatureWriter.idField)),
            .init(name: "value", value: .string(display)),
            .init(
                name: "attributes",
                value: .object([.init(name: EsriFeatureWriter.idField, value: .string(String(feature.id)))] + names)),
        ]
        if let (_, identifier) = geometry, let shape = feature.geometry {
            members.append(.init(name: "geometryType", value: .string(EsriGeometryType(shape.kind).rawValue)))
            members.append(.init(name: "geometry", value: EsriGeometryDocument.json(shape, identifier)))
        }
        return .object(members)
    }

    private static func text(_ value: PropertyValue) -> String {
        switch value {
        case .null: "Null"
        case .boolean(let flag): flag ? "1" : "0"
        case .integer(let number): String(number)
        case .real(let number): "\(number)"
        case .text(let text): text
        }
    }
}

/// A geometry within a document.
enum EsriGeometryDocument {
    static func json(_ geometry: Geometry, _ crs: CRSIdentifier) -> JSONDocument {
        let places = crs.isGeographic == true ? 1e9 : 1e4
        func number(_ ordinate: Double) -> JSONDocument { .number((ordinate * places).rounded() / places) }
        func path(_ positions: [Coordinate]) -> JSONDocument { .array(positions.map { .array([number($0.x), number($0.y)]) }) }
        let reference = JSONDocument.Member(name: "spatialReference", value: EsriSpatialReference.json(crs))
        func whole(_ name: String, _ value: JSONDocument) -> JSONDocument { .object([.init(name: name, value: value), reference]) }
        switch EsriFeatureWriter.parts(of: geometry) {
        case .point(let c): return .object([.init(name: "x", value: number(c.x)), .init(name: "y", value: number(c.y)), reference])
        case .points(let points): return whole("points", path(points))
        case .paths(let paths): return whole("paths", .array(paths.map(path)))
        case .rings(let rings): return whole("rings", .array(rings.map(path)))
        case nil: return .null
        }
    }
}
