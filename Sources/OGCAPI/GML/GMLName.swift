/// Names of elements.
public enum GMLName {
    /// What an identifier becomes as the name of an element: what no name may hold turns to underscores.
    ///
    /// Kept are letters that are letters in every edition of XML 1.0; parsers of the fourth know no newer ones.
    public static func element(_ text: String) -> String {
        var name = ""
        for scalar in text.unicodeScalars {
            // No name begins with a digit.
            if name.isEmpty, !isLetter(scalar) { name = "_" }
            if isLetter(scalar) || isFurther(scalar) {
                name.unicodeScalars.append(scalar)
            } else if name != "_" {
                name += "_"
            }
        }
        return name.isEmpty ? "_" : name
    }

    /// The same for several, each with a name of its own.
    public static func elements(_ texts: [String], taken: Set<String> = []) -> [String] {
        var taken = taken
        return texts.map { text in
            let plain = element(text)
            var name = plain
            var number = 2
            while !taken.insert(name).inserted {
                name = "\(plain)_\(number)"
                number += 1
            }
            return name
        }
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "_", "\u{4E00}"..."\u{9FA5}", "\u{3041}"..."\u{3094}", "\u{30A1}"..."\u{30FA}": true
        case "\u{C0}"..."\u{17E}", "\u{391}"..."\u{3CE}", "\u{410}"..."\u{44F}": scalar.properties.isAlphabetic
        default: false
        }
    }

    private static func isFurther(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "0"..."9", "-", ".": true
        default: false
        }
    }
}
