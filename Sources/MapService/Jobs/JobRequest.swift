import Foundation
import Reprojection
import SimpleFeatures
import TileCache
import TileProduction
import Wording

/// What `POST /admin/jobs` wants seeded.
struct JobRequest: Decodable {
    var map: String
    var matrixSets: [String]?
    /// `8-12`.
    var levels: String
    var formats: [String]?
    /// `W,S,E,N` in degrees, or `LAYER:ID`.
    var area: String?
    var metatile: Int?
    /// A file name in the data directory's `archives`; without it the store of finished tiles is filled.
    var archive: String?

    /// - Throws: 400.
    init(body: [UInt8]) throws(ProblemError) {
        do {
            self = try JSONDecoder().decode(JobRequest.self, from: Data(body))
        } catch {
            throw Self.refusal(
                zh: "请求体应是 JSON 对象，如 {\"map\":\"standard\",\"levels\":\"8-12\",\"formats\":[\"mvt\"],\"archive\":\"city.pmtiles\"}",
                en: "the body is a JSON object such as {\"map\":\"standard\",\"levels\":\"8-12\",\"formats\":[\"mvt\"],\"archive\":\"city.pmtiles\"}")
        }
    }

    /// - Parameter storeSide: tiles along the side of a metatile of the service, whose bytes the store holds.
    /// - Throws: 400.
    func specification(_ installation: Installation, _ library: MapLibrary, storeSide: Int) async throws -> SeedSpecification {
        let side = metatile ?? (archive == nil ? storeSide : 8)
        guard [1, 2, 4, 8, 16].contains(side) else {
            throw Self.refusal(zh: "metatile 是 1、2、4、8 或 16", en: "metatile is 1, 2, 4, 8 or 16")
        }
        return SeedSpecification(
            map: map, matrixSets: try checkedSets(), levels: try checkedLevels(), formats: try checkedFormats(),
            area: try await seedArea(installation, library), metatile: side,
            archive: try checkedName().map { "\(installation.directory.archiveDirectory)/\($0)" })
    }

    private func checkedSets() throws(ProblemError) -> [String] {
        let sets = matrixSets ?? ["w"]
        guard !sets.isEmpty, Set(sets).count == sets.count else {
            throw Self.refusal(zh: "matrixSets 是不重复的瓦片矩阵集", en: "matrixSets are tile matrix sets, each once")
        }
        return sets
    }

    private func checkedLevels() throws(ProblemError) -> ClosedRange<Int> {
        let ends = levels.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 0, first <= last, last <= 30 else {
            throw Self.refusal(zh: "levels 如 \"8-12\" 或 \"14\"", en: "levels are such as \"8-12\" or \"14\"")
        }
        return first...last
    }

    private func checkedFormats() throws(ProblemError) -> [TileFormat] {
        let names = formats ?? ["mvt"]
        let found = names.compactMap { TileFormat(name: $0) }
        guard !found.isEmpty, found.count == names.count, Set(found).count == found.count else {
            throw Self.refusal(
                zh: "formats 取 mvt、png、jpeg、webp，图片可加 @2x", en: "formats are mvt, png, jpeg and webp, pictures also with @2x")
        }
        return found
    }

    private func checkedName() throws(ProblemError) -> String? {
        guard let archive else { return nil }
        let isPlain = archive.utf8.allSatisfy { byte in
            (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || [0x2D, 0x2E, 0x5F].contains(byte)
        }
        guard isPlain, !archive.hasPrefix("."), archive.utf8.count <= 100, archive.hasSuffix(".pmtiles") || archive.hasSuffix(".mbtiles")
        else {
            throw Self.refusal(
                zh: "archive 是文件名，由字母、数字、点和横线组成，以 .pmtiles 或 .mbtiles 结尾",
                en: "archive is a file name of letters, digits, dots and dashes that ends in .pmtiles or .mbtiles")
        }
        return archive
    }

    private func seedArea(_ installation: Installation, _ library: MapLibrary) async throws -> SeedArea {
        guard let area else { return SeedArea(name: installation.city.code, envelope: installation.city.box) }
        if area.contains(":") {
            do {
                return try await SeedArea(feature: area, of: library)
            } catch let error as ProductionError {
                throw Self.refusal(zh: error.message.zh, en: error.message.en)
            }
        }
        guard let area = SeedArea(box: area) else {
            throw Self.refusal(
                zh: "area 是以度表示的 西,南,东,北，或 图层:编号", en: "area is WEST,SOUTH,EAST,NORTH in degrees, or LAYER:ID")
        }
        return area
    }

    static func refusal(zh: String, en: String) -> ProblemError {
        ProblemError(400, LocalisedText(zh: "请求有误", en: "Bad request"), LocalisedText(zh: zh, en: en))
    }
}
