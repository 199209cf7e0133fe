public import SimpleFeatures

/// Judges whether the positions of a source lie where its declared CRS would put them.
///
/// The false cases of practice are swapped axes, a zone number before the easting that the declaration does not know
/// (or the reverse), and degrees declared as metres. An obfuscation such as GCJ-02 is never guessed from positions.
public struct CRSRecognition: Sendable {
    /// Where the city is: longitude and latitude in degrees.
    public let cityEnvelope: Envelope
    /// Data this near counts as the city's neighbourhood and is not suspicious.
    public let nearInKilometres: Double
    public let policy: DatumPolicy

    /// - Parameter cityEnvelope: longitude and latitude in degrees, not empty.
    public init(cityEnvelope: Envelope, nearInKilometres: Double = 100, policy: DatumPolicy = DatumPolicy()) {
        precondition(!cityEnvelope.isEmpty, "recognition needs to know where the city is")
        self.cityEnvelope = cityEnvelope
        self.nearInKilometres = nearInKilometres
        self.policy = policy
    }

    /// - Parameter declared: what the source or the operator says; `nil` when neither says anything.
    /// - Parameter sample: raw positions as the reader delivered them, east first by its understanding; a few
    ///   hundred from all over the source are enough.
    public func assess(declared: CRS?, sample: [Coordinate]) -> CRSAssessment {
        let finite = sample.filter(\.isFinite)
        guard !finite.isEmpty else { return assessment(.noPositions, declared, .empty) }
        let seen = finite.reduce(into: Envelope.empty) { $0.formUnion($1) }
        guard let declared else { return assessUndeclared(finite, seen) }
        let place: Placement
        do throws(ReprojectionError) {
            place = try placement(of: finite, in: declared)
        } catch {
            return CRSAssessment(
                verdict: .unusable(error), declared: declared, seen: seen, cityEnvelope: cityEnvelope)
        }
        // A province or a river basin has most of itself elsewhere and is still rightly declared.
        if place.shareNear >= 0.1 { return assessment(.plausible, declared, seen) }
        if let verdict = betterReading(of: finite, declared: declared) { return assessment(verdict, declared, seen) }
        return assessment(.outsideArea(distanceInKilometres: place.medianDistanceInKilometres), declared, seen)
    }

    private func assessment(_ verdict: CRSVerdict, _ declared: CRS?, _ seen: Envelope) -> CRSAssessment {
        CRSAssessment(verdict: verdict, declared: declared, seen: seen, cityEnvelope: cityEnvelope)
    }

    /// The mistake that, undone, brings the sample to the city; `nil` when none does.
    private func betterReading(of sample: [Coordinate], declared: CRS) -> CRSVerdict? {
        let swapped = sample.map { Coordinate(x: $0.y, y: $0.x) }
        if lies(swapped, in: declared) { return .swappedAxes(declared) }
        if declared.isGeographic {
            guard let crs = projectedCandidates(sample).first(where: { lies(sample, in: $0) }) else { return nil }
            return .declaredGeographicButProjected(suggested: crs)
        }
        if looksGeographic(sample) {
            let isCityHere = lies(sample, in: .cgcs2000) || lies(swapped, in: .cgcs2000)
            return isCityHere ? .declaredProjectedButGeographic(suggested: .cgcs2000) : nil
        }
        if let code = declared.epsgCode, let (_, hasPrefix) = GaussKruegerZone.of(epsg: code),
            let verdict = zoneReading(of: sample, hasPrefix: hasPrefix) ?? zoneReading(of: swapped, hasPrefix: hasPrefix)
        {
            return verdict
        }
        let others = projectedCandidates(sample).filter { $0 != declared }
        return others.first(where: { lies(sample, in: $0) }).map { .anotherCRS(suggested: $0) }
    }

    private func zoneReading(of sample: [Coordinate], hasPrefix: Bool) -> CRSVerdict? {
        if hasPrefix {
            guard GaussKruegerZone.leading(easting: median(sample.map(\.x))) == nil else { return nil }
            return unprefixedCandidates().first(where: { lies(sample, in: $0) }).map { .zonePrefixMissing(suggested: $0) }
        }
        guard let crs = prefixedCandidate(sample), lies(sample, in: crs) else { return nil }
        return .zonePrefixExtra(suggested: crs)
    }

