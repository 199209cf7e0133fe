public import Tiling

/// Where the blocks of a spool lie, brought up to date by reading what was appended since.
public struct SpoolIndex: Sendable {
    public let spool: Spool
    /// How far each file has been read.
    private var ends: [String: UInt64] = [:]
    private var places: [TileAddress: SpoolPlace] = [:]

    public init(_ spool: Spool) { self.spool = spool }

    /// Reads the heads of the blocks that all processes have appended; what a killed one left half-written is passed over.
    ///
    /// - Throws: `storageFailed`.
    public mutating func refresh() throws(JobError) {
        for segment in try spool.segments() {
            let (found, end) = try spool.places(in: segment, from: ends[segment] ?? 0)
            for place in found { add(place) }
            ends[segment] = end
        }
    }

    /// The latest go at a block counts; of one go any, for they are equal.
    private mutating func add(_ place: SpoolPlace) {
        if let known = places[place.address], known.attempt > place.attempt { return }
        places[place.address] = place
    }

    /// Where the block lies, made from this version of the data; `nil` where it was not yet.
    public func place(of address: TileAddress, version: UInt64) -> SpoolPlace? {
        places[address].flatMap { $0.version == version ? $0 : nil }
    }
}
