public import TileCache

/// A picture that somebody wants: which maps and layers, of what place, on what ground.
public struct PictureRequest: Hashable, Sendable {
    /// Layers of one map that are drawn together, in the map's own order and style.
    public struct Part: Hashable, Sendable {
        public var map: String
        /// Some of the map's layers; `nil` for the map as it is, whose labels are those of its tiles.
        public var layers: Set<String>?

        public init(map: String, layers: Set<String>? = nil) {
            self.map = map
            self.layers = layers
        }
    }

    /// What is under everything that is drawn.
    public enum Ground: Hashable, Sendable {
        /// The background of the lowest map's style, white where that lets something through.
        case style
        case transparent
        /// Red, green, blue; opaque.
        case colour(UInt8, UInt8, UInt8)
    }

    /// From bottom to top; at least one.
    public var parts: [Part]
    public var view: PictureView
    /// A format of pictures; its ratio says nothing.
    public var format: TileFormat
    public var ground: Ground

    public init(parts: [Part], view: PictureView, format: TileFormat, ground: Ground) {
        precondition(!parts.isEmpty && format != .mvt, "a picture shows something")
        self.parts = parts
        self.view = view
        self.format = format
        self.ground = ground
    }
}

/// A finished picture.
public struct EncodedPicture: Hashable, Sendable {
    public var mediaType: String
    public var body: [UInt8]
    /// Of the maps in it; changes with everything that any of their layers gives.
    public var dataVersion: UInt64
    /// What it was made of, as a number; `nil` where labels are still being placed, so that the same request gives others soon.
    public var identity: UInt64?
}
