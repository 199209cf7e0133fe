public import SimpleFeatures

/// What the positions of a source say about its declared CRS.
public enum CRSVerdict: Sendable {
    case plausible
    /// The positions come north first; read east first they lie in the city under this CRS.
    case swappedAxes(CRS)
    /// The declared CRS counts the zone number in its eastings; the data's eastings lack it.
    case zonePrefixMissing(suggested: CRS)
    /// The data's eastings carry a zone number; the declared CRS has none.
    case zonePrefixExtra(suggested: CRS)
    case declaredGeographicButProjected(suggested: CRS)
    case declaredProjectedButGeographic(suggested: CRS)
    /// Another projected CRS brings the positions to the city.
    case anotherCRS(suggested: CRS)
    /// The declaration stands, the place is strange; infinite when the positions lie nowhere at all.
    case outsideArea(distanceInKilometres: Double)
    /// Nothing was declared; these CRSs bring the positions to the city, likeliest first. Maybe none does.
    case undeclared(candidates: [CRS])
    /// The declared CRS cannot be used under the datum policy.
    case unusable(ReprojectionError)
    /// The sample held no finite position.
    case noPositions
}

/// A verdict with what it rests on.
public struct CRSAssessment: Sendable {
    public let verdict: CRSVerdict
    public let declared: CRS?
    /// The box of the raw sample.
    public let seen: Envelope
    let cityEnvelope: Envelope

    /// Whether import may go on with the declared CRS without asking.
    public var isPlausible: Bool {
        switch verdict {
        case .plausible, .noPositions: true
        default: false
        }
    }

    /// The CRS to use instead; `nil` when none, or more than one, would do.
    public var suggested: CRS? {
        switch verdict {
        case .zonePrefixMissing(let crs), .zonePrefixExtra(let crs), .declaredGeographicButProjected(let crs),
            .declaredProjectedButGeographic(let crs), .anotherCRS(let crs):
            crs
        case .undeclared(let candidates): candidates.count == 1 ? candidates[0] : nil
        case .plausible, .swappedAxes, .outsideArea, .unusable, .noPositions: nil
        }
    }

    /// One or two sentences: the numbers seen, what was expected, and the remedy.
    public var message: String {
        let said = declared?.label ?? "no CRS"
        let expected = "expected near longitude \(range(cityEnvelope.minX, cityEnvelope.maxX)), latitude "
            + range(cityEnvelope.minY, cityEnvelope.maxY)
        switch verdict {
        case .plausible: return "\(numbers), declared \(said): plausible"
        case .noPositions: return "no position to judge the declared \(said) by"
        case .swappedAxes(let crs):
            return "\(numbers), declared \(said): north comes before east (\(expected)); swap the columns or fields, "
                + "then read as --crs \(crs.label)"
        case .zonePrefixMissing(let crs):
            return "\(numbers), declared \(said): that CRS has the zone number before the easting and the data has not "
                + "(\(expected)); use --crs \(crs.label)"
        case .zonePrefixExtra(let crs):
            return "\(numbers), declared \(said): the eastings carry a zone number that this CRS does not know "
                + "(\(expected)); use --crs \(crs.label)"
        case .declaredGeographicButProjected(let crs):
            return "\(numbers), declared \(said): these are metres, not degrees (\(expected)); use --crs \(crs.label)"
        case .declaredProjectedButGeographic(let crs):
            return "\(numbers), declared \(said): these are degrees, not metres (\(expected)); use --crs \(crs.label)"
        case .anotherCRS(let crs):
            return "\(numbers), declared \(said): far from the city (\(expected)); as \(crs.label) they would lie in it; "
                + "check and use --crs \(crs.label)"
        case .outsideArea(let distance):
            let far = distance.isFinite ? "\(Int(distance.rounded())) km from the city" : "nowhere on the Earth"
            return "\(numbers), declared \(said): \(far) (\(expected)); check the CRS, such as --crs EPSG:4547 or --crs EPSG:4526"
        case .undeclared(let candidates):
            let remedy = candidates.isEmpty
                ? "nothing known brings them to the city (\(expected)); state the CRS with --crs"
                : "they would fit " + candidates.map { "--crs \($0.label)" }.joined(separator: " or ")
            return "\(numbers), no CRS declared: \(remedy)"
        case .unusable(let error): return "\(numbers), declared \(said): \(error.message)"
        }
    }

    private var numbers: String { "x \(range(seen.minX, seen.maxX)), y \(range(seen.minY, seen.maxY)) seen" }

    private func range(_ low: Double, _ high: Double) -> String { "\(short(low))...\(short(high))" }

    /// Two decimals for metres, five for degrees.
    private func short(_ value: Double) -> String {
        let scale = abs(value) < 1000 ? 1e5 : 1e2
        return abs(value) < 1e12 ? "\((value * scale).rounded() / scale)" : "\(value)"
    }
}
