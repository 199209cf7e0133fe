/// Does each thing once for all who ask for it at the same time.
actor SharedFlights<Key: Hashable & Sendable, Output: Sendable> {
    private var running: [Key: Task<Output, any Error>] = [:]
    /// How many asked for something that was under way.
    private(set) var joined = 0

    /// What `work` gives, begun now or by somebody else before.
    func run(_ key: Key, _ work: @escaping @Sendable @concurrent () async throws -> Output) async throws -> Output {
        if let flight = running[key] {
            joined += 1
            return try await flight.value
        }
        let flight = Task { try await work() }
        running[key] = flight
        defer { running[key] = nil }
        return try await flight.value
    }
}
