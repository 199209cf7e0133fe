import ArcGISREST
import FeatureStore
import OGCAPI
import Reprojection
import SimpleFeatures
import TileProduction
import Tiling
import Wording

/// What a query of ArcGIS REST gives.
struct ArcGISResults {
    let query: EsriQuery
    let selection: FeatureSelection
    let desk: FeatureDesk
    let registry: any FeatureRegistry

    /// The CRS of the answer's coordinates: what was asked for, else degrees for GeoJSON and Web Mercator for ArcGIS.
    private func outCRS() throws(EsriError) -> CRSIdentifier {
        let wanted = query.outCRS ?? (query.form == .geoJSON ? .crs84 : CRSIdentifier(authority: "EPSG", code: "3857"))
        guard OfferedCRS.identifiers.contains(wanted) else {
            let known = OfferedCRS.identifiers.filter { $0 != .crs84 }.map(\.code).joined(separator: ", ")
            throw .parameter("outSR", wanted.code, expected: .init(zh: "\(known) 之一", en: "one of \(known)"))
        }
        return wanted
    }

    // MARK: Features

    func features() async throws -> ArcGISContent {
        let most = query.isTile ? EsriMapService.largestTile : EsriMapService.largestAnswer
        let limit = min(query.count ?? most, most)
        let identifier = try outCRS()
        let crs = try identifier.system()
        let fields = try shownFields()
        var shown = selection
        shown.fields = fields
        var (page, hasMore) = try await page(of: shown, limit: limit, to: crs)
        // A client that covers its view with tiles takes smaller ones then.
        if hasMore, query.isTile, !query.givesPart { page = [] }
        if query.returnsGeometry, let simplification = query.maximumOffset.map({ PathSimplification(offset: $0) }) {
            for place in page.indices { page[place].geometry = page[place].geometry.map(simplification.simplified) }
        }
        let schema = FeatureSchema(fields: fields.map { selection.record.schema.fields[$0] })
        let decimals = query.decimals ?? (crs.isGeographic ? 9 : 4)
        switch query.form {
        case .geoJSON: return geoJSON(page, schema, identifier, decimals, hasMore)
        case .json: return json(page, schema, fields, identifier, decimals, try await wantedTransform(page, crs, decimals), hasMore)
        case .pbf:
            let transform = try await wantedTransform(page, crs, decimals) ?? EsriTransform(over: Self.envelope(of: page), finest: Self.step(decimals))
            let titled = FeatureSchema(fields: schema.fields.map { field in
                var field = field
                field.title = selection.layer.title(of: field.name)
                return field
            })
            let buffer = EsriFeatureBuffer(
                schema: titled, geometryType: query.returnsGeometry ? EsriGeometryType(selection.record) : nil, crs: identifier, transform: transform)
            return .buffer(buffer.bytes(page, exceedsLimit: hasMore))
        }
    }

    private func json(
        _ page: [Feature], _ schema: FeatureSchema, _ fields: [Int], _ identifier: CRSIdentifier, _ decimals: Int, _ transform: EsriTransform?, _ hasMore: Bool
    ) -> ArcGISContent {
        var writer = EsriFeatureWriter(schema: schema, decimals: decimals, transform: transform)
        var head: [JSONDocument.Member] = head(fields, identifier)
        if let transform, query.returnsGeometry { head.append(.init(name: "transform", value: transform.json())) }
        if hasMore { head.append(.init(name: "exceededTransferLimit", value: .boolean(true))) }
        writer.bytes = Array(JSONDocument.object(head).bytes().dropLast()) + Array(",\"features\":[".utf8)
        for (place, feature) in page.enumerated() {
            if place > 0 { writer.append(",") }
            writer.append(feature, withGeometry: query.returnsGeometry)
        }
        writer.append("]}")
        return .json(writer.bytes)
    }

