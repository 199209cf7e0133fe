import ArgumentParser
import Foundation
import Portrayal
import Raster
import SimpleFeatures
import TileProduction
import Typography

struct RenderCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "render", abstract: "按样式文件画一幅图 Draw a picture of a style document.",
        discussion: """
            画面不限于瓦片边界 The picture need not follow tile borders. Centre, zoom and bearing are the document's own \
            unless they are given. Addresses that begin with assets:// lead into --assets. With --batch FILE every line \
            of the file holds the arguments of one picture, parted by tabs; a picture that fails is reported, the rest is drawn.
            """)

    @Option(help: "逐行列出多幅图的参数 A file of pictures to draw, one a line.")
    var batch: String?

    @Option(help: "字体表 A fonts.json for text without glyph ranges; that of the program by default.")
    var fonts: String?

    @OptionGroup var picture: PictureOptions

    func run() throws {
        guard let batch else {
            var scratch = RenderScratch()
            let remarks = try picture.draw(fonts: try catalogue(), scratch: &scratch).map(\.description) + scratch.statistics.unlettered.map {
                "\($0.layer): 字体缺字 the fonts lack a character of “\($0.text)”"
            }
            return FileHandle.standardError.write(Data(remarks.map { "\($0)\n" }.joined().utf8))
        }
        guard let list = FileManager.default.contents(atPath: batch) else {
            throw ValidationError("\(batch) cannot be read; name a list of pictures")
        }
        let lines = String(decoding: list, as: UTF8.self).split(separator: "\n")
        let fonts = try catalogue()
        var failures = 0
        for line in lines {
            do {
                var scratch = RenderScratch()
                _ = try PictureOptions.parse(line.split(separator: "\t").map(String.init)).draw(fonts: fonts, scratch: &scratch)
            } catch {
                failures += 1
                let reason = String(describing: error).replacingOccurrences(of: "\n", with: "; ")
                FileHandle.standardError.write(Data("\(line.split(separator: "\t").first ?? ""): \(reason)\n".utf8))
            }
        }
        print("\(lines.count - failures) / \(lines.count)")
        if failures > 0 { throw ExitCode(1) }
    }

    func validate() throws {
        if batch == nil { try picture.check() }
    }

    /// Fonts are needed by styles without glyph ranges only.
    private func catalogue() throws -> FontCatalogue {
        if let fonts {
            return try FontCatalogue(
                json: Data(contentsOf: URL(filePath: fonts)), relativeTo: URL(filePath: fonts).deletingLastPathComponent().path)
        }
        let styles = try ShareDirectory(nil).styles
        return try FontCatalogue(json: Data(contentsOf: URL(filePath: styles + "/fonts.json")), relativeTo: styles)
    }
}

/// One picture to draw.
struct PictureOptions: ParsableArguments {
    @Argument(help: "样式文件 The style document.")
    var style: String?

    @Option(name: .short, help: "输出 PNG The file to write.")
    var output: String?

    @Option(help: "中心经纬度 Centre as longitude,latitude in degrees.")
    var center: String?

    @Option(help: "样式级别 Style zoom, 0 to 24; fractions are fine.")
    var zoom: Double?

    @Option(help: "朝上的方位角 The direction that points up, degrees clockwise from north.")
    var bearing: Double?

    @Option(help: "宽x高 Width x height in logical pixels.")
    var size = "512x512"

    @Option(help: "像素比 Device pixels a logical pixel.")
    var ratio = 1.0

    @Option(help: "资源目录 Where files named assets://... lie.")
    var assets: String?

    @Option(help: "查询画面上的要素 Print the features drawn at X,Y or X,Y,X,Y in logical pixels of the picture, topmost first, as GeoJSON.")
    var query: String?

    func check() throws {
        guard style != nil else { throw ValidationError("name the style document") }
        guard output != nil || query != nil else { throw ValidationError("say where the picture goes with -o FILE, or ask for features with --query X,Y") }
        _ = try place()
        guard ratio > 0, ratio <= 8 else { throw ValidationError("--ratio is more than 0 and up to 8, not \(ratio)") }
        _ = try sides()
        _ = try centre()
    }

    /// - Returns: what nothing comes of in the document.
    func draw(fonts: FontCatalogue, scratch: inout RenderScratch) throws -> [StyleIssue] {
        try check()
        let document = try JSONValue(json: [UInt8](read(style ?? "")))
        var camera = Camera(document)
        if let centre = try centre() { camera.centre = centre }
        if let zoom { camera.zoom = zoom }
        if let bearing { camera.bearingInDegrees = bearing }
        let (width, height) = try sides()
        let viewport = Viewport(camera: camera, width: width, height: height, pixelRatio: ratio)
        let producer = try ViewportProducer(document: document, assets: AssetDirectory(assets), fonts: fonts)
        if let place = try place() {
            let found = try producer.features(under: place, in: viewport, scratch: &scratch)
            let list = JSONValue.array(found.map { $0.geoJSON(in: viewport) })
            print(JSONValue.object(["type": .string("FeatureCollection"), "features": list]).description)
        }
        if let output {
            try Data(PNGEncoder.encode(try producer.picture(viewport, scratch: &scratch))).write(to: URL(filePath: output))
        }
        return producer.remarks
    }

    private func read(_ path: String) throws -> Data {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw ValidationError("\(path) cannot be read; name a style document")
        }
        return data
    }

    private func sides() throws -> (width: Int, height: Int) {
        let parts = size.split(separator: "x").map { Int($0) }
        guard parts.count == 2, let width = parts[0], let height = parts[1], width > 0, height > 0 else {
            throw ValidationError("--size is written WxH, such as 512x512, not \"\(size)\"")
        }
        return (width, height)
    }

    private func place() throws -> StyleQuery? {
        guard let query else { return nil }
        let numbers = query.split(separator: ",").map { Double($0).map { $0 * ratio } }
        switch numbers.count {
        case 2: if let x = numbers[0], let y = numbers[1] { return StyleQuery(x: x, y: y) }
        case 4:
            if let x = numbers[0], let y = numbers[1], let right = numbers[2], let bottom = numbers[3] {
                return StyleQuery(left: x, top: y, right: right, bottom: bottom)
            }
        default: break
        }
        throw ValidationError("--query is written X,Y or X,Y,X,Y in pixels, not \"\(query)\"")
    }

    private func centre() throws -> Coordinate? {
        guard let center else { return nil }
        let parts = center.split(separator: ",").map { Double($0) }
        guard parts.count == 2, let x = parts[0], let y = parts[1], abs(x) <= 540, abs(y) <= 90 else {
            throw ValidationError("--center is written LONGITUDE,LATITUDE in degrees, not \"\(center)\"")
        }
        return Coordinate(x: x, y: y)
    }
}

extension Camera {
    /// What a style document says of its camera.
    init(_ document: JSONValue) {
        let members = document.object ?? [:]
        let centre = (members["center"]?.array ?? []).compactMap(\.number)
        self.init(
            centre: centre.count == 2 ? Coordinate(x: centre[0], y: centre[1]) : Coordinate(x: 0, y: 0),
            zoom: members["zoom"]?.number ?? 0, bearingInDegrees: members["bearing"]?.number ?? 0)
    }
}
