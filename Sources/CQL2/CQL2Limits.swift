/// How large a filter may be; whatever is larger is refused before it costs much.
public struct CQL2Limits: Hashable, Sendable {
    /// Of the encoded filter.
    public var bytes: Int
    /// Parentheses, brackets and operators inside one another.
    public var nesting: Int
    /// Operators, operands and literals.
    public var nodes: Int
    /// Positions of all geometry literals together.
    public var vertices: Int

    public init(bytes: Int = 1 << 20, nesting: Int = 64, nodes: Int = 20_000, vertices: Int = 100_000) {
        self.bytes = bytes
        self.nesting = nesting
        self.nodes = nodes
        self.vertices = vertices
    }

    /// Operators of one rank in a row, `1 + 2 + 3`, where each becomes the operand of the next.
    static let chain = 50
}
