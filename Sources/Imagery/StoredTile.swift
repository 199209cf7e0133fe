public import Raster

/// A tile as an archive holds it: JPEG where it is opaque, WebP where something shows through.
public struct StoredTile: Sendable, Hashable {
    public enum Format: UInt32, Sendable, CaseIterable {
        case jpeg = 1
        case webp = 2
    }

    public var format: Format
    public var bytes: [UInt8]

    public init(format: Format, bytes: [UInt8]) {
        self.format = format
        self.bytes = bytes
    }

    /// Encodes a picture as it is stored.
    init(_ picture: Pixmap) {
        if picture.isOpaque {
            self.init(format: .jpeg, bytes: JPEGCodec.encode(picture))
        } else {
            self.init(format: .webp, bytes: WebPCodec.encode(picture))
        }
    }

    /// - Throws: `malformed`.
    public func pixmap() throws(RasterError) -> Pixmap {
        switch format {
        case .jpeg: try JPEGCodec.decode(bytes)
        case .webp: try WebPCodec.decode(bytes)
        }
    }
}
