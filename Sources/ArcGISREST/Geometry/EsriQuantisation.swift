internal import Foundation
public import SimpleFeatures
public import Tiling
internal import Wording

/// The grid that a client wants positions in, which is mostly that of its screen: `quantizationParameters`.
public struct EsriQuantisation: Hashable, Sendable {
    /// Where ordinates begin.
    public enum Origin: String, Hashable, Sendable, Decodable, CaseIterable {
        case upperLeft
        case lowerLeft
    }

    public enum Mode: String, Hashable, Sendable, Decodable {
        /// Positions that fall on one point of the grid are one, and what has no extent on it has no shape.
        case view
        /// Every position, as finely as the service has them.
        case edit
    }

    public var mode: Mode
    public var origin: Origin
    /// Units of the answer's CRS between two points of the grid; `nil` for 1.
    public var tolerance: Double?
    /// Where the grid begins, east first; `nil` for the answer's own corner.
    public var extent: Envelope?
    /// `nil` for the answer's CRS.
    public var crs: CRSIdentifier?

    /// A nanometre, or a tenth of a millimetre in degrees, to more than the world.
    static let tolerances = 1e-9...1e8
    private static let farthest = 1e9
    private static let byteLimit = 4096

    private struct Document: Decodable {
        struct Extent: Decodable {
            struct Reference: Decodable {
                var wkid: Int?
                var latestWkid: Int?
            }

            var xmin: Double
            var ymin: Double
            var xmax: Double
            var ymax: Double
            var spatialReference: Reference?
        }

        var mode: Mode?
        var originPosition: Origin?
        var tolerance: Double?
        var extent: Extent?
    }

    /// - Throws: `EsriError` 400 for anything but the JSON that ArcGIS describes.
    public init(_ text: String) throws(EsriError) {
        let refusal = EsriError.parameter(
            "quantizationParameters", text,
            expected: .init(
                zh: #"{"mode":"view","originPosition":"upperLeft","tolerance":1,"extent":{…}}，容差 \#(Self.tolerances.lowerBound) 至 \#(Self.tolerances.upperBound)"#,
                en: #"{"mode":"view","originPosition":"upperLeft","tolerance":1,"extent":{…}} with a tolerance of \#(Self.tolerances.lowerBound) to \#(Self.tolerances.upperBound)"#))
        guard text.utf8.count <= Self.byteLimit else { throw refusal }
        let document: Document
        do { document = try JSONDecoder().decode(Document.self, from: Data(text.utf8)) } catch { throw refusal }
        mode = document.mode ?? .view
        origin = document.originPosition ?? .upperLeft
        if let wanted = document.tolerance {
            guard Self.tolerances.contains(wanted) else { throw refusal }
            tolerance = wanted
        }
        guard let extent = document.extent else { return }
        let ordinates = [extent.xmin, extent.ymin, extent.xmax, extent.ymax]
        guard ordinates.allSatisfy({ abs($0) <= Self.farthest }), extent.xmin <= extent.xmax, extent.ymin <= extent.ymax else { throw refusal }
        self.extent = Envelope(minX: extent.xmin, minY: extent.ymin, maxX: extent.xmax, maxY: extent.ymax)
        if let wkid = extent.spatialReference?.latestWkid ?? extent.spatialReference?.wkid {
            guard let known = EsriSpatialReference.crs(wkid: wkid) else { throw refusal }
            crs = known
        }
    }
}
