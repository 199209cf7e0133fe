import Foundation
import FeatureStore
import Portrayal
import Raster
import Reprojection
import SimpleFeatures
import Tiling
import Typography
import Wording

/// Makes sheets of one map on one worker, and keeps between them what they share: icons, fonts, the legend.
final class SheetPress {
    let order: SheetOrder
    let map: LiveMap
    let layout: SheetLayout
    let plane: SheetPlane
    let fonts: SheetFonts
    private let city: City
    private let catalogue: FontCatalogue
    private let ratio: Double
    private let bench: WorkerBench
    private let set: TileMatrixSet
    private let style: LiveStyle
    private let renderer: StyleRenderer
    private var legends: [Int: SheetLegend] = [:]

    /// - Throws: `ProductionError`, `PrintError`, what is wrong with fonts or with the way to the plane.
    init(_ order: SheetOrder, of map: LiveMap, state: LibraryState, setting: PrintSetting, ratio: Double, bench: WorkerBench) throws {
        guard let style = map.style else { throw ProductionError.withoutStyle(map) }
        guard let set = state.sets.sets.first(where: { $0.crs == SheetPlane.crs.id }) else {
            throw PrintError(.place, zh: "没有 \(SheetPlane.crs.id) 的瓦片矩阵集", en: "there is no matrix set in \(SheetPlane.crs.id)")
        }
        self.order = order
        self.map = map
        self.set = set
        self.style = style
        self.ratio = ratio
        self.bench = bench
        city = setting.city
        catalogue = setting.fonts
        layout = SheetLayout(paper: order.paper, isLandscape: order.isLandscape, ratio: ratio)
        plane = try SheetPlane(policy: setting.policy)
        fonts = try SheetFonts(setting.fonts)
        renderer = StyleRenderer(
            style: style.renderer.style, sprites: [SpriteSheet(icons: style.sprites.icons(ratio: Float(ratio)))], fonts: setting.fonts)
    }

    // MARK: What a sheet shows

    /// - Throws: `place` for a subject off the plane's area or too large for the paper.
    func view(of outline: Geometry, denominator: Int?, isRigid: Bool) throws(PrintError) -> SheetView {
        let box = outline.envelope
        let usual = SheetOrder.usualDenominators.filter { $0 >= denominator ?? 0 }
        let tries = denominator.map { isRigid ? [$0] : [$0] + usual } ?? usual
        guard let fitting = tries.first(where: { SheetView.fits(box, $0, layout) }) else {
            let (width, height) = (Int(box.width.rounded()), Int(box.height.rounded()))
            throw PrintError(
                .place, zh: "\(width) × \(height) 米的要素在此纸张和比例尺下放不下；请用更大的纸张或更小的比例尺",
                en: "a feature of \(width) x \(height) metres does not fit this paper at this scale; take larger paper or a smaller scale")
        }
        return SheetView(centre: box.centre, denominator: fitting, layout: layout)
    }

    func view(around degrees: Coordinate, denominator: Int) throws -> SheetView {
        guard case .point(let centre)? = try plane.plane(.point(degrees), from: .cgcs2000), centre.isFinite, isInside(centre) else {
            throw PrintError(
                .place, zh: "中心点不在 \(SheetPlane.crs.id) 的适用范围内", en: "the centre lies outside the area of \(SheetPlane.crs.id)")
        }
        return SheetView(centre: centre, denominator: denominator, layout: layout)
    }

    /// - Throws: `place` where the subject cannot be carried to the plane.
    func outline(of subject: SheetSubject) throws -> Geometry {
        guard let outline = try plane.plane(subject.geometry, from: subject.crs), isInside(outline.envelope.centre) else {
            throw PrintError(
                .place, zh: "要素 \(subject.id) 不在 \(SheetPlane.crs.id) 的适用范围内",
                en: "feature \(subject.id) lies outside the area of \(SheetPlane.crs.id)")
        }
        return outline
    }

    /// Metres of easting and northing within which the plane is good for printing: some five degrees about its meridian.
    private static let area = Envelope(minX: 0, minY: 0, maxX: 1_000_000, maxY: 6_000_000)
    private func isInside(_ c: Coordinate) -> Bool { Self.area.contains(c) }

    // MARK: The sheet

    /// What is particular to one sheet.
    struct Content {
        var view: SheetView
        var title: LocalisedText
        var subtitle: LocalisedText?
        /// Marked on the map.
        var outline: Geometry?
        var page: (number: Int, count: Int)?
        var neighbours: [AtlasNeighbour] = []
    }

