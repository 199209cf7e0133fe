import FoundationEssentials
public import TileCache

/// What a job of seeding is to make: all that tells one job from another.
public struct SeedSpecification: Sendable, Hashable, Codable {
    public var map: String
    public var matrixSets: [String]
    /// The first and the last.
    public var levels: [Int]
    /// As `TileFormat.name` has them.
    public var formats: [String]
    public var area: SeedArea
    /// Tiles along the side of a block.
    public var metatile: Int
    /// The archive, PMTiles or MBTiles, to be written; `nil` for the store of finished tiles.
    public var archive: String?

    public init(
        map: String, matrixSets: [String], levels: ClosedRange<Int>, formats: [TileFormat], area: SeedArea, metatile: Int = 8,
        archive: String?
    ) {
        precondition(SeedBlock.sides.contains(metatile), "a block's side is a power of two")
        self.map = map
        self.matrixSets = matrixSets
        self.levels = [levels.lowerBound, levels.upperBound]
        self.formats = formats.map(\.name)
        self.area = area
        self.metatile = metatile
        self.archive = archive
    }

    /// An archive is sent many times and so packed well; what lies in the store is, byte for byte, what is made on demand.
    var effort: EncodingEffort { archive == nil ? .quick : .stored }

    /// As the journal keeps it: equal for equal specifications.
    public func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }

    public init(json: String) throws {
        self = try JSONDecoder().decode(SeedSpecification.self, from: Data(json.utf8))
    }

    /// Hexadecimal, the same for equal specifications and hardly for others.
    public func fingerprint() throws -> String {
        EncodedTile.entityTag(of: Array(try json().utf8)).filter { $0 != "\"" }
    }
}

extension TileFormat {
    /// `mvt`, `png`, `jpeg`, `webp`, and `@2x` behind it for two pixels a logical pixel.
    public var name: String {
        let (kind, ratio): (String, Int) =
            switch self {
            case .mvt: ("mvt", 1)
            case .png(let ratio): ("png", ratio)
            case .jpeg(let ratio): ("jpeg", ratio)
            case .webp(let ratio): ("webp", ratio)
            case .mixed(let ratio): ("mixed", ratio)
            }
        return ratio == 1 ? kind : "\(kind)@\(ratio)x"
    }

    /// - Parameter name: of a format that tiles are stored in.
    public init?(name: String) {
        let found: [TileFormat] = [.mvt] + [1, 2].flatMap { [.png(ratio: $0), .jpeg(ratio: $0), .webp(ratio: $0)] }
        guard let format = found.first(where: { $0.name == name }) else { return nil }
        self = format
    }
}
