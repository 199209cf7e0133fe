import CQL2
import FeatureStore
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Topology
import Wording

/// Answers feature queries: reads the registry, carries coordinates to the wanted CRS, writes GeoJSON.
///
/// Each desk owns the coordinate operations and the GEOS context it works with; there are as many desks as
/// requests are worked on at once.
actor FeatureDesk {
    let registry: any FeatureRegistry
    private let policy: DatumPolicy
    let topology: Predicates
    private var operations: [Pair: Carry] = [:]
    var marks = PageMarks()
    /// Envelopes of layers in the CRSs that requests name: their outlines are long, and the same for every request.
    private var contents: [Content: Envelope?] = [:]
    private static let contentLimit = 512

    /// A layer's envelope and two CRSs by their ids.
    private struct Content: Hashable {
        var box: Envelope
        var from: String
        var to: String
    }

    /// Two CRSs by their ids.
    private struct Pair: Hashable {
        var from: String
        var to: String
    }

    /// Holds an operation, which cannot be copied, where a dictionary can keep it.
    final class Carry {
        let operation: CoordinateOperation

        init(_ operation: consuming CoordinateOperation) {
            self.operation = operation
        }
    }

    /// Holds a GEOS context, which cannot be copied, where closures can reach it.
    final class Predicates {
        let context: TopologyContext

        init() throws(TopologyError) {
            context = try TopologyContext()
        }
    }

    init(registry: any FeatureRegistry, policy: DatumPolicy) throws(TopologyError) {
        self.registry = registry
        self.policy = policy
        topology = try Predicates()
    }

    /// Builds the coordinate operations that requests on layers in `crs` need: PROJ takes tenths of a second for one.
    func prepare(for crs: CRS) throws {
        let output = try GeoJSONOutput(.crs84)
        for (from, to) in [(crs, output.crs), (output.crs, crs), (.cgcs2000, crs), (crs, .gk114), (.cgcs2000, .gk114)] where from != to {
            _ = try operation(from, to)
        }
    }

    /// The box of a request in the CRS of the layer: the envelope of its carried and densified outline.
    func envelope(_ box: Envelope, from: CRS, to layer: CRS) throws -> Envelope {
        guard let carried = try operation(from, layer).operation.transform(box) else {
            throw ParameterError(
                .invalid, name: "bbox", value: nil,
                expected: .init(zh: "\(layer.id) 适用区域内的矩形", en: "a box inside the area of \(layer.id)"))
        }
        return carried
    }

    /// A box of a request in the CRS of a layer, a trifle larger than it need be: for a search whose finds are judged afterwards.
    ///
    /// - Throws: as `envelope`.
    func searchBox(_ box: Envelope, from: CRS, to layer: CRS) throws -> Envelope {
        let longest = from.isGeographic ? Self.shortBox / 100_000 : Self.shortBox
        guard box.width <= longest, box.height <= longest, from != layer,
            let carried = try operation(from, layer).operation.transform(box, segmentsPerEdge: 4)
        else { return try envelope(box, from: from, to: layer) }
        let metres = layer.isGeographic ? 111_000.0 : 1
        let side = max(carried.width, carried.height) * metres
        let bend = (0.001 + side * side * Self.bendPerSquareMetre) / metres
        return Envelope(minX: carried.minX - bend, minY: carried.minY - bend, maxX: carried.maxX + bend, maxY: carried.maxY + bend)
    }

    /// Metres: longer edges are carried with more positions.
    private static let shortBox = 20_000.0
    /// How far an edge of five positions may leave the line between two of them, in metres a square metre of its length: a quarter
    /// of a parallel bends by `tan(latitude) / (128 * 6.37e6)`, a fourteenth of this at 80 degrees.
    private static let bendPerSquareMetre = 1e-7

    /// The envelope of a box's carried and densified outline; `nil` outside the area of the other CRS.
    func carried(_ box: Envelope, _ from: CRS, _ to: CRS) throws -> Envelope? {
        try operation(from, to).operation.transform(box)
    }

    /// A request's filter, bound to the layer of a selection.
    ///
    /// - Parameters:
    ///   - crs: of the filter's geometries.
    ///   - isEastFirst: whether their positions are east first whatever the CRS says.
    ///   - identifierName: what the filter calls the feature's id; `nil` where it has no name.
    /// - Throws: `FilterError`; `ReprojectionError` for a CRS that cannot be carried to the layer's.
    func bind(
        _ expression: CQL2Expression, crs identifier: CRSIdentifier, to selection: FeatureSelection, isEastFirst: Bool = false,
        identifierName: String? = nil
    ) throws -> FeatureFilter {
        let crs = try identifier.system()
        var carry: ((inout [Coordinate]) -> Bool)?
        if let stored = selection.record.crs, stored != crs {
            let operation = try operation(crs, stored)
            carry = { operation.operation.transform(&$0) == 0 }
        }
        let carriage = LiteralCarriage(
            isNorthFirst: !isEastFirst && identifier.isNorthFirst == true, isGeographic: crs.isGeographic,
            tolerance: selection.record.crs?.isGeographic == true ? 1e-8 : 1e-3, carry: carry)
        var compiler = FilterCompiler(selection.record, open: selection.fields, carriage: carriage)
        compiler.identifierName = identifierName
        return try compiler.filter(expression)
    }

    /// Turns the boxes of a request, any of which may hold a feature, into envelopes of the layer's CRS to search and the condition
    /// that a feature really meets one of them.
    ///
    /// A box is cut to where the layer has something first: beyond that the layer's CRS may know no place at all.
    func selection(_ whole: FeatureSelection, in boxes: [Envelope], crs identifier: CRSIdentifier) throws -> FeatureSelection {
        var selection = whole
        guard let stored = selection.record.crs else { return selection }
        let crs = try identifier.system()
        let content = try content(of: selection, stored, in: crs)
        var envelopes: [Envelope?] = []
        var terms: [CQL2Expression] = []
        let name = FilterCompiler.geometryNames.first { selection.record.schema.index(of: $0) == nil }
        for box in boxes {
            let part = content.map { box.intersection($0) } ?? box
            if part.isEmpty { continue }
            // A box around everything asks no feature anything.
            guard part != content, let name else {
                envelopes.append(try envelope(part, from: crs, to: stored))
                continue
            }
            envelopes.append(try searchBox(part, from: crs, to: stored))
            terms.append(.spatial(.intersects, .property(name), .box([part.minX, part.minY, part.maxX, part.maxY])))
        }
        selection.envelopes = envelopes
        guard !terms.isEmpty, terms.count == envelopes.count else { return selection }
        let condition = try bind(terms.count == 1 ? terms[0] : .or(terms), crs: identifier, to: selection, isEastFirst: true)
        selection.filter = selection.filter?.and(condition) ?? condition
        return selection
    }

    /// Where a layer has something, in another CRS; `nil` where that cannot be said in it.
    private func content(of selection: FeatureSelection, _ stored: CRS, in crs: CRS) throws -> Envelope? {
        let box = selection.record.envelope
        if box.isEmpty { return .empty }
        let key = Content(box: box, from: stored.id, to: crs.id)
        if let known = contents[key] { return known }
        let content = try carried(box, stored, crs).map(Self.withMargin)
        if contents.count >= Self.contentLimit { contents.removeAll() }
        contents[key] = .some(content)
        return content
    }

    /// What lies at the edge of a layer's envelope must not be lost to rounding where a box is cut to it.
    private static func withMargin(_ box: Envelope) -> Envelope {
        let (x, y) = (box.width * 0.01 + 1e-6, box.height * 0.01 + 1e-6)
        return Envelope(minX: box.minX - x, minY: box.minY - y, maxX: box.maxX + x, maxY: box.maxY + y)
    }

    func carried(
        _ features: [Feature], of selection: FeatureSelection, to crs: CRS, unplaced: inout Int
    ) throws -> [Feature] {
        guard let stored = selection.record.crs, stored != crs else { return features }
        return try operation(stored, crs).operation.carry(features, unplaced: &unplaced)
    }

    /// Features with the values of the selection's open fields as GeoJSON with commas between them, and one before them where they
    /// are not the first.
    ///
    /// All positions are carried in one go, because what a call of PROJ costs is as much as what a building does.
    func write(
        _ features: [Feature], of selection: FeatureSelection, _ output: GeoJSONOutput, isFirst: Bool = true
    ) throws -> [UInt8] {
        var positions: [Coordinate] = []
        positions.reserveCapacity(features.count * 8)
        for feature in features { feature.geometry?.forEachPath { positions += $0 } }
        if let stored = selection.record.crs, stored != output.crs {
            _ = try operation(stored, output.crs).operation.transform(&positions)
        }
        output.order(&positions)
        var writer = output.writer(selection.openSchema)
        writer.bytes.reserveCapacity(features.count * 320 + positions.count * 32)
        var next = 0
        for (place, feature) in features.enumerated() {
            if place > 0 || !isFirst { writer.append(",") }
            writer.append(feature, positions: positions, from: &next)
        }
        return writer.bytes
    }

    /// A position on the geometry, for a marker.
    func representative(_ geometry: Geometry) throws -> Coordinate? {
        try topology.context.pointOnSurface(of: geometry)
    }

    func carry(_ geometry: Geometry, _ from: CRS, _ to: CRS) throws -> Geometry? {
        from == to ? geometry : try operation(from, to).operation.transform(geometry)
    }

    func operation(_ from: CRS, _ to: CRS) throws -> Carry {
        let key = Pair(from: from.id, to: to.id)
        if let known = operations[key] { return known }
        let made = Carry(try CoordinateOperation(from: from, to: to, policy: policy))
        operations[key] = made
        return made
    }
}
