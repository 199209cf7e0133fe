/// How many changes of the data had been marked when something was begun.
///
/// Whoever makes a tile takes the generation first and the data afterwards; whoever changes the data publishes it first and
/// marks afterwards. So a tile that has missed a change always shows a generation below that of the change.
public struct CacheGeneration: Hashable, Comparable, Sendable {
    let number: UInt64

    init(_ number: UInt64) { self.number = number }

    /// Before any change was marked.
    public static let first = CacheGeneration(0)

    public static func < (left: CacheGeneration, right: CacheGeneration) -> Bool { left.number < right.number }
}
