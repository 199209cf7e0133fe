import Logging
import ServiceLifecycle
import TileProduction

/// Goes on with the service's jobs when it starts, and lets go of them when it stops.
struct JobService: Service, CustomStringConvertible {
    let desk: JobDesk
    let library: MapLibrary
    let logger: Logger

    var description: String { "JobService" }

    func run() async throws {
        do {
            try await library.prepareAll()
            try await desk.takeUp()
        } catch {
            logger.error("jobs cannot be gone on with", metadata: ["error": "\(error)"])
        }
        do { try await gracefulShutdown() } catch is CancellationError { logger.debug("jobs end at once") }
        await desk.stop()
    }
}
