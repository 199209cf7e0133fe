/// One thread that makes tiles, with the scratch buffers, fonts and compressors it reuses.
public actor TileWorker {
    private let thread: WorkerThread
    private let bench: WorkerBench

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    /// - Parameter niceness: of its thread, 0 to 19: the greater, the more it stands back.
    public init(number: Int, effort: EncodingEffort = .quick, niceness: Int32 = 10) {
        thread = WorkerThread(name: "tile-\(number)", niceness: niceness)
        bench = WorkerBench(effort: effort)
    }

    /// Runs `work` on the worker's thread.
    func run<Output: Sendable>(_ work: @Sendable (WorkerBench) throws -> Output) rethrows -> Output {
        try work(bench)
    }
}
