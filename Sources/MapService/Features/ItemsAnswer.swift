import FeatureStore
import Foundation
import HTTPTypes
import Hummingbird
import OGCAPI
import SimpleFeatures

/// A page of features as GeoJSON.
struct ItemsAnswer {
    let selection: FeatureSelection
    let page: ItemsPage
    let output: GeoJSONOutput
    let desk: FeatureDesk

    /// Features written between two writes to the client.
    private static let runLength = 1000

    /// A page on its way out.
    private enum Answer {
        /// In parts that follow one another.
        case whole([[UInt8]])
        /// Too much to hold: leaves run by run, unpacked.
        case streamed(ResponseBody)
    }

    /// - Parameter headers: of the answer, as far as they do not say how it is packed.
    func response(_ headers: HTTPFields, for request: Request) async throws -> Response {
        var headers = headers
        switch selection.shape == nil ? try await plain() : .whole(try await shaped()) {
        case .streamed(let body): return Response(status: .ok, headers: headers, body: body)
        case .whole(let parts):
            headers[.vary] = "Accept-Encoding"
            let count = parts.reduce(0) { $0 + $1.count }
            guard count > 1000, TileResponse.acceptsGzip(request.headers[.acceptEncoding]) else {
                var buffer = ByteBuffer()
                buffer.reserveCapacity(count)
                for part in parts { buffer.writeBytes(part) }
                return Response(status: .ok, headers: headers, body: .init(byteBuffer: buffer))
            }
            headers[.contentEncoding] = "gzip"
            return Response(
                status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: ContentTag.gzip(Array(parts.joined())))))
        }
    }

    /// Rows leave as they are read; nothing but one run is held.
    private func plain() async throws -> Answer {
        // The first run is read before the head leaves, so that what can fail still answers with a status.
        let (first, start) = try await desk.firstRun(
            selection, skip: page.offset, limit: min(page.limit, Self.runLength), output: output)
        let matched = start.matched.count
        let returned = max(0, min(page.limit, matched - page.offset))
        guard start.written < returned else {
            return .whole([FeatureCollectionEnvelope.opening, first, closing(matched: matched, written: start.written)])
        }
        return .streamed(ResponseBody { writer in
            var (cursor, selection) = (start, selection)
            try await writer.write(ByteBuffer(bytes: FeatureCollectionEnvelope.opening + first))
            while cursor.written < returned {
                let before = cursor.written
                let limit = min(returned - cursor.written, Self.runLength)
                var run: [UInt8]
                do {
                    run = try await desk.run(selection, cursor: &cursor, limit: limit, output: output)
                } catch let error as RegistryError where error.code == .versionChanged {
                    // The layer has changed; what has begun to leave ends as the layer was.
                    selection.turn(to: (selection.record, .version(selection.record.version)))
                    run = try await desk.run(selection, cursor: &cursor, limit: limit, output: output)
                }
                guard cursor.written > before else { break }
                try await writer.write(ByteBuffer(bytes: run))
            }
            try await writer.write(ByteBuffer(bytes: closing(matched: matched, written: cursor.written)))
            try await writer.finish(nil)
        })
    }

    /// A selection that has to be judged feature by feature.
    private func shaped() async throws -> [[UInt8]] {
        let (matched, features) = try await desk.page(selection, offset: page.offset, limit: page.limit)
        let written = try await desk.write(features, of: selection, output)
        return [FeatureCollectionEnvelope.opening, written, closing(matched: matched, written: features.count)]
    }

    private func closing(matched: Int, written: Int) -> [UInt8] {
        var envelope = FeatureCollectionEnvelope(numberMatched: matched, timeStamp: Date().formatted(.iso8601))
        envelope.links = page.links(hasMore: page.offset + written < matched)
        return envelope.closing(numberReturned: written)
    }
}
