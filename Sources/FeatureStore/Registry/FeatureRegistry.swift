public import SimpleFeatures

/// The authoritative store of a data directory: every layer in its own CRS, with all its fields.
///
/// A layer is replaced as a whole or edited feature by feature: readers see the former version, complete, until the moment of
/// the commit, and a process that ends at any moment before it leaves nothing behind that a reader could see.
public protocol FeatureRegistry: Sendable {
    /// Every layer's current version, ordered by id.
    func layers() async throws(RegistryError) -> [LayerRecord]

    /// Differs from an earlier answer exactly when a layer was committed or removed since, or another registry has taken this one's
    /// place; cheap enough to poll.
    func changeCount() async throws(RegistryError) -> Int64

    /// The present moment: whatever is derived from the registry is of it or older.
    func moment() async throws(RegistryError) -> RegistryMoment

    /// Whether this registry has lived through a moment; `false` for another registry, and for a copy made before.
    func hasLived(through moment: RegistryMoment) async throws(RegistryError) -> Bool

    /// Begins a new version of the layer, known to nobody before its commit.
    ///
    /// - Throws: `busy` when another process is importing; `layerInvalid` for an id that cannot be stored; `deliveryTaken` for
    ///   the name of another version, `deliveryUnsuitable` for one that cannot be a name, or while another version is staged.
    func beginReplacement(
        of definition: LayerDefinition, as delivery: DeliveryRequest
    ) async throws(RegistryError) -> any LayerWriter

    /// The layer's named versions, the latest import first, those that were dropped included.
    ///
    /// - Throws: `layerUnknown` where there is none.
    func deliveries(of layer: String) async throws(RegistryError) -> [LayerDelivery]

    /// Serves a staged or former version of a layer in place of the present one, at once for every reader.
    ///
    /// The version gets a new version number. The present one keeps its edits and can be published again.
    /// - Parameter prepare: derives what must be there at the switch; given the version and the layer as it will be. What it
    ///   throws ends the publication.
    /// - Throws: `deliveryUnknown`, `deliveryEdited`, `deliveryUnsuitable` for what is served already, `busy`, and what `prepare`
    ///   threw.
    func publish(
        _ request: PublicationRequest, prepare: (LayerDelivery, LayerRecord) async throws -> Void
    ) async throws -> DeliveryOutcome

    /// Deletes a version that is not being served.
    func drop(_ name: String, of layer: String) async throws(RegistryError)

    /// The number of the version that was served at a time.
    ///
    /// - Parameter time: ISO 8601 in UTC with whole seconds.
    /// - Throws: `layerNotYet` for a time before the first import, `historyAbsent` for one before imports were recorded.
    func version(of layer: String, at time: String) async throws(RegistryError) -> Int64

    /// The layer as it is or was in a state.
    ///
    /// - Throws: `historyAbsent` or `historyDropped` where that cannot be told.
    func record(of layer: String, in state: LayerState) async throws(RegistryError) -> LayerRecord

    /// Changes some features of a layer, all of them or none; what they were stays in the layer's history.
    ///
    /// - Parameter version: the one that the changes were made from; another one is refused with `versionChanged`. `nil` for
    ///   whatever is there.
    /// - Throws: `busy` when another process goes on writing for seconds; `featureUnknown` for a removed feature that there is
    ///   not; `layerInvalid` for a geometry that the layer's kind does not take.
    func edit(_ layer: String, _ changes: [FeatureChange], version: Int64?) async throws(RegistryError) -> LayerEdit

    /// The ids that edits touched since a version; `nil` where the layer was replaced since, or has no such version.
    func identifiersEdited(in layer: String, since version: Int64) async throws(RegistryError) -> Set<Int64>?

    /// Forgets the layer.
    func removeLayer(_ id: String) async throws(RegistryError)

    /// How many features match, `after` and `limit` left out of account.
    func count(_ query: FeatureQuery) async throws(RegistryError) -> Int

    /// The ids of all matching features in the query's order, `after` and `limit` left out of account: to page through without
    /// searching anew.
    func identifiers(_ query: FeatureQuery) async throws(RegistryError) -> [Int64]

    /// Shows `consumer` the matching rows in the query's order, in one snapshot, without building features.
    ///
    /// - Returns: the consumer as it is after the last row.
    func scan<Consumer: FeatureRowConsumer>(
        _ query: FeatureQuery, into consumer: Consumer
    ) async throws(RegistryError) -> Consumer

    /// Shows `consumer` the rows of one page of what matches, in the query's order, and tells how much matches in all: both of one
    /// snapshot. `after` plays no part, `limit` is the page's.
    ///
    /// - Parameter skip: matching features before the page, 0 or more.
    func page<Consumer: FeatureRowConsumer>(
        _ query: FeatureQuery, skip: Int, into consumer: Consumer
    ) async throws(RegistryError) -> (consumer: Consumer, matched: MatchedFeatures)
}

/// The features of a layer's next version, on their way in.
public protocol LayerWriter: Sendable {
    /// The version that a commit will give.
    var version: Int64 { get }

    /// Stores features in the layer's CRS, their values of the schema's kinds and in its order.
    ///
    /// - Throws: `identifierInvalid` when an id was given before.
    func append(_ features: [Feature]) async throws(RegistryError)

    /// Makes what was appended the layer's current version, at once for every reader, or a staged one.
    func commit(reportJSON: String?) async throws(RegistryError) -> LayerRecord

    /// What the commit did beyond that; `nil` before it.
    func outcome() async -> DeliveryOutcome?

    /// Forgets what was appended; harmless after a commit.
    func abort() async throws(RegistryError)
}

extension FeatureRegistry {
    /// Begins a version that leaves nothing of the one before.
    public func beginReplacement(of definition: LayerDefinition) async throws(RegistryError) -> any LayerWriter {
        try await beginReplacement(of: definition, as: .replacement)
    }

    /// The current version of the layer called `id`; `nil` when there is none.
    public func layer(_ id: String) async throws(RegistryError) -> LayerRecord? {
        try await layers().first { $0.id == id }
    }

    /// The matching features by ascending id, geometry decoded; a value is null where the query does not read its field.
    public func features(_ query: FeatureQuery) async throws(RegistryError) -> [Feature] {
        let collector = try await scan(query, into: FeatureCollector())
        if let failure = collector.failure { throw failure }
        return collector.features
    }
}
