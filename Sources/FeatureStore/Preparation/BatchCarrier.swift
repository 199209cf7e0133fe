import Reprojection
import SimpleFeatures

/// Carries the positions of a batch from the source CRS to every served one.
///
/// Each target is reached from the cheapest start: a copy where it is the source itself, and Web Mercator by its
/// closed formula from CGCS2000 longitude and latitude, which are computed once.
struct BatchCarrier {
    private let toGeographic: Carry
    private let targets: [Carry]

    private enum Way {
        case copy
        case fromGeographic
    }

    private final class Carry {
        let way: Way
        let operation: CoordinateOperation

        init(way: Way, operation: consuming CoordinateOperation) {
            self.way = way
            self.operation = operation
        }
    }

    init(source: CRS, served: ServedCRSs, policy: DatumPolicy) throws(ReprojectionError) {
        var operations: [Carry] = []
        for target in served.crss {
            let operation = try CoordinateOperation(from: .cgcs2000, to: target, policy: policy)
            operations.append(Carry(way: target == source ? .copy : .fromGeographic, operation: operation))
        }
        targets = operations
        toGeographic = Carry(
            way: .fromGeographic, operation: try CoordinateOperation(from: source, to: .cgcs2000, policy: policy))
    }

    /// On entry the first CRS's coordinates are in the source CRS; on return every CRS has its own. A position that
    /// cannot be carried becomes NaN, which the writer refuses by name.
    func carry(_ batch: inout PreparedFeatureBatch) {
        let source = batch.coordinates[0]
        var geographic = Self.coordinates(source)
        _ = toGeographic.operation.transform(&geographic)
        for (place, target) in targets.enumerated() {
            switch target.way {
            case .copy: batch.coordinates[place] = source
            case .fromGeographic:
                var carried = geographic
                _ = target.operation.transform(&carried)
                batch.coordinates[place] = Self.flat(carried)
            }
        }
    }

    private static func coordinates(_ flat: [Double]) -> [Coordinate] {
        unsafe [Coordinate](unsafeUninitializedCapacity: flat.count / 2) { buffer, count in
            for i in 0..<(flat.count / 2) {
                unsafe buffer.initializeElement(at: i, to: Coordinate(x: flat[2 * i], y: flat[2 * i + 1]))
            }
            count = flat.count / 2
        }
    }

    private static func flat(_ coordinates: [Coordinate]) -> [Double] {
        unsafe [Double](unsafeUninitializedCapacity: coordinates.count * 2) { buffer, count in
            for (i, c) in coordinates.enumerated() {
                unsafe buffer.initializeElement(at: 2 * i, to: c.x)
                unsafe buffer.initializeElement(at: 2 * i + 1, to: c.y)
            }
            count = coordinates.count * 2
        }
    }
}