    private func page(of shown: FeatureSelection, limit: Int, to crs: CRS) async throws -> ([Feature], hasMore: Bool) {
        if limit == 0 { return ([], try await matchedCount() > query.offset) }
        var unplaced = 0
        if selection.shape != nil {
            let page = try await desk.carriedPage(shown, offset: query.offset, limit: limit + 1, to: crs, unplaced: &unplaced)
            return (Array(page.prefix(limit)), page.count > limit)
        }
        var (page, cursor) = try await desk.firstCarriedRun(shown, skip: query.offset, limit: limit, to: crs, unplaced: &unplaced)
        let count = cursor.matched.count
        while page.count < min(limit, count - query.offset) {
            let run = try await desk.carriedRun(shown, cursor: &cursor, limit: limit - page.count, to: crs, unplaced: &unplaced)
            if run.isEmpty { break }
            page += run
        }
        return (page, query.offset + page.count < count)
    }

    /// Positions in the layer's schema.
    private func shownFields() throws(EsriError) -> [Int] {
        guard let names = query.fields else { return selection.fields }
        var fields: [Int] = []
        for name in names where name.uppercased() != EsriFeatureWriter.idField && name != "*" {
            let found = try ArcGISSelection.field(name, of: selection, "outFields")
            if !fields.contains(found) { fields.append(found) }
        }
        return names.contains("*") ? selection.fields : fields
    }

    private func head(_ fields: [Int], _ crs: CRSIdentifier) -> [JSONDocument.Member] {
        let schema = selection.record.schema
        let aliases = fields.map { JSONDocument.Member(name: schema.fields[$0].name, value: .string(selection.layer.title(of: schema.fields[$0].name))) }
        var members: [JSONDocument.Member] = [
            .init(name: "displayFieldName", value: .string(selection.openNameField ?? EsriFeatureWriter.idField)),
            .init(name: "objectIdFieldName", value: .string(EsriFeatureWriter.idField)),
            .init(name: "fieldAliases", value: .object([.init(name: EsriFeatureWriter.idField, value: .string(EsriFeatureWriter.idField))] + aliases)),
            .init(name: "fields", value: .array([EsriField.identifier] + fields.map { EsriField.json(schema.fields[$0], alias: selection.layer.title(of: schema.fields[$0].name)) })),
        ]
        if query.returnsGeometry {
            if let type = EsriGeometryType(selection.record) { members.append(.init(name: "geometryType", value: .string(type.rawValue))) }
            members.append(.init(name: "spatialReference", value: EsriSpatialReference.json(crs)))
        }
        return members
    }

    private func geoJSON(
        _ page: [Feature], _ schema: FeatureSchema, _ identifier: CRSIdentifier, _ decimals: Int, _ hasMore: Bool
    ) -> ArcGISContent {
        var writer = GeoJSONWriter(schema: schema, precision: .decimals(decimals))
        writer.append("{\"type\":\"FeatureCollection\",")
        // East first whatever the CRS, as ArcGIS has it; RFC 7946 has no other CRS than CRS84.
        if identifier != .crs84, identifier.code != "4326" {
            let crs: JSONDocument = ["type": "name", "properties": ["name": .string("EPSG:\(identifier.code)")]]
            writer.bytes += Array("\"crs\":".utf8) + crs.bytes() + Array(",".utf8)
        }
        if hasMore { writer.append("\"properties\":{\"exceededTransferLimit\":true},\"exceededTransferLimit\":true,") }
        writer.append("\"features\":[")
        for (place, feature) in page.enumerated() {
            if place > 0 { writer.append(",") }
            var feature = feature
            if !query.returnsGeometry { feature.geometry = nil }
            writer.append(feature)
        }
        writer.append("]}")
        return .geoJSON(writer.bytes)
    }

    // MARK: Numbers

    func matchedCount() async throws -> Int {
        if selection.shape != nil { return try await desk.page(selection, offset: 0, limit: 0).matched }
        return try await desk.matched(selection).count
    }

    func matchedIDs() async throws -> [Int64] {
        if selection.shape != nil {
            return try await desk.shapedIDs(selection)
        }
        var ids: [Int64] = []
        for envelope in selection.envelopes { ids += try await registry.identifiers(selection.query(envelope)) }
        return ids
    }

