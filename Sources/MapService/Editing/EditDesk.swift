import FeatureStore
import OGCAPI
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// Changes one feature of a layer, and has it served as it is then before it says so.
struct EditDesk: Sendable {
    let service: ServiceContext
    let desks: FeatureDesks
    let queue: EditQueue

    /// What shall become of a feature.
    enum Change: Sendable {
        case create(SentFeature)
        case replace(Int64, SentFeature)
        case patch(Int64, SentFeature)
        case remove(Int64)

        /// Of the feature that there is; `nil` for a new one.
        var target: Int64? {
            switch self {
            case .create: nil
            case .replace(let id, _), .patch(let id, _), .remove(let id): id
            }
        }

        var sent: SentFeature? {
            switch self {
            case .create(let sent), .replace(_, let sent), .patch(_, let sent): sent
            case .remove: nil
            }
        }
    }

    /// What a request says about its change.
    struct Terms: Sendable {
        var conditions: EntityConditions
        /// Of the positions that are sent.
        var crs: CRSIdentifier
        var isLenient: Bool
    }

    struct Outcome: Sendable {
        var id: Int64
        /// What was done; `nil` where there was nothing to do.
        var report: ImportReport?
        /// As the change has left them: the layer, and the feature with its open values if it is there.
        var selection: FeatureSelection
        var feature: Feature?
    }

    /// How often a change begins anew because another process has changed the layer meanwhile.
    private static let attempts = 20
    /// How long an answer waits for tiles that are made anew as a whole.
    private static let patience = Duration.seconds(10)

    /// - Throws: `ProblemError` 404, 412, 422 and 428, `RegistryError`; the layer is then as it was.
    func perform(_ change: Change, on layer: String, _ terms: Terms) async throws -> Outcome {
        let outcome = try await queue.run {
            let done = try await commit(change, on: layer, terms)
            // What is done is done once: from here on nothing but reading begins anew.
            try await service.library.catchUp()
            return try await SteadyMiddleware.steadily(service.library) {
                var served = try FeatureSelection(layer: layer, in: service.library.state)
                try await turn(&served, to: done.report?.version)
                return Outcome(id: done.id, report: done.report, selection: served, feature: try await feature(done.id, served))
            }
        }
        try await service.library.settle(layer, within: Self.patience)
        return outcome
    }

    /// What another process has done since is not this change's, and its client must not take it for that.
    private func turn(_ served: inout FeatureSelection, to version: Int64?) async throws {
        guard let version, version != served.record.version else { return }
        let state = LayerState.version(version)
        served.turn(to: (try await service.installation.registry.record(of: served.record.id, in: state), state))
    }

    private typealias Committed = (id: Int64, report: ImportReport?)

    private func commit(_ change: Change, on layer: String, _ terms: Terms) async throws -> Committed {
        for _ in 0..<Self.attempts {
            do {
                return try await attempt(change, on: layer, terms)
            } catch let error as RegistryError where error.code == .versionChanged {
                try await service.library.catchUp()
            } catch let error as ImportError {
                guard error.rejections.isEmpty else { throw EditRefusal.rejected(error.rejections) }
                guard let cause = error.cause as? RegistryError else { throw error }
                guard cause.code == .versionChanged else { throw cause }
                try await service.library.catchUp()
            }
        }
        throw RegistryError(code: .busy, message: .init(zh: "图层 \(layer) 不断被改写", en: "layer \(layer) goes on changing"))
    }

    /// - Throws: `versionChanged`, by itself or as a cause, where the layer is another than the library serves; nothing is done then.
    private func attempt(_ change: Change, on layer: String, _ terms: Terms) async throws -> Committed {
        let selection = try FeatureSelection(layer: layer, in: service.library.state)
        if let id = change.target { try await check(id, selection, terms.conditions) }
        if case .patch(let id, let sent) = change, sent.saysNothing { return (id, nil) }
        var request = ImportRequest(layer: layer, crs: selection.record.crs)
        request.policy = service.installation.policy
        let manner = EditManner(mendsGeometry: terms.isLenient, keepsPlace: change.keepsPlace)
        let editor = LayerEditor(registry: service.installation.registry, request: request, manner: manner)
        let reader = try await reader(change, selection, terms)
        let removals: [Int64] = if case .remove(let id) = change { [id] } else { [] }
        let done = try await editor.edit(reader.map { [$0] } ?? [], removals: removals, version: selection.record.version)
        guard let id = done.identifiers.first else { preconditionFailure("an edit of one feature gives one id") }
        return (id, done.report)
    }

    /// - Throws: 404 where there is no such feature, 428 and 412 where its state is not said or not the one that is meant.
    private func check(_ id: Int64, _ selection: FeatureSelection, _ conditions: EntityConditions) async throws {
        let layer = selection.record.id
        guard let former = try await feature(id, selection) else {
            throw ProblemError.notFound(zh: "\(layer) 没有要素 \(id)；新要素请用 POST 加入", en: "\(layer) has no feature \(id); add a new one with POST")
        }
        if service.settings.editing.demandsIfMatch, conditions.ifMatch == nil { throw EditRefusal.unconditional(id, layer) }
        let tag = FeatureTag(former)
        if let failing = conditions.failing(lastChange: LayerClock.second(of: selection.record), isCurrent: tag.isCurrent) {
            throw EditRefusal.failed(failing, id, layer)
        }
    }

    /// The feature as everybody sees it, with the values of open fields; `nil` also for one that is withheld.
    private func feature(_ id: Int64, _ selection: FeatureSelection) async throws -> Feature? {
        try await desks.next.features([id], of: selection).first
    }

    private func reader(_ change: Change, _ selection: FeatureSelection, _ terms: Terms) async throws -> SentFeatureReader? {
        guard let sent = change.sent else { return nil }
        let place = try await PlaceJudge(
            installation: service.installation, desk: desks.next, identifier: terms.crs, isLenient: terms.isLenient
        ).judge(sent, for: selection)
        let isPatch = if case .patch = change { true } else { false }
        let judged = SentFeatureJudge(selection: selection, isLenient: terms.isLenient)
            .judge(sent, id: change.target ?? 0, statesAll: !isPatch, place: place)
        return SentFeatureReader(judged.record, schema: judged.schema)
    }
}

extension EditDesk.Change {
    /// A patch that says nothing of the place leaves the feature where it is.
    fileprivate var keepsPlace: Bool {
        if case .patch(_, let sent) = self, case .absent = sent.geometry { true } else { false }
    }
}

extension SentFeature {
    /// Whether a patch changes nothing.
    fileprivate var saysNothing: Bool {
        guard case .absent = geometry else { return false }
        switch properties {
        case .absent: return true
        case .null: return false
        case .value(let properties): return properties.isEmpty
        }
    }
}
