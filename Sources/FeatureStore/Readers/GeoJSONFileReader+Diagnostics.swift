import SimpleFeatures
import Wording

extension GeoJSONFileReader {
    /// The fault of one record.
    func diagnostic(_ error: GeoJSONError, _ bytes: Span<UInt8>) -> Diagnostic {
        let (line, column) = place.of(error.byteOffset, bytes)
        return Diagnostic(
            key: error.code.rawValue, value: TextPlace.snippet(error.byteOffset, bytes),
            reason: .init(
                zh: "第 \(line) 行第 \(column) 列：\(DiagnosticTitle.chinese(error.code))。",
                en: "At line \(line), column \(column): \(error.reason)."),
            suggestion: GeoJSONFileReader.remedy(error.code))
    }

    /// The fault that ends the reading of a file.
    static func damage(_ error: GeoJSONError, in source: SourceBytes) -> ReaderError {
        source.withBytes { bytes in
            var counter = TextPlace()
            let (line, column) = counter.of(error.byteOffset, bytes)
            let place = "\(source.name): line \(line), column \(column)"
            // A second byte of GBK may be a backslash, so foreign text looks like broken syntax.
            let isForeign = bytes.count > error.byteOffset && !TextDecoder.judge(bytes.extracting(surroundings(of: error.byteOffset, bytes))).isUTF8
            return ReaderError(
                code: isForeign ? .encodingWrong : .contentDamaged,
                message: isForeign
                    ? "\(place): \(error.reason), and the file is not UTF-8; try `--encoding GB18030`"
                    : "\(place): \(error.reason); \(remedy(error.code).en)",
                cause: error)
        }
    }

    /// Enough text around a fault to judge its encoding by, cut between characters.
    private static func surroundings(of offset: Int, _ bytes: Span<UInt8>) -> Range<Int> {
        let reach = 1 << 20
        var start = max(0, offset - reach)
        var end = min(bytes.count, offset + reach)
        while start > 0, start < offset, bytes[start] >= 0x80 { start += 1 }
        while end < bytes.count, end > offset, bytes[end - 1] >= 0x80 { end -= 1 }
        return start..<end
    }

    private static func remedy(_ code: GeoJSONError.Code) -> LocalisedText {
        switch code {
        case .syntax: .init(zh: "请改正此处的 JSON 文本，或重新导出文件。", en: "Mend the JSON text there, or export the file again.")
        case .textNotUTF8: .init(
                zh: "GeoJSON 应为 UTF-8；文件若出自中文系统，请试 `--encoding GB18030`。",
                en: "GeoJSON is UTF-8; if the file came from a Chinese system try `--encoding GB18030`.")
        case .nestedTooDeeply: .init(zh: "请展平层层嵌套的集合。", en: "Flatten the collections inside one another.")
        case .typeUnknown: .init(zh: "请用 RFC 7946 的类型，拼写须完全一致。", en: "Use one of RFC 7946's types, spelt exactly.")
        case .memberMissing: .init(zh: "请补全 RFC 7946 要求的成员。", en: "Give the object the members that RFC 7946 asks for.")
        case .numberExpected: .init(zh: "坐标请写成不带引号的数字。", en: "Write coordinates as numbers without quotes.")
        case .coordinateNotFinite: .init(zh: "请删除该坐标，或给出真实坐标。", en: "Remove the position or give its real coordinates.")
        case .positionTooShort: .init(zh: "每个坐标都应有东、北两个分量。", en: "Give every position an east and a north value.")
        case .tooManyPositions: .init(zh: "请将几何拆分为多个要素。", en: "Split the geometry into several features.")
        }
    }
}

/// Turns byte offsets into what a person can find in an editor; offsets that grow are counted on from the last.
struct TextPlace {
    private var scanned = 0
    private var line = 1
    private var lineStart = 0

    /// Line and column from 1; columns count bytes.
    mutating func of(_ offset: Int, _ bytes: Span<UInt8>) -> (line: Int, column: Int) {
        let offset = min(offset, bytes.count)
        if offset < scanned { self = TextPlace() }
        while scanned < offset {
            if bytes[scanned] == 0x0A {
                line &+= 1
                lineStart = scanned &+ 1
            }
            scanned &+= 1
        }
        return (line, offset - lineStart + 1)
    }

    /// Up to forty bytes from `offset` on, as far as they are one line of text.
    static func snippet(_ offset: Int, _ bytes: Span<UInt8>) -> String? {
        guard offset < bytes.count else { return nil }
        var end = offset
        while end < min(bytes.count, offset + 40), bytes[end] != 0x0A, bytes[end] != 0x0D { end += 1 }
        return unsafe bytes.withUnsafeBufferPointer { unsafe String(decoding: $0[offset..<end], as: UTF8.self) }
    }
}
