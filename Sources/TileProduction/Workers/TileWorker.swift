/// One thread that makes tiles, with the scratch buffers, fonts and compressors it reuses.
public actor TileWorker {
    private let thread: WorkerThread
    private let bench: WorkerBench

    public nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe thread.asUnownedSerialExecutor() }

    public init(number: Int, effort: EncodingEffort = .quick) {
        thread = WorkerThread(name: "tile-\(number)")
        bench = WorkerBench(effort: effort)
    }

    /// Runs `work` on the worker's thread.
    func run<Output: Sendable>(_ work: @Sendable (WorkerBench) throws -> Output) throws -> Output {
        try work(bench)
    }
}
