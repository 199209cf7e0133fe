internal import SimpleFeatures

/// Which fields of two versions are compared, and which are shown.
struct FieldPairing {
    private struct Common {
        var name: String
        var before: Int
        var after: Int
    }

    private let common: [Common]
    /// Positions in the later schema; those in the earlier one, `nil` for a field that it lacks.
    private let shownAfter: [Int]
    private let shownBefore: [Int?]
    private(set) var added: [String]
    private(set) var removed: [String]
    /// By name.
    private(set) var titles: [String: String] = [:]

    init(_ before: FeatureSchema, _ after: FeatureSchema, shown: FeatureSchema, isOpen: (String) -> Bool) {
        common = after.fields.enumerated().compactMap { position, field in
            before.index(of: field.name).flatMap { isOpen(field.name) ? Common(name: field.name, before: $0, after: position) : nil }
        }
        shownAfter = shown.fields.compactMap { after.index(of: $0.name) }
        shownBefore = shown.fields.map { before.index(of: $0.name) }
        added = after.fields.map(\.name).filter { before.index(of: $0) == nil && isOpen($0) }
        removed = before.fields.map(\.name).filter { after.index(of: $0) == nil && isOpen($0) }
        for field in after.fields { titles[field.name] = field.title }
    }

    func shown(_ feature: Feature) -> Feature {
        Feature(id: feature.id, geometry: feature.geometry, values: shownAfter.map { feature.values[$0] })
    }

    func shownFromBefore(_ feature: Feature) -> Feature {
        Feature(id: feature.id, geometry: feature.geometry, values: shownBefore.map { $0.map { feature.values[$0] } ?? .null })
    }

    /// Names of the fields that have another value.
    func changed(_ before: Feature, _ after: Feature) -> [String] {
        common.filter { !Self.isSame(before.values[$0.before], after.values[$0.after]) }.map(\.name)
    }

    /// Whole numbers are the same in a column of real ones.
    private static func isSame(_ a: PropertyValue, _ b: PropertyValue) -> Bool {
        switch (a, b) {
        case (.integer(let n), .real(let r)), (.real(let r), .integer(let n)): Double(n) == r
        default: a == b
        }
    }
}
