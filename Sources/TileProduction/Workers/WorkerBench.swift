import Compression

/// What one worker reuses from tile to tile. Never leaves its worker's thread.
public final class WorkerBench {
    /// Fast enough to run on every tile made on demand.
    let compressor = Compressor(level: 1)
}
