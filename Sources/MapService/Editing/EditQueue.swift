import Wording

/// Lets the changes of one service pass one after the other, in their order: each begins from what the one before has left.
actor EditQueue {
    private var isBusy = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// Changes that may wait before further ones are refused.
    static let limit = 256

    /// - Throws: 503 where too many wait, and what `body` throws.
    func run<Value: Sendable>(_ body: @Sendable () async throws -> Value) async throws -> Value {
        if isBusy {
            guard waiting.count < Self.limit else {
                throw ProblemError(
                    503, .init(zh: "等待的编辑过多", en: "Too many changes are waiting"),
                    .init(zh: "已有 \(Self.limit) 个编辑在等待，此次改动未作；请稍后重试", en: "\(Self.limit) changes wait already, and nothing was changed; try again later"))
            }
            await withCheckedContinuation { waiting.append($0) }
        } else {
            isBusy = true
        }
        defer { if waiting.isEmpty { isBusy = false } else { waiting.removeFirst().resume() } }
        return try await body()
    }
}
