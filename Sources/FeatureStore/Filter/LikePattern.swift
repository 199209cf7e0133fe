/// A pattern of `LIKE` (OGC 21-065r2 clause 7.2): `%` for any characters, `_` for one, a backslash before what is meant itself.
struct LikePattern: Hashable, Sendable {
    enum Piece: Hashable, Sendable {
        case scalar(Unicode.Scalar)
        case one
        case any
    }

    /// Never two `any` in a row.
    let pieces: [Piece]

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
    }

    /// At most as many steps as the text has characters times the pattern.
    func matches(_ text: String) -> Bool {
        let scalars = Array(text.unicodeScalars)
        var (at, piece) = (0, 0)
        // Where to go on after the last `any`, should what follows it not fit.
        var retry: (at: Int, piece: Int)?
        while at < scalars.count {
            if piece < pieces.count, pieces[piece] == .any {
                piece += 1
                retry = (at, piece)
            } else if piece < pieces.count, pieces[piece] == .one || pieces[piece] == .scalar(scalars[at]) {
                at += 1
                piece += 1
            } else if let last = retry {
                at = last.at + 1
                piece = last.piece
                retry = (at, piece)
            } else {
                return false
            }
        }
        return pieces[piece...].allSatisfy { $0 == .any }
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
