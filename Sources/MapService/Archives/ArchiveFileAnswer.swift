import HTTPTypes
import Hummingbird
import TileArchives

/// The file of an archive, whole or in part, as `pmtiles.js` and its kin read it.
struct ArchiveFileAnswer {
    private static let chunkBytes: UInt64 = 256 << 10

    let archive: ServedArchive
    let shelf: ArchiveShelf

    /// Changes with every state of the file.
    private var entityTag: String { "\"\(String(archive.version, radix: 16))\"" }
    private var lastModified: String { DateStamp.text(secondsSince1970: archive.stamp.secondsSince1970) }

    func response(to request: Request) throws -> Response {
        var headers: HTTPFields = [
            .contentType: archive.fileName.hasSuffix(".pmtiles") ? "application/vnd.pmtiles" : "application/vnd.sqlite3",
            .eTag: entityTag, .lastModified: lastModified, .acceptRanges: "bytes", .cacheControl: "no-cache",
        ]
        if let wanted = request.headers[.ifMatch], !ContentTag.matches(wanted, entityTag) || wanted.contains("W/") {
            return Response(status: .preconditionFailed, headers: headers)
        }
        if request.headers[.ifNoneMatch].map({ ContentTag.matches($0, entityTag) }) == true {
            return Response(status: .notModified, headers: headers)
        }
        let length = archive.file.length
        switch ByteRange(header: range(of: request), length: length) {
        case .whole: return Response(status: .ok, headers: headers, body: body(0..<length))
        case .part(let part):
            headers[.contentRange] = "bytes \(part.lowerBound)-\(part.upperBound - 1)/\(length)"
            return Response(status: .partialContent, headers: headers, body: body(part))
        case .unsatisfiable:
            headers[.contentRange] = "bytes */\(length)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
    }

    /// Only a `GET` has ranges, and only while `If-Range` names this state of the file.
    private func range(of request: Request) -> String? {
        guard request.method == .get, [nil, entityTag, lastModified].contains(request.headers[.ifRange]) else { return nil }
        return request.headers[.range]
    }

    /// Read piece by piece; a file that is written to meanwhile ends the connection and not the answer.
    private func body(_ part: Range<UInt64>) -> ResponseBody {
        ResponseBody(contentLength: part.count) { [archive, shelf] writer in
            var start = part.lowerBound
            while start < part.upperBound {
                let (from, count) = (start, Int(min(Self.chunkBytes, part.upperBound - start)))
                let bytes = try await shelf.read {
                    let bytes = try archive.file.read(at: from, count: count)
                    try archive.checkUnchanged()
                    return bytes
                }
                try await writer.write(ByteBuffer(bytes: bytes))
                start += UInt64(count)
            }
            try await writer.finish(nil)
        }
    }
}
