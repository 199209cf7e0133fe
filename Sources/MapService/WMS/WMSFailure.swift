import HTTPTypes
import Hummingbird
import OGCAPI
import Raster
import TileProduction
import Tiling
import Wording

/// An exception of WMS on its way out, in the form that the client wants.
struct WMSFailure {
    private let report: WMSExceptionReport
    private let form: WMSExceptionForm
    /// Of an empty picture, for clients that want one in place of a report.
    private let side: (width: Int, height: Int)

    private static let blankPixels = 1 << 20

    init(_ exception: ServiceException, _ version: WMSVersion, _ parameters: QueryParameters = QueryParameters(items: [])) {
        report = WMSExceptionReport(version: version, exception: exception)
        let wanted = WMSExceptionForm(of: parameters)
        func side(_ name: String) -> Int {
            let text = parameters.items.first { $0.name.uppercased() == name }?.value
            return text.flatMap { Int($0) }.flatMap { (1...PictureView.sideLimit).contains($0) ? $0 : nil } ?? 1
        }
        self.side = (side("WIDTH"), side("HEIGHT"))
        // A large empty picture is work that nobody waits in line for.
        form = wanted == .blank && self.side.width * self.side.height > Self.blankPixels ? .xml : wanted
    }

    /// An exception of a request whose parameters may be beyond reading.
    init(_ exception: ServiceException, of request: Request) {
        do {
            let parameters = try request.parameters()
            self.init(exception, WMSVersion(of: parameters), parameters)
        } catch {
            self.init(exception, .v130)
        }
    }

    func response() -> Response {
        let (type, body): (String, [UInt8]) =
            switch form {
            case .xml: (report.mediaType, report.xml())
            case .json: (MediaType.json, json)
            case .blank: ("image/png", PNGEncoder.encode(Pixmap(width: side.width, height: side.height)))
            }
        // An empty picture that said it was an error would not be shown.
        return Response(
            status: form == .blank ? .ok : .init(code: report.exception.status),
            headers: [.contentType: type, .contentLanguage: "zh, en", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: body)))
    }

    private var json: [UInt8] {
        let exception = report.exception
        let document: JSONDocument = [
            "version": .string(report.version.rawValue),
            "exceptions": .array([
                [
                    "code": .string(exception.code.rawValue), "locator": exception.locator.map { .string($0) },
                    "text": .string(exception.message.both),
                ]
            ]),
        ]
        return document.bytes()
    }
}
