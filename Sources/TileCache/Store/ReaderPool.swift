import Synchronization

/// Which readers are idle, and who waits for one.
final class ReaderPool: Sendable {
    private struct State {
        var idle: [Int]
        var waiting: [CheckedContinuation<Int?, Never>] = []
        /// Whether somebody gave up waiting since a reader last came back: the disk does not answer.
        var isStuck = false
    }

    private let state: Mutex<State>
    /// So many may wait; a crowd beyond them is better served by making tiles.
    private static let waitingLimit = 512

    init(count: Int) { state = Mutex(State(idle: Array(0..<count))) }

    /// A reader, waited for where others are at it; `nil` where too many wait or the disk does not answer.
    func take() async -> Int? {
        await withCheckedContinuation { continuation in
            let answer: Int?? = state.withLock { state in
                if let index = state.idle.popLast() { return .some(index) }
                guard !state.isStuck, state.waiting.count < Self.waitingLimit else { return .some(nil) }
                state.waiting.append(continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    func giveBack(_ index: Int) {
        let next: CheckedContinuation<Int?, Never>? = state.withLock { state in
            state.isStuck = false
            if state.waiting.isEmpty {
                state.idle.append(index)
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume(returning: index)
    }

    /// Somebody has waited too long: until a reader comes back nobody waits for one.
    func gaveUp() { state.withLock { $0.isStuck = true } }

    /// The reader that is taken next.
    var next: Int? { state.withLock { $0.idle.last } }
}
