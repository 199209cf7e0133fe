import Synchronization

/// Gives whoever waits the first answer of several.
private final class FirstAnswer<Answer: Sendable>: Sendable {
    private enum State {
        case open
        case waiting(CheckedContinuation<Answer, any Error>)
        case answered(Result<Answer, any Error>)
        case over
    }

    private let state = Mutex(State.open)

    func give(_ result: Result<Answer, any Error>) {
        let waiting: CheckedContinuation<Answer, any Error>? = state.withLock { state in
            switch state {
            case .open: state = .answered(result)
            case .waiting(let continuation):
                state = .over
                return continuation
            case .answered, .over: break
            }
            return nil
        }
        waiting?.resume(with: result)
    }

    /// To be called once.
    func wait() async throws -> Answer {
        try await withCheckedThrowingContinuation { continuation in
            let answered: Result<Answer, any Error>? = state.withLock { state in
                if case .answered(let result) = state {
                    state = .over
                    return result
                }
                state = .waiting(continuation)
                return nil
            }
            if let answered { continuation.resume(with: answered) }
        }
    }
}

extension Task where Failure == any Error {
    /// What the task gives, or `nil` where it takes longer than `limit`; the task goes on either way.
    public func value(within limit: Duration) async throws -> Success? {
        let answer = FirstAnswer<Success?>()
        let clock = Task<Void, Never> {
            do { try await Task<Never, Never>.sleep(for: limit) } catch { return }  // the task was quicker
            answer.give(.success(nil))
        }
        Task<Void, Never> {
            do { answer.give(.success(try await self.value)) } catch { answer.give(.failure(error)) }
        }
        defer { clock.cancel() }
        return try await answer.wait()
    }
}
