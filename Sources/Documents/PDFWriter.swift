internal import CCairo
import Foundation
public import Raster
public import Wording

/// Writes display lists as the pages of a PDF: shapes as shapes, lines as lines, pictures once however often they are used.
///
/// The same lists and the same information give the same bytes. Pages are handed on as they are finished.
@safe
public final class PDFWriter {
    private let surface: OpaquePointer
    private let sink: PDFSink
    private let images = PDFImages()
    private var isFinished = false

    private static let pointsPerMillimetre = 72 / 25.4

    /// - Parameter write: takes the file's bytes, in order.
    public init(_ information: PDFInformation, write: @escaping ([UInt8]) throws -> Void) {
        sink = PDFSink(write: write)
        unsafe surface = cairo_pdf_surface_create_for_stream(
            { target, bytes, count in unsafe PDFSink.take(target, bytes, count) },
            Unmanaged.passUnretained(sink).toOpaque(), 72, 72)
        unsafe cairo_pdf_surface_restrict_to_version(surface, CAIRO_PDF_VERSION_1_5)
        func state(_ kind: cairo_pdf_metadata_t, _ text: String) { unsafe cairo_pdf_surface_set_metadata(surface, kind, text) }
        state(CAIRO_PDF_METADATA_TITLE, information.title)
        state(CAIRO_PDF_METADATA_SUBJECT, information.subject)
        state(CAIRO_PDF_METADATA_AUTHOR, information.author)
        state(CAIRO_PDF_METADATA_CREATOR, "workmap")
        // Without a date of ours cairo writes the time of day.
        state(CAIRO_PDF_METADATA_CREATE_DATE, information.date)
    }

    deinit {
        unsafe cairo_surface_finish(surface)
        unsafe cairo_surface_destroy(surface)
    }

    /// Adds a page that the list fills.
    ///
    /// - Parameter pixelsPerMillimetre: of the list; the page is as large as they make it.
    /// - Throws: `DocumentError`.
    public func add(_ list: DisplayList, widthInMillimetres: Double, heightInMillimetres: Double, pixelsPerMillimetre: Double) throws(DocumentError) {
        let scale = Self.pointsPerMillimetre
        unsafe cairo_pdf_surface_set_size(surface, widthInMillimetres * scale, heightInMillimetres * scale)
        let context = unsafe cairo_create(surface)
        guard let context = unsafe context else { throw DocumentError.unwritable("no memory") }
        unsafe cairo_scale(context, scale / pixelsPerMillimetre, scale / pixelsPerMillimetre)
        let page = unsafe PDFPage(context: context, images: images)
        page.draw(list)
        unsafe cairo_show_page(context)
        let status = unsafe cairo_status(context)
        unsafe cairo_destroy(context)
        try check(status)
    }

    /// Writes what is left of the file.
    ///
    /// - Throws: `DocumentError`.
    public func finish() throws(DocumentError) {
        precondition(!isFinished, "a document is finished once")
        isFinished = true
        unsafe cairo_surface_finish(surface)
        try check(unsafe cairo_surface_status(surface))
    }

    private func check(_ status: cairo_status_t) throws(DocumentError) {
        if let failure = sink.failure { throw DocumentError.unwritable("\(failure)") }
        guard status == CAIRO_STATUS_SUCCESS else { throw DocumentError.unwritable(unsafe String(cString: cairo_status_to_string(status))) }
    }
}

/// What a document says of itself.
public struct PDFInformation: Hashable, Sendable {
    public var title: String
    public var subject: String
    public var author: String
    /// ISO 8601, such as `2026-11-27T00:00:00Z`.
    public var date: String

    public init(title: String, subject: String, author: String, date: String) {
        self.title = title
        self.subject = subject
        self.author = author
        self.date = date
    }
}

/// Why a document was not written.
public struct DocumentError: Error, Sendable, CustomStringConvertible {
    /// What, and what to do.
    public let message: LocalisedText

    public var description: String { message.both }

    static func unwritable(_ reason: String) -> DocumentError {
        DocumentError(
            message: .init(
                zh: "PDF 无法写出（\(reason)）；请检查目标位置和剩余空间",
                en: "the PDF cannot be written (\(reason)); check where it goes and the room that is left there"))
    }
}

/// Takes cairo's bytes.
private final class PDFSink {
    private let write: ([UInt8]) throws -> Void
    private(set) var failure: (any Error)?

    init(write: @escaping ([UInt8]) throws -> Void) { self.write = write }

    static func take(_ target: UnsafeMutableRawPointer?, _ bytes: UnsafePointer<UInt8>?, _ count: UInt32) -> cairo_status_t {
        guard let target = unsafe target else { return CAIRO_STATUS_WRITE_ERROR }
        let sink = unsafe Unmanaged<PDFSink>.fromOpaque(target).takeUnretainedValue()
        guard sink.failure == nil else { return CAIRO_STATUS_WRITE_ERROR }
        do {
            let own = unsafe Array(UnsafeBufferPointer(start: bytes, count: Int(count)))
            try sink.write(own)
            return CAIRO_STATUS_SUCCESS
        } catch {
            sink.failure = error
            return CAIRO_STATUS_WRITE_ERROR
        }
    }
}