    func extent() async throws -> JSONDocument {
        let identifier = try outCRS()
        let tally = try await tally(ExtentTally())
        var box = tally.envelope
        if let stored = selection.record.crs, !box.isEmpty {
            box = try await desk.carried(box, stored, try identifier.system()) ?? .empty
        }
        let extent: JSONDocument = box.isEmpty
            ? ["xmin": "NaN", "ymin": "NaN", "xmax": "NaN", "ymax": "NaN", "spatialReference": EsriSpatialReference.json(identifier)]
            : [
                "xmin": .number(box.minX), "ymin": .number(box.minY), "xmax": .number(box.maxX), "ymax": .number(box.maxY),
                "spatialReference": EsriSpatialReference.json(identifier),
            ]
        return ["count": .integer(tally.count), "extent": extent]
    }

    func distinct() async throws -> JSONDocument {
        let fields = try shownFields()
        let tally = try await tally(StatisticsTally(statistics: [], groups: fields.count), reading: fields)
        let schema = selection.record.schema
        let rows = try tally.sorted().map { group -> JSONDocument in
            let members = zip(fields, group.key).map { JSONDocument.Member(name: schema.fields[$0].name, value: EsriField.json($1, schema.fields[$0].kind)) }
            return ["attributes": .object(members)]
        }
        return [
            "displayFieldName": .string(selection.openNameField ?? ""),
            "fields": .array(fields.map { EsriField.json(schema.fields[$0], alias: selection.layer.title(of: schema.fields[$0].name)) }),
            "features": .array(Array(rows.dropFirst(query.offset).prefix(query.count ?? ArcGISQueryRoutes.maximumRecordCount))),
        ]
    }

    func statistics(_ statistics: [EsriQuery.Statistic], by names: [String]) async throws -> JSONDocument {
        var fields: [Int] = []
        for name in names { fields.append(try ArcGISSelection.field(name, of: selection, "groupByFieldsForStatistics")) }
        let groups = fields.count
        for statistic in statistics where statistic.field.uppercased() != EsriFeatureWriter.idField {
            let field = try ArcGISSelection.field(statistic.field, of: selection, "outStatistics")
            let kind = selection.record.schema.fields[field].kind
            if [.sum, .avg, .stddev, .var].contains(statistic.kind), kind != .integer, kind != .real {
                throw EsriError.parameter("outStatistics", statistic.field, expected: .init(zh: "数值字段", en: "a field of numbers"))
            }
            fields.append(field)
        }
        let tally = try await tally(StatisticsTally(statistics: statistics, groups: groups), reading: fields)
        let schema = selection.record.schema
        let rows = try tally.sorted().map { group -> JSONDocument in
            let keys = zip(fields.prefix(groups), group.key).map { JSONDocument.Member(name: schema.fields[$0].name, value: EsriField.json($1, schema.fields[$0].kind)) }
            let values = zip(statistics, group.values).map { JSONDocument.Member(name: $0.name, value: $1) }
            return ["attributes": .object(keys + values)]
        }
        let described = fields.prefix(groups).map { EsriField.json(schema.fields[$0], alias: schema.fields[$0].name) }
            + statistics.map { EsriField.number($0.name) }
        return ["displayFieldName": "", "fields": .array(described), "features": .array(rows)]
    }

    /// Shows the selection's rows to a consumer.
    private func tally<Tally: FeatureRowConsumer>(_ tally: Tally, reading fields: [Int] = []) async throws -> Tally {
        guard selection.shape == nil else {
            throw EsriError.parameter("distance", "\(query.distance ?? 0)", expected: .init(zh: "不与统计、范围并用", en: "no statistics and no extent beside it"))
        }
        var tally = tally
        for envelope in selection.envelopes {
            var wanted = selection.query(envelope)
            // Of a field that is read twice, one column is read once.
            wanted.fields = .some(fields.isEmpty ? Array(selection.fields.prefix(1)) : fields)
            tally = try await registry.scan(wanted, into: tally)
        }
        return tally
    }
}
