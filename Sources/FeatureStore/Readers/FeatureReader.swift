public import SimpleFeatures

/// A source layer being read once, front to back, by one owner.
///
/// A reader pulls: nothing is read ahead of `next()`, and no more than one record is held. It is not `Sendable`.
public protocol FeatureReader: AnyObject {
    /// The fields of every feature that `next()` gives; known before the first of them.
    var schema: FeatureSchema { get }
    /// What the source says about its coordinate reference system, unjudged.
    var declaredCRS: DeclaredCRS { get }
    var format: SourceFormat { get }
    /// The file name, and the layer's where a file holds several: what messages call the source.
    var sourceName: String { get }
    /// How many records `next()` will give; `nil` where only reading tells.
    var expectedCount: Int? { get }
    /// The size of what is read, in bytes; `nil` where it has no meaning.
    var totalBytes: Int64? { get }
    /// How far reading has come, in bytes of `totalBytes`.
    var bytesRead: Int64 { get }

    /// The next record in source order, `nil` at the end and ever after.
    ///
    /// A record that cannot become a feature is given as `.rejected`, so records given = features + rejections.
    /// - Throws: `ReaderError` when the rest of the source cannot be read; everything before has been given.
    func next() throws(ReaderError) -> ReadRecord?
}

/// The kind of file a reader reads.
public enum SourceFormat: String, Sendable, CaseIterable {
    /// RFC 7946, one document; without a `crs` member its CRS is OGC:CRS84 by that standard.
    case geoJSON
    /// RFC 8142 and newline-delimited GeoJSON: one feature a line or a record separator.
    case geoJSONSequence
    case shapefile
    case csv
    case geoPackage
    /// Georeferenced images, one record a sheet; read for layers of imagery only.
    case geoTIFF
}

/// What a source says about its coordinate reference system.
public enum DeclaredCRS: Hashable, Sendable {
    /// The source says nothing.
    case none
    /// A name as the source spells it: `EPSG:4490`, `urn:ogc:def:crs:OGC:1.3:CRS84`.
    case identifier(String)
    /// A well-known text definition, of either generation or ESRI's dialect.
    case wkt(String)
}
