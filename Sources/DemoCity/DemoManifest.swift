/// What was made, and what an import of it must be told.
public struct DemoManifest: Codable, Sendable {
    public struct Source: Codable, Sendable {
        /// Layer id in the catalogue; an uncatalogued one becomes an overlay.
        public var layer: String
        public var title: String?
        /// Relative to the manifest.
        public var file: String
        /// The one layer to read of a file that holds several.
        public var sourceLayer: String?
        /// Stated only where the file does not say it.
        public var crs: String?
        public var featureCount: Int
    }

    public var scale: String
    public var seed: UInt64
    public var sources: [Source]
}

/// How much of the city is filled with streets, buildings and records.
public enum DemoScale: String, CaseIterable, Sendable {
    /// One community.
    case hamlet
    /// One town.
    case town
    case city
}
