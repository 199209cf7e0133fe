/// Why a style cannot be compiled or a window cannot be drawn.
public struct PortrayalError: Error, Sendable, Equatable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// Text that is not JSON.
        case invalidJSON
        /// A style document that breaks the style specification; `issues` lists every place.
        case invalidStyle
        /// A layer kind or property that is in the specification and that this renderer does not draw.
        case unsupported
        /// A font of the style that the catalogue does not hold.
        case missingFont
        /// A glyph or a block of glyphs that a font names and that cannot be read.
        case unreadableGlyph
        /// A sprite sheet that cannot be read, or an icon description that cannot be drawn.
        case invalidSprite
        /// An image that the style names and no sheet holds.
        case missingImage
        /// A request that does not fit the engine, such as a window wider than the rasteriser draws.
        case invalidRequest
        /// A label plan's bytes cannot be read.
        case unreadablePlan
    }

    public var code: Code
    /// What, where, and what to do.
    public var message: String
    /// Every fault of a style document, in document order; empty for other errors.
    public var issues: [StyleIssue]

    public init(_ code: Code, _ message: String, issues: [StyleIssue] = []) {
        self.code = code
        self.message = message
        self.issues = issues
    }

    public var description: String {
        ([message] + issues.map(\.description)).joined(separator: "\n")
    }
}
