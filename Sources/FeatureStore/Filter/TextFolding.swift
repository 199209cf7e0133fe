internal import Foundation

/// Which differences of text do not count.
struct TextFolding: OptionSet, Hashable, Sendable {
    let rawValue: UInt8

    /// `CASEI`: texts are equal where their full case folding is (Unicode 15, section 3.13).
    static let letterCase = TextFolding(rawValue: 1)
    /// `ACCENTI`: the canonical decomposition without its non-spacing marks.
    static let accents = TextFolding(rawValue: 2)

    func fold(_ text: String) -> String {
        if let plain = plainlyFolded(text) { return plain }
        var text = text
        if contains(.accents) { text = Self.withoutMarks(text) }
        if contains(.letterCase) {
            text = Self.caseFolded(text)
            // Folding can bring marks forth, as of the dotted capital I.
            if contains(.accents) { text = Self.withoutMarks(text) }
        }
        return text
    }

    /// Of ASCII and Chinese characters, which have neither case nor marks; `nil` where others are among them.
    private func plainlyFolded(_ text: String) -> String? {
        // The characters from U+4000 to U+9FFF are of three bytes, the first of which is one of these.
        guard text.utf8.allSatisfy({ $0 < 0xC0 || ($0 >= 0xE4 && $0 <= 0xE9) }) else { return nil }
        guard contains(.letterCase), text.utf8.contains(where: { $0 >= 0x41 && $0 <= 0x5A }) else { return text }
        return String(decoding: text.utf8.map { $0 >= 0x41 && $0 <= 0x5A ? $0 + 0x20 : $0 }, as: UTF8.self)
    }

    private static func withoutMarks(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars
        where scalar.properties.generalCategory != .nonspacingMark {
            kept.append(scalar)
        }
        return String(kept)
    }

    /// Two rounds of capitals and small letters put together what full case folding does: ß, ẞ and ss, the three sigmas, Kelvin's
    /// sign. The dotless i alone has a capital that is not its own.
    private static func caseFolded(_ text: String) -> String {
        var folded = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.value < 0x80 {
                folded.append(scalar.value >= 0x41 && scalar.value <= 0x5A ? Unicode.Scalar(UInt8(scalar.value) + 0x20) : scalar)
            } else if scalar.value == 0x131 || !scalar.properties.isCased && !scalar.properties.changesWhenCaseMapped {
                folded.append(scalar)
            } else {
                folded.append(contentsOf: round(round(String(scalar))).unicodeScalars)
            }
        }
        return String(folded)
    }

    private static func round(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            for capital in scalar.properties.uppercaseMapping.unicodeScalars { result += capital.properties.lowercaseMapping }
        }
        return result
    }
}
