import Foundation
import Synchronization

/// An executor that runs its actor's jobs on one thread that may block: nobody else waits for a disk with it.
final class StoreThread: SerialExecutor {
    private struct State {
        var jobs: [UnownedJob] = []
        var isEnded = false
    }

    private let state = Mutex(State())
    private let arrivals = DispatchSemaphore(value: 0)

    init(name: String) {
        let thread = Thread { [self] in
            while true {
                arrivals.wait()
                let (job, isEnded) = state.withLock { ($0.jobs.isEmpty ? nil : $0.jobs.removeFirst(), $0.isEnded) }
                if let job { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) } else if isEnded { return }
            }
        }
        thread.name = name
        thread.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        state.withLock { $0.jobs.append(job) }
        arrivals.signal()
    }

    /// Lets the thread go once its jobs are done; for the deinitialiser of the actor, after which there are none.
    func end() {
        state.withLock { $0.isEnded = true }
        arrivals.signal()
    }
}
