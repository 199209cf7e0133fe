/// The names of a dBASE table's fields: at most ten bytes, cut between characters, each once without regard to letter case.
enum DBFNames {
    struct Name {
        var text: String
        /// In the table's encoding.
        var bytes: [UInt8]
    }

    private static let byteLimit = 10

    /// One name a wish, in the same order; a second one of the same spelling ends in a number.
    static func names(of wishes: [String], _ encoder: borrowing TextEncoder) -> [Name] {
        var taken: Set<[UInt8]> = []
        var names: [Name] = []
        for wish in wishes {
            var name = cut(wish, byteLimit, encoder)
            var n = 2
            while name.bytes.isEmpty || !taken.insert(lowered(name.bytes)).inserted {
                let ending = "_\(n)"
                name = cut(wish, byteLimit - ending.utf8.count, encoder)
                name.text += ending
                name.bytes += Array(ending.utf8)
                n += 1
            }
            names.append(name)
        }
        return names
    }

    /// ASCII alone has letter cases here: programs that read the table know of no others.
    private static func lowered(_ name: [UInt8]) -> [UInt8] {
        name.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }

    private static func cut(_ name: String, _ limit: Int, _ encoder: borrowing TextEncoder) -> Name {
        // A character that the encoding lacks, or that would end the name, is left out.
        var text = name.filter { $0 != "\0" && encoder.encode(String($0)) != nil }
        while true {
            if let bytes = encoder.encode(text), bytes.count <= limit { return Name(text: text, bytes: bytes) }
            text.removeLast()
        }
    }
}
