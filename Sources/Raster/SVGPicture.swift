internal import CRSVG

/// A drawing in SVG, drawn at any ratio.
///
/// Nothing outside the document is loaded: it has no address that links could be relative to.
@safe
public final class SVGPicture {
    /// Logical pixels.
    public let width: Double
    public let height: Double
    private let handle: UnsafeMutablePointer<RsvgHandle>

    /// No icon or pattern is larger, in logical pixels.
    public static let longestSide = 2048.0

    /// - Throws: `malformed` with the parser's words, `tooLarge`.
    public init(_ bytes: [UInt8]) throws(RasterError) {
        var failure: UnsafeMutablePointer<GError>?
        let opened = unsafe bytes.withUnsafeBufferPointer { source in
            unsafe rsvg_handle_new_from_data(source.baseAddress, UInt(source.count), &failure)
        }
        guard let handle = unsafe opened else { throw unsafe Self.malformed(failure) }
        var (width, height) = (0.0, 0.0)
        if unsafe rsvg_handle_get_intrinsic_size_in_pixels(handle, &width, &height) == 0 {
            // No width and height in absolute units: the viewBox is in pixels then.
            var (hasWidth, hasHeight, hasViewBox) = (gboolean(0), gboolean(0), gboolean(0))
            var (across, down, box) = (RsvgLength(), RsvgLength(), RsvgRectangle())
            unsafe rsvg_handle_get_intrinsic_dimensions(handle, &hasWidth, &across, &hasHeight, &down, &hasViewBox, &box)
            if hasViewBox != 0 { (width, height) = (box.width, box.height) }
        }
        guard width > 0, height > 0 else {
            unsafe g_object_unref(handle)
            throw RasterError(code: .malformed, message: "the SVG states no size; give its svg element width and height, or a viewBox")
        }
        guard width <= Self.longestSide, height <= Self.longestSide else {
            unsafe g_object_unref(handle)
            throw RasterError(
                code: .tooLarge, message: "the SVG is \(width) x \(height) pixels; an icon has at most \(Int(Self.longestSide)) a side")
        }
        self.width = width
        self.height = height
        unsafe self.handle = handle
    }

    deinit { unsafe g_object_unref(handle) }

    private static func malformed(_ failure: UnsafeMutablePointer<GError>?) -> RasterError {
        guard let failure = unsafe failure else { return RasterError(code: .malformed, message: "not a readable SVG") }
        defer { unsafe g_error_free(failure) }
        let reason = unsafe String(cString: failure.pointee.message)
        return RasterError(code: .malformed, message: "not a readable SVG: \(reason)")
    }

    /// The drawing at `ratio` pixels a logical pixel, with `margin` transparent pixels around.
    ///
    /// - Throws: `malformed` for a document that parses and cannot be drawn.
    public func pixmap(ratio: Double, marginInPixels margin: Int = 0) throws(RasterError) -> Pixmap {
        let (across, down) = (max(1, Int((width * ratio).rounded(.up))), max(1, Int((height * ratio).rounded(.up))))
        var picture = Pixmap(width: across + 2 * margin, height: down + 2 * margin)
        var failure: UnsafeMutablePointer<GError>?
        let size = (width: Int32(picture.width), height: Int32(picture.height))
        let isDrawn = unsafe picture.pixels.withUnsafeMutableBytes { memory in
            let surface = unsafe cairo_image_surface_create_for_data(
                memory.baseAddress?.assumingMemoryBound(to: UInt8.self), CAIRO_FORMAT_ARGB32, size.width, size.height, size.width * 4)
            let context = unsafe cairo_create(surface)
            var area = RsvgRectangle(x: Double(margin), y: Double(margin), width: width * ratio, height: height * ratio)
            let isDrawn = unsafe rsvg_handle_render_document(handle, context, &area, &failure)
            unsafe cairo_surface_flush(surface)
            unsafe cairo_destroy(context)
            unsafe cairo_surface_destroy(surface)
            return isDrawn != 0
        }
        guard isDrawn else { throw unsafe Self.malformed(failure) }
        // Cairo's words have blue lowest.
        for i in picture.pixels.indices {
            let word = picture.pixels[i]
            picture.pixels[i] = word & 0xFF00_FF00 | word >> 16 & 0xFF | (word & 0xFF) << 16
        }
        return picture
    }
}
