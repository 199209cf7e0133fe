import CQL2
import FeatureStore
import Markup
import OGCAPI
import Reprojection
import SimpleFeatures
import Tiling
import Topology
import Wording

extension FeatureDesk {
    /// Chords of a quarter circle: what lies within a kilometre is found to two centimetres.
    private static let quadrantSegments = 128

    /// Narrows a selection by a filter of the Filter Encoding Standard.
    ///
    /// - Throws: `FESError`, `FilterError`; `ServiceException` for a CRS that is not offered.
    func narrow(_ selection: FeatureSelection, by element: MarkupElement, _ vocabulary: FESVocabulary) throws -> FeatureSelection {
        let read = try FESFilter(element, vocabulary) { geometry, metres, crs in self.area(around: geometry, metres, crs) }
        let crs = read.crs ?? WFSCapabilities.defaultCRS
        guard OfferedCRS.identifiers.contains(crs) else { throw Self.notOffered(crs) }
        var selection = selection
        let condition = try bind(read.expression, crs: crs, to: selection, isEastFirst: true, identifierName: FeatureSelection.resourceIdentifier)
        selection.filter = selection.filter?.and(condition) ?? condition
        guard let box = read.box, !box.isEmpty, let stored = selection.record.crs,
            let around = try carried(Self.widened(box), try CRS(crs.description), stored)
        else { return selection }
        selection.envelopes = selection.envelopes.map { known in known.map { $0.intersection(around) } ?? around }
        return selection
    }

    static func notOffered(_ crs: CRSIdentifier) -> ServiceException {
        let known = OfferedCRS.identifiers.map(\.urn).joined(separator: ", ")
        return ServiceException(
            .invalidParameterValue, locator: "SRSNAME",
            .init(zh: "坐标系“\(crs.urn)”不提供；应为 \(known) 之一。", en: "The CRS '\(crs.urn)' is not offered; expected one of \(known)."))
    }

    /// The box decides only what is looked at; what is at its edge must not be lost to rounding.
    private static func widened(_ box: Envelope) -> Envelope {
        let (x, y) = (box.width * 1e-3 + 1e-6, box.height * 1e-3 + 1e-6)
        return Envelope(minX: box.minX - x, minY: box.minY - y, maxX: box.maxX + x, maxY: box.maxY + y)
    }

    /// All positions within a distance, measured in the city's plane; `nil` for a geometry that has no place there.
    private func area(around geometry: Geometry, _ metres: Double, _ crs: CRSIdentifier) -> Geometry? {
        if metres == 0 { return geometry }
        do {
            let crs = try CRS(crs.description)
            guard let flat = try carry(geometry, crs, .gk114), flat.firstNonFinite == nil else { return nil }
            return try carry(try TopologyContext().buffer(flat, by: metres, quadrantSegments: Self.quadrantSegments), .gk114, crs)
        } catch {
            return nil  // the reader says what would have been taken
        }
    }
}
