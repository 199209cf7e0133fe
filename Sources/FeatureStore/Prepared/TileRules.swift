public import Generalisation

/// What one layer gives to windows of one level: which features, how exactly, with which properties.
public struct TileRules: Sendable {
    /// How geometry that crosses the window's border ends.
    public enum Cutting: Sendable {
        /// At the border of window and margin: what vector tiles hold.
        case atMargin
        /// Edges that reach into the window or its margin stay whole, so that what is drawn does not depend on the
        /// window at all; for the rasteriser, which cuts pixels itself. Rings may fold outside the margin.
        case wholeEdges
    }

    /// A property that becomes a tag.
    public struct Tag: Hashable, Sendable {
        /// Index of the layer's field.
        public var field: Int
        /// The tag's key in the tile.
        public var key: String

        public init(field: Int, key: String) {
            self.field = field
            self.key = key
        }
    }

    /// The most point features in one cell of the matrix's whole grid; the same ones whatever the window.
    public struct DensityLimit: Hashable, Sendable {
        /// 1 or more.
        public var featuresPerCell: Int
        /// Side of a cell in window units; best a divisor of the extent, 1 or more.
        public var cellInUnits: Int32
        /// The field whose greater number is kept first; nil, or no number in it, leaves it to the smaller id.
        public var priorityField: Int?

        public init(featuresPerCell: Int, cellInUnits: Int32, priorityField: Int? = nil) {
            precondition(featuresPerCell > 0 && cellInUnits > 0, "a density limit keeps something somewhere")
            self.featuresPerCell = featuresPerCell
            self.cellInUnits = cellInUnits
            self.priorityField = priorityField
        }
    }

    /// How far, in window units, leaving out vertices may move a line; 0 keeps every vertex.
    public var toleranceInUnits = 1.0
    /// Rings of less area, in square units, are left out; with its exterior goes the polygon.
    public var leastAreaInSquareUnits = 0.0
    /// Lines shorter than this, in units, are left out.
    public var leastLengthInUnits = 0.0
    public var cutting = Cutting.atMargin
    /// A feature must pass all.
    public var filters: [PreparedFilter] = []
    public var tags: [Tag] = []
    public var densityLimit: DensityLimit?
    /// Whether lines and rings come with the distances along them.
    public var measuresDistances = false
    /// Whether what is left out is counted for every tile of the window too.
    public var countsByTile = false

    public init() {}

    /// The same rules in the values of the layer's amendment.
    var ofAmendment: TileRules {
        var rules = self
        rules.filters = filters.map(\.ofAmendment)
        return rules
    }
}

/// A condition on one field, compiled to the values of one prepared layer.
public struct PreparedFilter: Hashable, Sendable {
    public let field: Int
    /// One bit a value index.
    let allowed: [UInt64]
    /// The same for the values of the layer's amendment.
    let allowedInAmendment: [UInt64]

    init(field: Int, allowed: [UInt64], allowedInAmendment: [UInt64] = []) {
        self.field = field
        self.allowed = allowed
        self.allowedInAmendment = allowedInAmendment
    }

    /// As the amendment's features are to be judged.
    var ofAmendment: PreparedFilter { PreparedFilter(field: field, allowed: allowedInAmendment) }

    @inline(__always)
    func allows(_ value: UInt32) -> Bool {
        let word = Int(value &>> 6)
        return word < allowed.count && allowed[word] & (1 &<< UInt64(value & 63)) != 0
    }
}

/// Gives valid polygons for the rings of one feature that cross or touch after quantising.
///
/// Gets and gives rings as `FlatRings` defines them, in window units; what it gives is not checked again.
public typealias RingRepair = (FlatRings) -> FlatRings
