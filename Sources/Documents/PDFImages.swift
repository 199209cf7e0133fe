internal import CCairo
import Foundation
import Raster

/// Pictures as cairo holds them; an icon that stands in a thousand places is one picture of the file.
final class PDFImages {
    private var known: [Pixmap: PDFImage] = [:]

    /// Pixels of the largest picture that is looked up; larger ones are imagery.
    private static let sharedLimit = 512 * 512

    /// - Returns: `nil` for a picture that cairo has no memory for.
    func image(of picture: Pixmap) -> PDFImage? {
        if picture.pixels.count > Self.sharedLimit { return PDFImage(picture, isImagery: picture.isOpaque) }
        if let found = known[picture] { return found }
        let made = PDFImage(picture)
        known[picture] = made
        return made
    }
}

/// One picture; the page that uses it keeps a reference of its own.
@safe
final class PDFImage {
    let surface: OpaquePointer

    /// - Parameter isImagery: whether it is kept as JPEG, a tenth of its size.
    init?(_ image: Pixmap, isImagery: Bool = false) {
        guard let surface = unsafe cairo_image_surface_create(CAIRO_FORMAT_ARGB32, Int32(image.width), Int32(image.height)) else { return nil }
        unsafe self.surface = surface
        guard let target = unsafe cairo_image_surface_get_data(surface) else { return nil }
        let stride = unsafe Int(cairo_image_surface_get_stride(surface))
        for y in 0..<image.height {
            let row = unsafe UnsafeMutableRawPointer(target + y * stride)
            for x in 0..<image.width {
                let word = image.pixels[y * image.width + x]
                // Cairo's words have blue lowest.
                let turned = word & 0xFF00_FF00 | word >> 16 & 0xFF | (word & 0xFF) << 16
                unsafe row.storeBytes(of: turned, toByteOffset: 4 * x, as: UInt32.self)
            }
        }
        unsafe cairo_surface_mark_dirty(surface)
        if isImagery { attach(JPEGCodec.encode(image, x: 0, y: 0, width: image.width, height: image.height)) }
    }

    /// Hands cairo the bytes that it writes in place of pixels; without memory for them it writes pixels.
    private func attach(_ jpeg: [UInt8]) {
        guard let copy = unsafe malloc(jpeg.count) else { return }
        unsafe jpeg.withUnsafeBytes { bytes in
            if let start = bytes.baseAddress { unsafe copy.copyMemory(from: start, byteCount: bytes.count) }
        }
        let status = unsafe cairo_surface_set_mime_data(
            surface, CAIRO_MIME_TYPE_JPEG, copy.assumingMemoryBound(to: UInt8.self), UInt(jpeg.count), { unsafe free($0) }, copy)
        if status != CAIRO_STATUS_SUCCESS { unsafe free(copy) }
    }

    deinit { unsafe cairo_surface_destroy(surface) }
}
