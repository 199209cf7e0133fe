internal import Wording

/// The two versions that are compared, by name or by what they are.
public struct ComparedVersions: Sendable {
    public let before: LayerDelivery
    public let after: LayerDelivery

    /// - Parameters:
    ///   - deliveries: of the layer.
    ///   - before: `nil` for what `after` took or would take the place of.
    ///   - after: `nil` for the staged version where there is one and no earlier one is named, else the served one.
    /// - Throws: `deliveryUnknown` for a version that is not there, `historyDropped` for one that is no longer.
    public init(_ deliveries: [LayerDelivery], layer: String, before: String?, after: String?) throws(RegistryError) {
        let there = deliveries.filter { $0.state != .dropped }
        let served = there.first { $0.state == .served }
        if let after {
            self.after = try Self.find(after, deliveries, layer)
        } else {
            let staged = before == nil ? there.first { $0.state == .staged } : nil
            guard let found = staged ?? served else { throw Self.alone(layer) }
            self.after = found
        }
        if let before {
            self.before = try Self.find(before, deliveries, layer)
        } else {
            let last = there.filter { $0.state == .kept }.max { $0.record.version < $1.record.version }
            guard let found = self.after.state == .served ? last : served else { throw Self.alone(layer) }
            self.before = found
        }
    }

    private static func find(_ name: String, _ deliveries: [LayerDelivery], _ layer: String) throws(RegistryError) -> LayerDelivery {
        if let found = deliveries.first(where: { $0.name == name && $0.state != .dropped }) { return found }
        let names = deliveries.filter { $0.state != .dropped }.map(\.name).joined(separator: ", ")
        if deliveries.contains(where: { $0.name == name }) {
            throw RegistryError(
                code: .historyDropped,
                message: .init(
                    zh: "图层 \(layer) 的版本“\(name)”已不再保留；有：\(names)",
                    en: "version \"\(name)\" of layer \(layer) is no longer kept; there are: \(names)"))
        }
        throw RegistryError(
            code: .deliveryUnknown,
            message: .init(zh: "图层 \(layer) 没有版本“\(name)”；有：\(names)", en: "layer \(layer) has no version \"\(name)\"; it has: \(names)"))
    }

    private static func alone(_ layer: String) -> RegistryError {
        RegistryError(
            code: .deliveryUnknown,
            message: .init(
                zh: "图层 \(layer) 只有一个版本，没有可比较的；以后的导入会留下以前的版本",
                en: "layer \(layer) has one version and nothing to compare it with; imports from now on leave the former one"))
    }
}
