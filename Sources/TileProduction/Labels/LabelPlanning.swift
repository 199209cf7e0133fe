import FeatureStore
import Portrayal
import Tiling
import Wording

/// Places the labels of whole levels ahead of demand, on the caller's thread.
public struct LabelPlanning {
    public enum Result: Equatable, Sendable {
        /// - Parameter isNew: whether it was made now, or found as it should be.
        case placed(symbols: Int, bytes: Int, isNew: Bool)
        /// The level's labels are placed inside each metatile.
        case tooFine
    }

    private let map: LiveMap
    private let library: MapLibrary
    private let files: LabelFiles
    private let matrixSet: String
    private let bench = WorkerBench()

    /// - Throws: `ProductionError` for a map or matrix set that there is not, or a map without a usable style.
    public init(library: MapLibrary, files: LabelFiles, map: String, matrixSet: String) throws(ProductionError) {
        guard let live = library.state.maps[map], live.definition.matrixSets.contains(matrixSet), library.state.sets[matrixSet] != nil
        else {
            throw ProductionError(
                code: .unknownMap,
                message: .init(
                    zh: "没有提供瓦片矩阵集 \(matrixSet) 的地图“\(map)”", en: "there is no map \"\(map)\" in matrix set \"\(matrixSet)\""))
        }
        guard live.style != nil else {
            throw ProductionError(
                code: .portrayal,
                message: .init(zh: "地图 \(map) 没有可用的样式；运行 workmap doctor", en: "map \(map) has no usable style; run workmap doctor"))
        }
        (self.library, self.files, self.map, self.matrixSet) = (library, files, live, matrixSet)
    }

    /// Makes and writes the plan of a level, unless it is there.
    ///
    /// - Throws: `PortrayalError` for a label that cannot be set; what reading and writing throw.
    public func place(level: Int, ratio: Int) throws -> Result {
        guard let set = library.state.sets[matrixSet],
            let planner = LabelPlanner(map: map, set: set, level: level, ratio: ratio), let canvas = try planner.canvas()
        else { return .tooFine }
        if let labels = files.find(planner, canvas: canvas).labels {
            return .placed(symbols: labels.plan.symbolCount, bytes: labels.bytes.count, isNew: false)
        }
        let labels = try planner.labels(on: canvas, bench: bench)
        try files.store(labels, planner)
        return .placed(symbols: labels.plan.symbolCount, bytes: labels.bytes.count, isNew: true)
    }
}
