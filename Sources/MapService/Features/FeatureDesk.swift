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
    private let registry: any FeatureRegistry
    private let policy: DatumPolicy
    private let topology: Predicates
    private var operations: [String: Carry] = [:]
    private var marks = PageMarks()

    /// Holds an operation, which cannot be copied, where a dictionary can keep it.
    private final class Carry {
        let operation: CoordinateOperation

        init(_ operation: consuming CoordinateOperation) {
            self.operation = operation
        }
    }

    /// Holds a GEOS context, which cannot be copied, where closures can reach it.
    private final class Predicates {
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
        let crs = try CRS(identifier.description)
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
        let crs = try CRS(identifier.description)
        let isEmpty = selection.record.envelope.isEmpty
        let content = isEmpty ? .empty : try carried(selection.record.envelope, stored, crs).map(Self.withMargin)
        var envelopes: [Envelope?] = []
        var terms: [CQL2Expression] = []
        let name = FilterCompiler.geometryNames.first { selection.record.schema.index(of: $0) == nil }
        for box in boxes {
            let part = content.map { box.intersection($0) } ?? box
            if part.isEmpty { continue }
            envelopes.append(try envelope(part, from: crs, to: stored))
            // A box around everything asks no feature anything.
            guard part != content, let name else { continue }
            terms.append(.spatial(.intersects, .property(name), .box([part.minX, part.minY, part.maxX, part.maxY])))
        }
        selection.envelopes = envelopes
        guard !terms.isEmpty, terms.count == envelopes.count else { return selection }
        let condition = try bind(terms.count == 1 ? terms[0] : .or(terms), crs: identifier, to: selection, isEastFirst: true)
        selection.filter = selection.filter?.and(condition) ?? condition
        return selection
    }

    /// What lies at the edge of a layer's envelope must not be lost to rounding where a box is cut to it.
    private static func withMargin(_ box: Envelope) -> Envelope {
        let (x, y) = (box.width * 0.01 + 1e-6, box.height * 0.01 + 1e-6)
        return Envelope(minX: box.minX - x, minY: box.minY - y, maxX: box.maxX + x, maxY: box.maxY + y)
    }

    /// What a plain selection holds: the ids where they had to be searched for, else how many there are.
    func matched(_ selection: FeatureSelection) async throws -> PageCursor.Matched {
        let isWhole = selection.filter == nil && selection.order.isEmpty
        if selection.envelopes == [nil], isWhole { return .count(try await registry.count(selection.query(nil))) }
        guard let only = selection.envelopes.first, selection.envelopes.count == 1 else {
            // A box across the antimeridian is two, and a feature may lie in both.
            var ids: Set<Int64> = []
            for envelope in selection.envelopes { ids.formUnion(try await registry.identifiers(selection.query(envelope))) }
            return .ids(try await sorted(Array(ids), as: selection))
        }
        var query = selection.query(only)
        query.order = selection.order
        return .ids(try await registry.identifiers(query))
    }

    /// The ids of features that belong to a selection, in its order.
    private func sorted(_ ids: [Int64], as selection: FeatureSelection) async throws -> [Int64] {
        if selection.order.isEmpty { return ids.sorted() }
        var query = selection.query(nil)
        query.filter = nil
        query.ids = ids
        query.order = selection.order
        return try await registry.identifiers(query)
    }

    /// One run of a plain selection as GeoJSON features with commas between them.
    ///
    /// - Parameter cursor: where the run begins; moved on to where the next one does.
    func run(
        _ selection: FeatureSelection, cursor: inout PageCursor, limit: Int, output: GeoJSONOutput
    ) async throws -> [UInt8] {
        let isFirst = cursor.written == 0
        let features = try await features(of: selection, cursor: &cursor, limit: limit)
        return try write(features, of: selection, output, isFirst: isFirst)
    }

    /// The features of one run of a plain selection as they are stored, with the values of its open fields.
    private func features(of selection: FeatureSelection, cursor: inout PageCursor, limit: Int) async throws -> [Feature] {
        guard case .ids(let ids) = cursor.matched else { return try await next(of: selection, cursor: &cursor, limit: limit) }
        var query = selection.query(nil)
        query.ids = Array(ids.dropFirst(cursor.written + cursor.skip).prefix(limit))
        query.filters = []
        query.filter = nil
        query.exclusions = []
        query.order = selection.order
        let page = try await registry.scan(query, into: RowPage(skip: 0))
        if let failure = page.failure { throw failure }
        cursor.written += page.features.count
        return page.features
    }

    /// The next features by ascending id.
    private func next(of selection: FeatureSelection, cursor: inout PageCursor, limit: Int) async throws -> [Feature] {
        let (layer, version) = (selection.record.id, selection.record.version)
        // Rows have their numbers where none is left out.
        let isNumbered = selection.isWhole && cursor.after == .min && cursor.skip >= PageMarks.distance
        var passed = 0
        if isNumbered, let mark = marks.nearest(to: cursor.skip, layer: layer, version: version) {
            passed = mark.passed
            cursor.after = mark.after
            cursor.skip -= passed
        }
        var query = selection.query(nil)
        query.limit = limit + cursor.skip
        query.after = cursor.after
        let page = try await registry.scan(query, into: RowPage(skip: cursor.skip))
        if let failure = page.failure { throw failure }
        if isNumbered { marks.learn(page.marks, after: passed, layer: layer, version: version) }
        cursor.skip -= page.skipped
        cursor.after = page.lastID
        cursor.written += page.features.count
        return page.features
    }

    /// The features of one run in another CRS, east first, with the values of the selection's open fields; those of a selection
    /// with a shape that have it.
    ///
    /// - Parameter unplaced: grows by the features whose geometry cannot be carried; they keep none.
    func carriedRun(
        _ selection: FeatureSelection, cursor: inout PageCursor, limit: Int, to crs: CRS, unplaced: inout Int
    ) async throws -> [Feature] {
        var features = try await features(of: selection, cursor: &cursor, limit: limit)
        if selection.shape != nil {
            let test = try shapeTest(selection)
            features = try features.filter { try test($0) != nil }
        }
        return try carried(features, of: selection, to: crs, unplaced: &unplaced)
    }

    /// A page of a selection with a shape in another CRS, east first, with the values of the selection's open fields.
    func carriedPage(
        _ selection: FeatureSelection, offset: Int, limit: Int, to crs: CRS, unplaced: inout Int
    ) async throws -> [Feature] {
        let features = try await page(selection, offset: offset, limit: limit).features.map { feature in
            Feature(id: feature.id, geometry: feature.geometry, values: selection.fields.map { feature.values[$0] })
        }
        return try carried(features, of: selection, to: crs, unplaced: &unplaced)
    }

    private func carried(
        _ features: [Feature], of selection: FeatureSelection, to crs: CRS, unplaced: inout Int
    ) throws -> [Feature] {
        guard let stored = selection.record.crs, stored != crs else { return features }
        return try operation(stored, crs).operation.carry(features, unplaced: &unplaced)
    }

    /// One page of a selection with a shape, in the selection's order, without one nearest first for a circle, else by id; and how
    /// many features the whole selection holds. Only the page's features are kept while the others are counted.
    func page(_ selection: FeatureSelection, offset: Int, limit: Int) async throws -> (matched: Int, features: [Feature]) {
        if !selection.order.isEmpty { return try await sortedPage(selection, offset: offset, limit: limit) }
        if case .circle = selection.shape { return try await nearest(selection, offset: offset, limit: limit) }
        var matched = 0
        var shown: [Feature] = []
        try await judge(selection) { feature, _ in
            if matched >= offset, shown.count < limit { shown.append(feature) }
            matched += 1
        }
        return (matched, shown)
    }

    /// The ids of a selection with a shape, ascending.
    func shapedIDs(_ selection: FeatureSelection) async throws -> [Int64] {
        var found: Set<Int64> = []
        try await judge(selection) { feature, _ in found.insert(feature.id) }
        return found.sorted()
    }

    private func sortedPage(
        _ selection: FeatureSelection, offset: Int, limit: Int
    ) async throws -> (matched: Int, features: [Feature]) {
        var found: Set<Int64> = []
        try await judge(selection) { feature, _ in found.insert(feature.id) }
        var query = selection.query(nil)
        query.filter = nil
        query.ids = Array(try await sorted(Array(found), as: selection).dropFirst(offset).prefix(limit))
        query.order = selection.order
        return (found.count, try await registry.features(query))
    }

    private func nearest(
        _ selection: FeatureSelection, offset: Int, limit: Int
    ) async throws -> (matched: Int, features: [Feature]) {
        var found: [(id: Int64, distance: Double)] = []
        try await judge(selection) { found.append(($0.id, $1)) }
        found.sort { ($0.distance, $0.id) < ($1.distance, $1.id) }
        let wanted = found.dropFirst(offset).prefix(limit).map(\.id)
        var query = selection.query(nil)
        query.filter = nil
        query.ids = wanted
        let features = try await registry.features(query)
        let byID = Dictionary(features.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        return (found.count, wanted.compactMap { byID[$0] })
    }

    /// How long one request may have features measured one by one.
    private static let patience = Duration.seconds(20)
    private static let featuresBetweenLooks = 512

    private static func late(_ selection: FeatureSelection) -> RegistryError {
        let (id, seconds) = (selection.record.id, patience.components.seconds)
        return RegistryError(
            code: .filterTooCostly,
            message: .init(
                zh: "图层 \(id) 中此范围的要素 \(seconds) 秒内未能判完；请缩小半径或多边形",
                en: "the features of \(id) in that place were not through within \(seconds) s; ask for a smaller radius or polygon"))
    }

    /// Shows `body` every feature that has the selection's shape, with its distance in metres.
    private func judge(_ selection: FeatureSelection, _ body: (Feature, Double) -> Void) async throws {
        let test = try shapeTest(selection)
        let deadline = ContinuousClock.now + Self.patience
        for envelope in selection.envelopes {
            var query = selection.query(envelope)
            query.limit = 20_000
            while true {
                let page = try await registry.features(query)
                guard let last = page.last else { break }
                for (place, feature) in page.enumerated() {
                    if place % Self.featuresBetweenLooks == 0, ContinuousClock.now > deadline { throw Self.late(selection) }
                    if let distance = try test(feature) { body(feature, distance) }
                }
                query.after = last.id
            }
        }
    }

    /// Features as GeoJSON with commas between them.
    func write(_ features: [Feature], of selection: FeatureSelection, output: GeoJSONOutput) throws -> [UInt8] {
        let shown = features.map { feature in
            Feature(id: feature.id, geometry: feature.geometry, values: selection.fields.map { feature.values[$0] })
        }
        return try write(shown, of: selection, output, isFirst: true)
    }

    /// All positions are carried in one go, because what a call of PROJ costs is as much as what a building does.
    private func write(
        _ features: [Feature], of selection: FeatureSelection, _ output: GeoJSONOutput, isFirst: Bool
    ) throws -> [UInt8] {
        var positions: [Coordinate] = []
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

    private func operation(_ from: CRS, _ to: CRS) throws -> Carry {
        let key = "\(from.id) \(to.id)"
        if let known = operations[key] { return known }
        let made = Carry(try CoordinateOperation(from: from, to: to, policy: policy))
        operations[key] = made
        return made
    }

    /// The distance in metres of a feature that belongs to the selection, `nil` of one that does not.
    ///
    /// Distances are measured in the city's Gauss-Krüger plane, whose scale errs by at most 0.03 per mille here.
    private func shapeTest(_ selection: FeatureSelection) throws -> (Feature) throws -> Double? {
        guard let shape = selection.shape, let stored = selection.record.crs else { return { _ in 0 } }
        let toPlane = try operation(stored, .gk114)
        let intoPlane = try operation(.cgcs2000, .gk114)
        switch shape {
        case .circle(let centre, let radius):
            guard let middle = intoPlane.operation.transform(centre) else { return { _ in nil } }
            return { [topology] feature in
                guard let geometry = feature.geometry.flatMap({ toPlane.operation.transform($0) }) else { return nil }
                if case .point(let c) = geometry {
                    let distance = ((c.x - middle.x) * (c.x - middle.x) + (c.y - middle.y) * (c.y - middle.y)).squareRoot()
                    return distance <= radius ? distance : nil
                }
                let distance = try topology.context.distance(geometry, .point(middle))
                return distance <= radius ? distance : nil
            }
        case .area(let area):
            guard let place = intoPlane.operation.transform(area) else { return { _ in nil } }
            return { [topology] feature in
                guard let geometry = feature.geometry.flatMap({ toPlane.operation.transform($0) }) else { return nil }
                return try topology.context.intersects(place, geometry) ? 0 : nil
            }
        }
    }
}