    private func assessUndeclared(_ sample: [Coordinate], _ seen: Envelope) -> CRSAssessment {
        let candidates = [.cgcs2000] + projectedCandidates(sample)
        let right = candidates.filter { lies(sample, in: $0) }
        if right.isEmpty {
            let swapped = sample.map { Coordinate(x: $0.y, y: $0.x) }
            let swappedCandidates = [.cgcs2000] + projectedCandidates(swapped)
            if let crs = swappedCandidates.first(where: { lies(swapped, in: $0) }) {
                return assessment(.swappedAxes(crs), nil, seen)
            }
        }
        return assessment(.undeclared(candidates: right), nil, seen)
    }

    // MARK: Candidates

    private func projectedCandidates(_ sample: [Coordinate]) -> [CRS] {
        (prefixedCandidate(sample).map { [$0] } ?? unprefixedCandidates()) + [.webMercator]
    }

    /// The zone whose number leads the eastings.
    private func prefixedCandidate(_ sample: [Coordinate]) -> CRS? {
        GaussKruegerZone.leading(easting: median(sample.map(\.x))).flatMap { crs(of: $0, hasPrefix: true) }
    }

    /// The city's own zone and the two beside it, nearest first.
    private func unprefixedCandidates() -> [CRS] {
        guard let zone = GaussKruegerZone.threeDegree(longitude: cityEnvelope.centre.x) else { return [] }
        return [0, 1, -1].compactMap { step in
            GaussKruegerZone(width: .threeDegrees, number: zone.number + step).flatMap { crs(of: $0, hasPrefix: false) }
        }
    }

    private func crs(of zone: GaussKruegerZone, hasPrefix: Bool) -> CRS? {
        // The name is EPSG's; asking PROJ for each candidate would cost more than the whole judgement.
        let name = hasPrefix ? "zone \(zone.number)" : "CM \(zone.number * zone.width.rawValue - (zone.width == .sixDegrees ? 3 : 0))E"
        return CRS(
            id: "EPSG:\(zone.epsg(hasPrefix: hasPrefix))",
            name: "CGCS2000 / \(zone.width == .threeDegrees ? "3-degree Gauss-Kruger" : "Gauss-Kruger") \(name)",
            isGeographic: false, isNorthFirst: true, metresPerUnit: 1, datum: .cgcs2000)
    }

    // MARK: Measures

    private struct Placement {
        var shareNear: Double
        var medianDistanceInKilometres: Double
    }

    private func lies(_ sample: [Coordinate], in crs: CRS) -> Bool {
        do throws(ReprojectionError) {
            return try placement(of: sample, in: crs).shareNear >= 0.5
        } catch {
            return false
        }
    }

    private func placement(of sample: [Coordinate], in crs: CRS) throws(ReprojectionError) -> Placement {
        let operation = try CoordinateOperation(from: crs, to: .cgcs2000, policy: policy)
        var positions = sample
        _ = operation.transform(&positions)
        let distances = positions.map { $0.isFinite ? distanceInKilometres(to: $0) : .infinity }
        let near = distances.count { $0 <= nearInKilometres }
        return Placement(
            shareNear: Double(near) / Double(distances.count), medianDistanceInKilometres: median(distances))
    }

    /// From the nearest point of the city's box, on a sphere small enough to be flat.
    private func distanceInKilometres(to c: Coordinate) -> Double {
        let dx = max(0, max(cityEnvelope.minX - c.x, c.x - cityEnvelope.maxX))
        let dy = max(0, max(cityEnvelope.minY - c.y, c.y - cityEnvelope.maxY))
        let kilometresPerDegree = Ellipsoid.cgcs2000SemiMajorAxisInMetres * .pi / 180 / 1000
        let shrink = cosineOfRadians(cityEnvelope.centre.y * .pi / 180)
        return (dx * shrink * dx * shrink + dy * dy).squareRoot() * kilometresPerDegree
    }

    private func looksGeographic(_ sample: [Coordinate]) -> Bool {
        median(sample.map { max(abs($0.x), abs($0.y)) }) <= 360
    }

    private func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