    func sheet(_ content: Content) throws -> DisplayList {
        var pen = SheetPen(pixels: layout.pixels, pixelsPerMillimetre: layout.pixelsPerMillimetre, fonts: fonts)
        pen.fill(PaperBox(left: 0, top: 0, right: layout.width, bottom: layout.height), .white)
        let view = PictureView(sheet: content.view, set: set, ratio: ratio)
        let producer = TileProducer(map: map, set: set, bench: bench)
        let drawn = try producer.recording(view, renderer: renderer)
        pen.add(drawn.list, left: layout.mapPixels.left, top: layout.mapPixels.top)
        if let outline = content.outline { mark(outline, on: content.view, &pen) }
        try SheetFrame(view: content.view, plane: plane).draw(&pen)
        for neighbour in content.neighbours { try neighbour.draw(layout, &pen) }
        try legend(level: view.nominalLevel).draw(drawn.features, within: drawn.units, in: layout.legend, size: layout.size, &pen)
        try drawMargin(content, &pen)
        return pen.finish()
    }

    private func legend(level: Int) throws -> SheetLegend {
        if let known = legends[level] { return known }
        let made = try SheetLegend(of: map, style: style, fonts: catalogue, level: level, ratio: ratio)
        legends[level] = made
        return made
    }

    private func mark(_ outline: Geometry, on view: SheetView, _ pen: inout SheetPen) {
        var parts: [[(Double, Double)]] = []
        let map = layout.map
        outline.forEachPath { path in
            parts.append(path.map { position in
                let place = view.paper(position)
                return (place.x - map.left, place.y - map.top)
            })
        }
        var own = SheetPen(
            pixels: (layout.mapPixels.width, layout.mapPixels.height), pixelsPerMillimetre: layout.pixelsPerMillimetre, fonts: fonts)
        own.lines(parts, width: 1.5 * layout.size, Colour(red: 255, green: 255, blue: 255, alpha: 150))
        own.lines(parts, width: 0.7 * layout.size, Colour(red: 200, green: 30, blue: 110, alpha: 235))
        pen.add(own.finish(), left: layout.mapPixels.left, top: layout.mapPixels.top)
    }

    private func drawMargin(_ content: Content, _ pen: inout SheetPen) throws {
        let (view, size) = (content.view, layout.size)
        let centre = view.envelope.centre
        let factor = SheetPlane.scaleFactor(easting: centre.x)
        let convergence = plane.degrees(centre).map(SheetPlane.convergence) ?? 0
        try NorthArrow(convergence: convergence, size: size).draw(in: layout.arrow, &pen)
        try ScaleBar(denominator: view.denominator, scaleFactor: factor, size: size)
            .draw(middle: layout.footer.middle.x, top: layout.footer.top, &pen)
        let interval = SheetFrame(view: view, plane: plane).interval
        let date = map.layers.compactMap { $0.record?.importedAt.prefix(10) }.max().map { "数据截至 Data as of \($0)" } ?? ""
        let notes = [
            "CGCS2000 3度带高斯-克吕格 Gauss-Krüger 114°E（EPSG:4547），方里网 grid \(Int(interval)) m",
            "投影长度比 Point scale \(String(format: "%.6f", factor))，收敛角 convergence \(String(format: "%+.3f", convergence))°",
            [date, map.definition.attribution ?? ""].filter { !$0.isEmpty }.joined(separator: "  ·  "),
        ]
        let margin = SheetMargin(
            layout: layout, title: content.title, subtitle: content.subtitle, approvalNumber: approvalNumber,
            isForPublic: order.isForPublic && approvalNumber != nil, page: content.page, notes: notes.filter { !$0.isEmpty },
            maker: "\(city.name.zh) \(city.name.en)  ·  workmap")
        try margin.draw(&pen)
    }

    var approvalNumber: String? { order.approvalNumber ?? map.definition.approvalNumber }

    /// Of the order, else the name, else the map's with the city's.
    func title(for name: String?) -> (LocalisedText, subtitle: LocalisedText?) {
        let own = map.definition.title
        let whole = LocalisedText(zh: city.name.zh + own.zh, en: own.en + " of " + city.name.en)
        if let stated = order.title {
            let halves = stated.split(separator: " / ", maxSplits: 1).map(String.init)
            return (LocalisedText(zh: halves.first ?? "", en: halves.count > 1 ? halves[1] : halves.first ?? ""), name.map { LocalisedText(zh: $0, en: "") })
        }
        guard let name else { return (whole, nil) }
        return (LocalisedText(zh: name, en: name), whole)
    }

    /// What a document says of itself.
    var information: PDFSummary {
        let date = map.layers.compactMap { $0.record?.importedAt }.max() ?? "2000-01-01T00:00:00Z"
        let stated = order.title ?? city.name.zh + map.definition.title.zh
        return PDFSummary(title: stated, date: String(date.prefix(10)) + "T00:00:00Z")
    }

    struct PDFSummary {
        var title: String
        var date: String
    }
}
