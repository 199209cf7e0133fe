/// An inclusive range of nominal levels: those of the Web Mercator ladder, where level 0 is one 256 px tile.
///
/// Other matrix sets are matched by scale, so one plan serves them all. Written `[9, 20]` in documents.
public struct LevelRange: Hashable, Sendable, Codable {
    public var first: Int
    public var last: Int

    public init(_ first: Int, _ last: Int) {
        self.first = first
        self.last = last
    }

    public init(from decoder: any Decoder) throws {
        let c = try decoder.singleValueContainer()
        let pair = try c.decode([Int].self)
        guard pair.count == 2, pair[0] <= pair[1] else {
            throw DecodingError.dataCorruptedError(
                in: c, debugDescription: "levels are written [first, last] with first <= last, found \(pair)")
        }
        first = pair[0]
        last = pair[1]
    }

    public func encode(to encoder: any Encoder) throws {
        var c = encoder.singleValueContainer()
        try c.encode([first, last])
    }

    public func contains(_ level: Int) -> Bool { level >= first && level <= last }
}

/// What of a layer goes into tiles, level by level.
public struct TilePlan: Hashable, Sendable, Codable {
    /// Where the layer appears at all.
    public var levels: LevelRange
    /// Fields that tiles carry, in this order; sensitive fields are refused when the catalogue is loaded.
    public var fields: [String]
    /// The first rule that holds the level applies; a level in no rule has no restriction.
    public var rules: [LevelRule]
    public var aggregate: AggregateRule?
    /// Whether tiles carry one point a polygon beside the polygons, so that its label is one however many tiles it is in.
    public var labelPoints: Bool

    public init(
        levels: LevelRange, fields: [String], rules: [LevelRule] = [], aggregate: AggregateRule? = nil,
        labelPoints: Bool = false
    ) {
        self.levels = levels
        self.fields = fields
        self.rules = rules
        self.aggregate = aggregate
        self.labelPoints = labelPoints
    }

    public init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        levels = try c.decode(LevelRange.self, forKey: .levels)
        fields = try c.decode([String].self, forKey: .fields)
        rules = try c.decodeIfPresent([LevelRule].self, forKey: .rules) ?? []
        aggregate = try c.decodeIfPresent(AggregateRule.self, forKey: .aggregate)
        labelPoints = try c.decodeIfPresent(Bool.self, forKey: .labelPoints) ?? false
    }

    /// The rule for a nominal level; `nil` when the level is unrestricted.
    public func rule(level: Int) -> LevelRule? {
        rules.first { $0.levels.contains(level) }
    }
}

/// What is left out of tiles at some levels. Whatever it leaves out is counted in the tile's metadata.
public struct LevelRule: Hashable, Sendable, Codable {
    public var levels: LevelRange
    /// Field to accepted values; several fields must all hold.
    public var `where`: [String: [CatalogueValue]]?
    /// Square pixels of a 256 px tile; smaller polygons are left out.
    public var minimumAreaInPixels: Double?
    /// Pixels; shorter lines are left out.
    public var minimumLengthInPixels: Double?
    public var density: DensityRule?
    /// Replaces the plan's fields at these levels.
    public var fields: [String]?

    public init(
        levels: LevelRange, where: [String: [CatalogueValue]]? = nil, minimumAreaInPixels: Double? = nil,
        minimumLengthInPixels: Double? = nil, density: DensityRule? = nil, fields: [String]? = nil
    ) {
        self.levels = levels
        self.where = `where`
        self.minimumAreaInPixels = minimumAreaInPixels
        self.minimumLengthInPixels = minimumLengthInPixels
        self.density = density
        self.fields = fields
    }
}

/// At most `limit` points in each square cell of `cellInPixels`; kept are the greatest `priority` numbers, then the smallest ids.
public struct DensityRule: Hashable, Sendable, Codable {
    public var cellInPixels: Double
    public var limit: Int
    public var priority: String?

    public init(cellInPixels: Double, limit: Int, priority: String? = nil) {
        self.cellInPixels = cellInPixels
        self.limit = limit
        self.priority = priority
    }
}

/// Features counted into the polygons of another layer, shown in place of the features themselves.
///
/// The tile layer is called `<layer>.count` and carries `count`; a polygon with fewer than `minimumCount`
/// features is left out.
public struct AggregateRule: Hashable, Sendable, Codable {
    /// The layer whose polygons are counted into.
    public var into: String
    public var levels: LevelRange
    public var minimumCount: Int

    public init(into: String, levels: LevelRange, minimumCount: Int = 1) {
        self.into = into
        self.levels = levels
        self.minimumCount = minimumCount
    }

    public init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        into = try c.decode(String.self, forKey: .into)
        levels = try c.decode(LevelRange.self, forKey: .levels)
        minimumCount = try c.decodeIfPresent(Int.self, forKey: .minimumCount) ?? 1
    }
}
