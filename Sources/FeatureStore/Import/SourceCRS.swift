internal import Reprojection
internal import SimpleFeatures
internal import Wording

/// Which CRS a source's positions are in, judged before anything is stored.
struct SourceCRS {
    /// `nil` for a source without geometry.
    let used: CRS?
    /// As the source spells it.
    let declaredText: String?
    /// Said in the report when the CRS was concluded and not declared.
    let notice: Diagnostic?

    /// - Parameter sample: the first records of the source.
    static func judge(
        _ reader: any FeatureReader, sample: [ReadRecord], request: ImportRequest
    ) throws(ImportError) -> SourceCRS {
        let declaredText = text(reader.declaredCRS)
        let positions = positions(sample)
        var stated = request.crs
        if stated == nil { stated = try declaredCRS(reader) }
        guard let declared = stated else {
            if positions.isEmpty { return SourceCRS(used: nil, declaredText: nil, notice: nil) }
            return try conclude(reader, positions, request)
        }
        if let city = request.cityEnvelope {
            let assessment = CRSRecognition(cityEnvelope: city, policy: request.policy).assess(declared: declared, sample: positions)
            if !assessment.isPlausible, !isAccepted(assessment, request) {
                throw ImportError(
                    code: .crsImplausible, message: "\(reader.sourceName): \(assessment.message)\(elsewhere(assessment))")
            }
        }
        return SourceCRS(used: declared, declaredText: declaredText, notice: nil)
    }

    /// What to do about data that is rightly far away.
    private static func elsewhere(_ assessment: CRSAssessment) -> String {
        guard case .outsideArea(let distance) = assessment.verdict, distance.isFinite else { return "" }
        return "; data that belongs there is taken with --remote, and `workmap city` states another city than this one"
    }

    private static func isAccepted(_ assessment: CRSAssessment, _ request: ImportRequest) -> Bool {
        if case .outsideArea(let distance) = assessment.verdict { return request.acceptsRemoteData && distance.isFinite }
        return false
    }

    private static func conclude(
        _ reader: any FeatureReader, _ positions: [Coordinate], _ request: ImportRequest
    ) throws(ImportError) -> SourceCRS {
        guard let city = request.cityEnvelope else {
            throw ImportError(
                code: .crsUndeclared, message: "\(reader.sourceName) does not say its CRS; state it with --crs, such as --crs EPSG:4547")
        }
        let assessment = CRSRecognition(cityEnvelope: city, policy: request.policy).assess(declared: nil, sample: positions)
        guard case .undeclared = assessment.verdict, let crs = assessment.suggested else {
            throw ImportError(code: .crsUndeclared, message: "\(reader.sourceName): \(assessment.message)")
        }
        let notice = Diagnostic(
            key: "crs-concluded", value: crs.id,
            reason: .init(
                zh: "数据源未声明坐标系；只有 \(crs.label) 使其落在本市。",
                en: "The source does not say its CRS; only \(crs.label) puts it in the city."),
            suggestion: .init(zh: "若为其他坐标系，请用 --crs 指明。", en: "State it with --crs if it is another."))
        return SourceCRS(used: crs, declaredText: nil, notice: notice)
    }

    private static func declaredCRS(_ reader: any FeatureReader) throws(ImportError) -> CRS? {
        do throws(ReprojectionError) {
            switch reader.declaredCRS {
            case .none: return nil
            case .identifier(let name): return try CRS(name)
            case .wkt(let definition): return try CRS.identify(wkt: definition)
            }
        } catch {
            throw ImportError(
                code: .crsUnusable, message: "\(reader.sourceName): \(error.message)", cause: error)
        }
    }

    private static func text(_ declared: DeclaredCRS) -> String? {
        switch declared {
        case .none: nil
        case .identifier(let name): name
        case .wkt(let definition): definition
        }
    }

    /// Up to a thousand positions spread over the sample.
    private static func positions(_ sample: [ReadRecord]) -> [Coordinate] {
        var positions: [Coordinate] = []
        for record in sample {
            guard let geometry = record.feature?.geometry, positions.count < 1_000 else { continue }
            var first = true
            geometry.forEachPath { path in
                guard first, let start = path.first else { return }
                positions.append(start)
                if path.count > 2 { positions.append(path[path.count / 2]) }
                first = false
            }
        }
        return positions
    }
}
