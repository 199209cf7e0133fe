import Raster
import Typography

/// The buffers, open fonts and caches of one worker; reused from window to window, never shared.
public struct RenderScratch: ~Copyable {
    var canvas = Canvas(width: 1, height: 1)
    var path = Path()
    var fonts = OpenFonts()
    var distances = DistanceFonts()
    var layouts = LayoutCache()
    var images = StretchedImages()
    var shadedIcons = ShadedIcons()
    private var zoomed: [ZoomedLayer] = []
    private var zoomedKey: (style: UInt64, zoom: Double)?
    /// What the last render did.
    public internal(set) var statistics = RenderStatistics()

    public init() {}

    /// The layers that draw at a zoom; kept for as long as the same style is asked for the same zoom.
    mutating func layers(of style: Style, identity: UInt64, zoom: Double, images: Set<String>) -> [ZoomedLayer] {
        if let key = zoomedKey, key.style == identity, key.zoom == zoom { return zoomed }
        // Icons of one name look different in another style, or in this one after a change.
        if zoomedKey?.style != identity {
            self.images.removeAll()
            shadedIcons.removeAll()
        }
        var context = EvaluationContext()
        context.zoom = zoom
        context.globalState = style.globalState
        context.images = images
        zoomed = style.layers.filter { $0.draws(atStyleZoom: zoom) }.map { ZoomedLayer($0, context) }
        zoomedKey = (identity, zoom)
        return zoomed
    }
}

/// What one render did.
public struct RenderStatistics: Sendable, Equatable {
    /// Features that passed a layer's filter, counted once a layer.
    public var featuresDrawn = 0
    public var labelsPlaced = 0
    /// Labels that found no free place wholly inside the window.
    public var labelsRejected = 0
    /// Images that the style names and no sheet holds.
    public var missingImages: Set<String> = []
    /// Labels that want a character which no font of their stack has, in the order in which they were met.
    public var unlettered: [UnletteredLabel] = []
}

/// A label that want of a character keeps off the map.
public struct UnletteredLabel: Hashable, Sendable {
    /// The style layer.
    public var layer: String
    public var text: String
    /// Where the label would stand: device pixels from the left and the top of what it was placed in.
    public var x: Float
    public var y: Float
}
