import ArgumentParser
import Foundation
import SimpleFeatures
import TileCache
import TileProduction

/// `FIRST-LAST` or one level.
struct LevelRange {
    let levels: ClosedRange<Int>

    init(_ text: String) throws {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 0, first <= last, last <= 30
        else { throw ValidationError("--levels is FIRST-LAST or one level, such as 8-18, not \"\(text)\"") }
        levels = first...last
    }
}

/// Formats with commas between, and the ratio that pictures get which do not say theirs.
struct FormatList {
    let formats: [TileFormat]

    init(_ text: String, ratio: Int) throws {
        formats = try text.split(separator: ",", omittingEmptySubsequences: false).map { part in
            let name = part.filter { $0 != " " }
            let isBare = ratio == 2 && name != "mvt" && !name.contains("@")
            guard let format = TileFormat(name: isBare ? "\(name)@2x" : name) else {
                throw ValidationError("--formats are mvt, png, jpeg and webp, pictures also with @2x, with commas between, not \"\(text)\"")
            }
            return format
        }
        guard Set(formats).count == formats.count else { throw ValidationError("--formats names one format twice: \"\(text)\"") }
    }
}

/// `1` or `1%`: so many of a hundred.
struct Percentage {
    let share: Double

    init(_ text: String) throws {
        guard let number = Double(text.hasSuffix("%") ? String(text.dropLast()) : text), (0...100).contains(number) else {
            throw ValidationError("--fail-above is a percentage, 0 to 100, such as 1%, not \"\(text)\"")
        }
        share = number / 100
    }
}
