public import SimpleFeatures
public import Wording

/// The city that an installation serves.
public struct City: Hashable, Sendable, Codable {
    public var name: LocalisedText
    /// GB/T 2260, six digits.
    public var code: String
    /// CGCS2000 longitude and latitude in degrees: west, south, east, north.
    private var envelope: [Double]

    public init(name: LocalisedText, code: String, box: Envelope) {
        self.name = name
        self.code = code
        envelope = [box.minX, box.minY, box.maxX, box.maxY]
    }

    public init(from decoder: any Decoder) throws {
        let c = try decoder.container(keyedBy: CodingKeys.self)
        name = try c.decode(LocalisedText.self, forKey: .name)
        code = try c.decode(String.self, forKey: .code)
        envelope = try c.decode([Double].self, forKey: .envelope)
        guard envelope.count == 4, envelope[0] < envelope[2], envelope[1] < envelope[3] else {
            throw DecodingError.dataCorruptedError(
                forKey: .envelope, in: c, debugDescription: "the envelope is [west, south, east, north] in degrees")
        }
    }

    public var box: Envelope {
        Envelope(minX: envelope[0], minY: envelope[1], maxX: envelope[2], maxY: envelope[3])
    }
}
