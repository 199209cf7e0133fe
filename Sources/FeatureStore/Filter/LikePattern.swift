/// A pattern of `LIKE` (OGC 21-065r2 clause 7.2): `%` for any characters, `_` for one, a backslash before what is meant itself.
struct LikePattern: Hashable, Sendable {
    enum Piece: Hashable, Sendable {
        case scalar(Unicode.Scalar)
        case one
        case any
    }

    /// Never two `any` in a row.
    let pieces: [Piece]
    /// The pieces, characters as their bytes.
    private let steps: [Step]

    private enum Step: Hashable {
        case byte(UInt8)
        case one
        case any
    }

    init(_ text: String) {
        var pieces: [Piece] = []
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if isEscaped {
                pieces.append(.scalar(scalar))
                isEscaped = false
                continue
            }
            switch scalar {
            case "\\": isEscaped = true
            case "_": pieces.append(.one)
            case "%": if pieces.last != .any { pieces.append(.any) }
            default: pieces.append(.scalar(scalar))
            }
        }
        if isEscaped { pieces.append(.scalar("\\")) }
        self.pieces = pieces
        steps = pieces.flatMap { piece -> [Step] in
            switch piece {
            case .any: [.any]
            case .one: [.one]
            case .scalar(let scalar): UTF8.encode(scalar).map { Array($0) }.map { $0.map { .byte($0) } } ?? []
            }
        }
    }

    /// At most as many steps as the text has bytes times the pattern.
    func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { utf8 in unsafe matches(utf8) }
    }

    private func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var (at, piece) = (0, 0)
        // Where to go on after the last `any`, should what follows it not fit.
        var retry: (at: Int, piece: Int)?
        while at < text.count {
            if piece < steps.count, steps[piece] == .any {
                piece += 1
                retry = (at, piece)
            } else if piece < steps.count, steps[piece] == .one {
                at = unsafe Self.next(after: at, text)
                piece += 1
            } else if piece < steps.count, unsafe steps[piece] == .byte(text[at]) {
                at += 1
                piece += 1
            } else if let last = retry {
                at = unsafe Self.next(after: last.at, text)
                piece = last.piece
                retry = (at, piece)
            } else {
                return false
            }
        }
        return steps[piece...].allSatisfy { $0 == .any }
    }

    /// Where the next character begins.
    private static func next(after at: Int, _ text: UnsafeBufferPointer<UInt8>) -> Int {
        var next = at + 1
        while next < text.count, unsafe text[next] & 0xC0 == 0x80 { next += 1 }
        return next
    }

    /// The same as a pattern of SQLite's GLOB, which heeds letter case.
    var glob: String {
        var glob = String.UnicodeScalarView()
        for piece in pieces {
            switch piece {
            case .any: glob.append("*")
            case .one: glob.append("?")
            case .scalar(let scalar):
                if "*?[".unicodeScalars.contains(scalar) {
                    glob.append(contentsOf: "[".unicodeScalars)
                    glob.append(scalar)
                    glob.append("]")
                } else {
                    glob.append(scalar)
                }
            }
        }
        return String(glob)
    }
}
