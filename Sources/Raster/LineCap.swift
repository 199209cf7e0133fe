/// How an open line, or a dash of it, ends.
public enum LineCap: String, Sendable, CaseIterable {
    case butt
    case round
    /// Half the width beyond the end.
    case square
}
