public import FeatureStore
import FoundationEssentials
import Wording

extension Installation {
    /// Serves a staged or former version of a layer, its prepared file made first: when this returns, the layer is served so.
    ///
    /// - Throws: `RegistryError` where there is no such version or it may not be served, and whatever keeps its files from being
    ///   written; the layer is then as it was.
    public func publishVersion(_ request: PublicationRequest) async throws -> DeliveryOutcome {
        try checkVersions(of: request.layer)
        return try await registry.publish(request) { target, record in try await derive(target, record) }
    }

    /// A layer of imagery has no versions: its tiles are an archive, which is replaced with the registry's entry.
    ///
    /// - Throws: `deliveryUnsuitable`.
    public func checkVersions(of layer: String) throws(RegistryError) {
        guard catalogue.layers[layer]?.isImagery == true else { return }
        throw RegistryError(
            code: .deliveryUnsuitable,
            message: .init(
                zh: "影像图层 \(layer) 不保留版本，导入即取代；要回到旧影像，请重新导入旧文件",
                en: "the layer of imagery \(layer) keeps no versions, and an import replaces it; import the old images again to go back"))
    }

    /// Makes the files of the version under the number it is about to get.
    private func derive(_ target: LayerDelivery, _ record: LayerRecord) async throws {
        let preparer = LayerPreparer(directory: directory, registry: registry, served: served, policy: policy)
        let definition = catalogue.layers[record.id]
            ?? catalogue.definition(of: record.id, title: record.title, schema: record.schema, dimension: record.dimension)
        let state = LayerState.delivery(target.number)
        if let name = preparer.fileName(definition, record) {
            if !link(preparer.fileName(definition, target.record), of: target, to: name, preparer) {
                try await preparer.prepare(definition, record, state: state, as: name)
            }
        }
        if let name = preparer.nameFile(definition, record) {
            if !link(preparer.nameFile(definition, target.record), of: target, to: name, preparer) {
                try await preparer.indexNames(definition, record, state: state, as: name)
            }
        }
    }

    /// What a staged version's import made serves under its new number; only then is it certain that nothing else is in it.
    ///
    /// - Returns: `false` where there is none.
    private func link(
        _ former: PreparedFileName?, of target: LayerDelivery, to name: PreparedFileName, _ preparer: LayerPreparer
    ) -> Bool {
        guard target.state == .staged, let former, former.digest == name.digest else { return false }
        let (from, to) = (preparer.path(former), preparer.path(name))
        guard FileManager.default.fileExists(atPath: from) else { return false }
        do {
            try FileManager.default.linkItem(atPath: from, toPath: to)
            return true
        } catch {
            // Another process tidied it away, or the file system has no links: the file is made anew.
            return false
        }
    }
}
