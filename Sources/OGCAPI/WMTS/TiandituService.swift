/// The name of one of Tianditu's services, such as `vec_c`: a layer and a tile matrix set.
public struct TiandituService: Hashable, Sendable {
    public var layer: String
    public var tileMatrixSet: String

    public init(layer: String, tileMatrixSet: String) {
        self.layer = layer
        self.tileMatrixSet = tileMatrixSet
    }

    /// - Parameter name: a path segment or the value of `T`; what follows the last underscore is the set.
    public init?(_ name: some StringProtocol) {
        guard let cut = name.lastIndex(of: "_") else { return nil }
        let set = name[name.index(after: cut)...]
        guard cut > name.startIndex, !set.isEmpty, !name.contains("/") else { return nil }
        self.init(layer: String(name[..<cut]), tileMatrixSet: String(set))
    }

    /// Such as `vec_c`.
    public var name: String { "\(layer)_\(tileMatrixSet)" }
}
