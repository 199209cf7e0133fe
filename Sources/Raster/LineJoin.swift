/// How two pieces of a line meet on the outside of a bend.
public enum LineJoin: String, Sendable, CaseIterable {
    /// A point, or a bevel where it would be longer than the stroke's `miterLimit`.
    case miter
    case round
    case bevel
}
