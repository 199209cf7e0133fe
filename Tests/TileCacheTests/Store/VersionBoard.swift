import Synchronization

/// The data of a few tiles, as one number each that only grows.
final class VersionBoard: Sendable {
    private struct State {
        var versions: [UInt64]
        var marked: [UInt64]
    }

    private let state: Mutex<State>

    init(count: Int) {
        state = Mutex(State(versions: [UInt64](repeating: 1, count: count), marked: [UInt64](repeating: 1, count: count)))
    }

    func now(_ n: Int) -> UInt64 { state.withLock { $0.versions[n] } }

    func change(_ n: Int) { state.withLock { $0.versions[n] += 1 } }

    /// To be called after a mark: every change until its beginning is marked. Gives the version that was last marked before.
    func marked(_ n: Int) -> UInt64 {
        state.withLock { state in
            defer { state.marked[n] = state.versions[n] }
            return state.marked[n]
        }
    }
}
