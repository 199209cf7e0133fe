import ArgumentParser
import Foundation
import SimpleFeatures
import TileProduction

struct PrintCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "print", abstract: "按真实比例尺打印图幅 Print a map sheet, or an atlas of sheets, at true scale.",
        discussion: """
            图幅按 CGCS2000 高斯-克吕格 114°E 平面（EPSG:4547）绘制，比例尺 1:500 至 1:10000，纸张 A4 至 A0。PDF 为矢量。
            A sheet is drawn in the plane EPSG:4547 at 1:500 to 1:10000 on A4 to A0; a PDF holds vectors. Every sheet carries the \
            mark 内部用图, unless it has an approval number and --public says that it may go out. An atlas has one page a feature of \
            LAYER, neighbours named at the edges, after an index; a feature that does not fit at --scale gets the next smaller usual one.
            """)

    enum Format: String, ExpressibleByArgument, CaseIterable { case pdf, png }

    @Argument(help: "地图标识 The map's id, such as standard.")
    var map: String

    @Option(help: "比例尺分母 The scale's denominator, 500 to 10000; the largest usual scale at which a feature fits by default.")
    var scale: Int?

    @Option(help: "纸张 The paper: A4, A3, A2, A1 or A0.", transform: readPaper)
    var paper: Paper = .a4

    @Flag(help: "横放 Landscape.")
    var landscape = false

    @Option(help: "中心经纬度 Centre as longitude,latitude in degrees.")
    var centre: String?

    @Option(help: "要素 A feature as LAYER:ID, by id, code or name.")
    var feature: String?

    @Option(help: "图册 An atlas of a layer's features, such as grid.basic.")
    var atlas: String?

    @Option(help: "图册范围 Only features inside this one, as LAYER:ID.")
    var within: String?

    @Option(help: "格式 The format.")
    var format: Format = .pdf

    @Option(help: "PNG 分辨率 Dots an inch of a PNG, 96 to 300.")
    var dpi = 200

    @Option(help: "标题 The title; English after “ / ”.")
    var title: String?

    @Option(help: "审图号 The number under which the sheet was approved.")
    var approvalNumber: String?

    @Flag(help: "公开使用，须有审图号 Leave the mark 内部用图 out of an approved sheet.")
    var `public` = false

    @Option(name: .short, help: "输出文件 The file to write.")
    var output: String

    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        guard [centre, feature, atlas].compactMap({ $0 }).count == 1 else {
            throw ValidationError("say what to print with one of --centre LON,LAT, --feature LAYER:ID and --atlas LAYER")
        }
        if atlas != nil, format != .pdf { throw ValidationError("an atlas is a PDF") }
        if within != nil, atlas == nil { throw ValidationError("--within narrows an --atlas") }
        if `public`, approvalNumber == nil { throw ValidationError("--public needs an --approval-number") }
        if let scale, !SheetOrder.denominators.contains(scale) { throw ValidationError("--scale is 500 to 10000, not \(scale)") }
        guard PrintFormat.resolutions.contains(dpi) else { throw ValidationError("--dpi is 96 to 300, not \(dpi)") }
        if centre != nil, scale == nil { throw ValidationError("a sheet around a --centre needs a --scale") }
        _ = try place()
        _ = try withinName()
    }

    func run() async throws {
        let opened = try installation.open()
        let library = try opened.library()
        try await library.prepareAll()
        let service = PrintService(library: library, installation: opened, queueLimit: 1)
        let order = SheetOrder(
            map: map, paper: paper, isLandscape: landscape, denominator: scale, place: try place(), title: title,
            approvalNumber: approvalNumber, isForPublic: `public`)
        let file = try OutputFile(output)
        do {
            if let atlas {
                let pages = try await service.atlas(order, of: atlas, within: try withinName()) { try file.write($0) }
                print("\(pages) 页 pages")
            } else {
                try await service.print(order, as: format == .pdf ? .pdf : .png(dotsPerInch: dpi)) { try file.write($0) }
            }
        } catch {
            file.discard()
            throw error
        }
        try file.finish()
    }

    private static func readPaper(_ text: String) throws -> Paper {
        guard let paper = Paper(rawValue: text.uppercased()) else { throw ValidationError("--paper is A4, A3, A2, A1 or A0, not \"\(text)\"") }
        return paper
    }

    private func place() throws -> SheetOrder.Place {
        if let feature {
            guard let name = SheetOrder.FeatureName(feature) else { throw ValidationError("--feature is LAYER:ID, such as grid.basic:12, not \"\(feature)\"") }
            return .feature(name)
        }
        guard let centre else { return .centre(Coordinate(x: 0, y: 0)) }
        let numbers = centre.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
        guard numbers.count == 2, (-180...180).contains(numbers[0]), (-90...90).contains(numbers[1]) else {
            throw ValidationError("--centre is longitude,latitude in degrees, such as 113.75,23.02, not \"\(centre)\"")
        }
        return .centre(Coordinate(x: numbers[0], y: numbers[1]))
    }

    private func withinName() throws -> SheetOrder.FeatureName? {
        guard let within else { return nil }
        guard let name = SheetOrder.FeatureName(within) else { throw ValidationError("--within is LAYER:ID, such as admin.town:长安镇, not \"\(within)\"") }
        return name
    }
}

/// A file that has its name only when it is whole.
private final class OutputFile: Sendable {
    private let path: String
    private let handle: FileHandle

    private var partial: String { path + ".part" }

    init(_ path: String) throws {
        self.path = path
        guard FileManager.default.createFile(atPath: path + ".part", contents: nil), let handle = FileHandle(forWritingAtPath: path + ".part") else {
            throw ValidationError("\(path) cannot be written")
        }
        self.handle = handle
    }

    func write(_ bytes: [UInt8]) throws { try handle.write(contentsOf: bytes) }

    func finish() throws {
        try handle.close()
        guard unsafe rename(partial, path) == 0 else { throw ValidationError("\(path) cannot be written") }
    }

    /// What is left of a print that came to nothing.
    func discard() { _ = unsafe unlink(partial) }
}
