/// Who is told which tiles not to give any more, and how.
public struct PurgeSettings: Sendable {
    /// `http` or `https`, each told of everything by itself.
    public var receivers: [String] = []
    /// Signs what is sent; empty to send it unsigned.
    public var secret: [UInt8] = []
    /// Notices that wait for one receiver before they become one a map.
    public var queueLimit = 256
    /// How long a receiver may take to answer.
    public var answerLimit = Duration.seconds(10)
    /// Until the first further try; doubled after each, up to `longestPause`.
    public var firstPause = Duration.seconds(1)
    public var longestPause = Duration.seconds(60)

    public init() {}
}
