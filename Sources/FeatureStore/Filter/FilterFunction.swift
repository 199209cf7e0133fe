/// The functions that filters may call besides those of the standard.
public enum FilterFunction: String, Hashable, Sendable, CaseIterable {
    case lower, upper, length, abs, floor, ceil, round

    public var arguments: [FilterType] {
        switch self {
        case .lower, .upper, .length: [.text]
        case .abs, .floor, .ceil, .round: [.number]
        }
    }

    public var result: FilterType {
        switch self {
        case .lower, .upper: .text
        case .length, .abs, .floor, .ceil, .round: .number
        }
    }

    /// What people read of it.
    public var explanation: (zh: String, en: String) {
        switch self {
        case .lower: ("小写文本", "the text in small letters")
        case .upper: ("大写文本", "the text in capitals")
        case .length: ("文本的字符数", "the number of characters")
        case .abs: ("绝对值", "the number without its sign")
        case .floor: ("不大于该数的最大整数", "the greatest whole number that is not above it")
        case .ceil: ("不小于该数的最小整数", "the least whole number that is not below it")
        case .round: ("四舍五入的整数", "the nearest whole number, halves away from nought")
        }
    }
}
