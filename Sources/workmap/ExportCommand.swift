import ArgumentParser
import FeatureStore
import Foundation
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "导出图层为文件 Write the features of a layer to a file.",
        discussion: """
            Formats: geojson, geojsonseq, ndjson, csv, shp (a zip), gpkg, fgb; by the file's ending where --format is left out. \
            Positions are east first in every file. Sensitive fields, withheld features and layers that are shown as aggregates \
            only are never written. What a request of the service may take of a base layer is limited by area; on this command \
            line it is up to you to keep to the rules of surveyed data.
            """)

    @Argument(help: "图层标识 The layer's id, such as base.building.")
    var layer: String

    @Option(name: .shortAndLong, help: "输出文件 The file to write.")
    var output: String

    @Option(help: "格式 The format; by the file's ending by default.")
    var format: String?

    @Option(help: "坐标系 The CRS of the file: EPSG:4490 (default), EPSG:4547, EPSG:4526, EPSG:4326, EPSG:3857 or OGC:CRS84.")
    var crs: String?

    @Option(help: "范围 Only features in the box WEST,SOUTH,EAST,NORTH in degrees.")
    var bbox: String?

    @Option(help: "字符编码 UTF-8, GBK (Shapefile) or GB18030 (CSV).")
    var encoding: String?

    @Flag(help: "CSV 供 Excel 直接打开：长数字写作 =\"…\" Keep long digit strings as text in spreadsheets.")
    var excel = false

    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        let format = try chosenFormat()
        _ = try chosenEncoding(format)
        _ = try box()
        _ = try chosenCRS(format)
    }

    func run() async throws {
        let format = try chosenFormat()
        var request = LayerExportRequest(
            layer: layer, path: output, format: format, crs: try chosenCRS(format), encoding: try chosenEncoding(format))
        request.box = try box()
        request.keepsDigits = excel
        let tally = try await installation.open().exportLayer(request)
        print("\(output): \(tally.features) 个要素 features, \(request.crs.id), \(request.encoding.rawValue)")
        if tally.unplaced > 0 { print("  \(tally.unplaced) 个要素的坐标无法转换，未写几何 features without their geometry, which cannot be carried") }
        if tally.unencodable > 0 { print("  \(tally.unencodable) 个字符为编码所缺，写作 ? characters that the encoding lacks, written as ?") }
        if tally.shortened > 0 { print("  \(tally.shortened) 个值被截短 values cut to their field's width") }
    }

    private func chosenFormat() throws -> ExportFormat {
        if let format {
            guard let known = ExportFormat(named: format) else { throw ValidationError("--format is \(Self.formats), not \"\(format)\"") }
            return known
        }
        guard let known = ExportFormat(fileName: output) else {
            throw ValidationError("\(output) does not end like a format; say --format \(Self.formats)")
        }
        return known
    }

    private static let formats = ExportFormat.allCases.map(\.rawValue).joined(separator: ", ")

    private func chosenEncoding(_ format: ExportFormat) throws -> ExportEncoding {
        guard let encoding else { return format.encodings[0] }
        guard let known = ExportEncoding(named: encoding), format.encodings.contains(known) else {
            let choice = format.encodings.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("--encoding of \(format.rawValue) is \(choice), not \"\(encoding)\"")
        }
        return known
    }

    /// GeoJSON is in CRS84 unless it is asked for otherwise (RFC 7946 section 4).
    private func chosenCRS(_ format: ExportFormat) throws -> CRS {
        guard let crs else {
            switch format {
            case .geoJSON, .geoJSONSequence, .newlineDelimited: return .crs84
            default: return .cgcs2000
            }
        }
        guard let identifier = CRSIdentifier(crs), Self.offered.contains(identifier.description) else {
            throw ValidationError("--crs is one of \(Self.offered.joined(separator: ", ")), not \"\(crs)\"")
        }
        return try CRS(identifier.description)
    }

    private static let offered = ["OGC:CRS84", "EPSG:4490", "EPSG:4547", "EPSG:4526", "EPSG:4326", "EPSG:3857"]

    private func box() throws -> Envelope? {
        guard let bbox else { return nil }
        let numbers = bbox.split(separator: ",").map { Double($0) }
        guard numbers.count == 4, let west = numbers[0], let south = numbers[1], let east = numbers[2], let north = numbers[3],
            west <= east, south <= north, abs(west) <= 180, abs(east) <= 180, abs(south) <= 90, abs(north) <= 90
        else { throw ValidationError("--bbox is written WEST,SOUTH,EAST,NORTH in degrees, not \"\(bbox)\"") }
        return Envelope(minX: west, minY: south, maxX: east, maxY: north)
    }
}
