public import Portrayal
public import Typography

/// Something of a request's own that is drawn over its picture: a style document that holds its data.
public struct PictureOverlay: Sendable {
    public var document: JSONValue
    /// Must show what the picture shows.
    public var viewport: Viewport
    public var fonts: FontCatalogue

    public init(document: JSONValue, viewport: Viewport, fonts: FontCatalogue) {
        self.document = document
        self.viewport = viewport
        self.fonts = fonts
    }
}
