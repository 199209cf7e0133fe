/// Check characters of the national identifiers, over synthetic bodies only.
enum CheckDigits {
    /// An 18-character citizen number of area 999999 and a birth date in 2099, which no person has
    /// (GB 11643-1999: ISO 7064 MOD 11-2).
    static func citizen(month: Int, day: Int, serial: Int) -> String {
        let body = "9999992099" + padded(month, 2) + padded(day, 2) + padded(serial % 1000, 3)
        let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(body.utf8, weights).reduce(0) { $0 + Int($1.0 - 48) * $1.1 }
        return body + String(Array("10X98765432")[sum % 11])
    }

    private static let alphabet = Array("0123456789ABCDEFGHJKLMNPQRTUWXY")

    /// An 18-character social credit code whose organisation part begins with `M`, as those given since 2015 do
    /// (GB 32100-2015).
    static func socialCredit(category: String, serial: Int) -> String {
        let organisation = "M" + base31(serial, 7)
        let body = category + "441900" + organisation + organisationCheck(organisation)
        var weight = 1
        var sum = 0
        for character in body {
            sum += (alphabet.firstIndex(of: character) ?? 0) * weight
            weight = weight * 3 % 31
        }
        return body + String(alphabet[(31 - sum % 31) % 31])
    }

    /// GB 11714-1997.
    private static func organisationCheck(_ code: String) -> String {
        let weights = [3, 7, 9, 10, 5, 8, 4, 2]
        let sum = zip(code.utf8, weights).reduce(0) { sum, pair in
            let value = pair.0 >= 65 ? Int(pair.0) - 55 : Int(pair.0) - 48
            return sum + value * pair.1
        }
        switch 11 - sum % 11 {
        case 10: return "X"
        case 11: return "0"
        case let check: return String(check)
        }
    }

    private static func base31(_ number: Int, _ length: Int) -> String {
        var left = number
        var text = ""
        for _ in 0..<length {
            text = String(alphabet[left % 31]) + text
            left /= 31
        }
        return text
    }

    static func padded(_ number: Int, _ length: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, length - digits.count)) + digits
    }
}
