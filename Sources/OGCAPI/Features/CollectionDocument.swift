public import SimpleFeatures
public import Tiling

/// One collection of features (OGC 17-069r4 clause 7.14, OGC 18-058r1 clause 6).
public struct CollectionDocument: Hashable, Sendable {
    public var id: String
    public var title: String
    public var description: String?
    public var attribution: String?
    /// Longitude and latitude on WGS 84; `nil` or empty for a collection without a place.
    public var bounds: Envelope?
    /// Begin and end as RFC 3339 text, `nil` for open ends; `nil` where time plays no part.
    public var interval: Interval?
    /// CRSs that items can be asked in; the first is the default.
    public var crs: [CRSIdentifier]
    public var storageCRS: CRSIdentifier?
    public var links: [Link]
    /// Further members, after the standard's.
    public var members: [JSONDocument.Member] = []

    public struct Interval: Hashable, Sendable {
        public var begin: String?
        public var end: String?

        public init(begin: String?, end: String?) {
            self.begin = begin
            self.end = end
        }
    }

    public init(
        id: String, title: String, bounds: Envelope?, crs: [CRSIdentifier] = [.crs84], storageCRS: CRSIdentifier? = nil,
        links: [Link]
    ) {
        self.id = id
        self.title = title
        self.bounds = bounds
        self.crs = crs
        self.storageCRS = storageCRS
        self.links = links
    }

    public func json() -> JSONDocument {
        let document: JSONDocument = [
            "id": .string(id), "title": .string(title), "description": description.map { .string($0) },
            "attribution": attribution.map { .string($0) }, "extent": extent, "itemType": "feature",
            "crs": .strings(crs.map(\.uri)), "storageCrs": storageCRS.map { .string($0.uri) }, "links": links.json(),
        ]
        return document.appending(members)
    }

    private var extent: JSONDocument? {
        let spatial = bounds.flatMap { box -> JSONDocument? in
            if box.isEmpty { return nil }
            return [
                "bbox": .array([.numbers([box.minX, box.minY, box.maxX, box.maxY])]), "crs": .string(CRSIdentifier.crs84.uri),
            ]
        }
        let temporal = interval.map { interval -> JSONDocument in
            let ends = [interval.begin, interval.end].map { $0.map { JSONDocument.string($0) } ?? .null }
            return ["interval": .array([.array(ends)]), "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"]
        }
        if spatial == nil, temporal == nil { return nil }
        return ["spatial": spatial, "temporal": temporal]
    }
}

/// All collections of a service.
public struct CollectionsDocument: Hashable, Sendable {
    public var collections: [CollectionDocument]
    /// CRSs that every collection is given in.
    public var crs: [CRSIdentifier] = []
    public var links: [Link]

    public init(collections: [CollectionDocument], links: [Link]) {
        self.collections = collections
        self.links = links
    }

    public func json() -> JSONDocument {
        [
            "links": links.json(), "crs": crs.isEmpty ? nil : .strings(crs.map(\.uri)),
            "collections": .array(collections.map { $0.json() }),
        ]
    }
}
