import OGCAPI

/// What a browser calls a file that it saves (RFC 6266).
enum ContentDisposition {
    /// - Parameters:
    ///   - plain: for clients that know no other; all but letters, digits, `.`, `-` and `_` of ASCII become `_`.
    ///   - name: for all others, in any language.
    static func attachment(plain: String, name: String) -> String {
        let safe = String(
            plain.unicodeScalars.map { scalar in
                let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar) || ".-_".unicodeScalars.contains(scalar))
                return isPlain ? Character(scalar) : "_"
            })
        // What no file system takes in a name is left out; everything else is percent-encoded, so that no title breaks the header.
        let named = name.filter { !"/\\:*?\"<>|".contains($0) && !$0.isNewline && $0 != "\0" }
        return "attachment; filename=\"\(safe)\"; filename*=UTF-8''\(PercentEncoding.encode(named))"
    }
}
