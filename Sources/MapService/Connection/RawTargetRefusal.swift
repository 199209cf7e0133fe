import NIOCore
import OGCAPI
import Tiling
import Wording

/// What a request target with bytes beyond ASCII is answered with.
///
/// The HTTP decoder refuses such a target (RFC 9112 section 3.2 has only ASCII) without saying why, and a person who types
/// Chinese into an address without escaping it deserves to be told.
enum RawTargetRefusal {
    static let status = 400

    private static let body = ProblemDocument(
        title: LocalisedText(zh: "请求地址有误", en: "Bad request target"), status: status,
        detail: LocalisedText(
            zh: "请求地址含有未编码的非 ASCII 字符；请按 UTF-8 作百分号编码，如“道滘”写作 %E9%81%93%E6%BB%98",
            en: "the request target holds characters beyond ASCII; percent-encode them as UTF-8, such as %E9%81%93%E6%BB%98 for 道滘")
    ).json().bytes()

    static var bodyLength: Int { body.count }

    /// The whole response in wire form; the connection stays open.
    static func write(date: String, to buffer: inout ByteBuffer) {
        buffer.writeString("""
            HTTP/1.1 400 Bad Request\r
            Date: \(date)\r
            Server: \(MapApplication.serverName)\r
            Content-Type: \(ProblemDocument.mediaType)\r
            Content-Language: zh, en\r
            Content-Length: \(body.count)\r
            Access-Control-Allow-Origin: *\r
            \r

            """)
        buffer.writeBytes(body)
    }
}
