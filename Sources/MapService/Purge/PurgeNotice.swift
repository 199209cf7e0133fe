import TileCache
import Tiling

/// That tiles of a map are not to be given any more by whoever keeps them in front of this service.
struct PurgeNotice: Sendable, Hashable {
    enum Reason: String, Sendable {
        /// The data changed.
        case change
        /// The service began: whatever changed while it was not there is in this.
        case start
        /// The style of the map changed.
        case style
        /// The file of an archive was replaced or is gone.
        case archive
        /// Which tiles a change touched is not known.
        case unknown
        /// More changes than could be kept until the receiver answered.
        case overflow
    }

    enum Subject: Sendable, Hashable {
        /// Every tile of the map, or every one of a kind.
        case everything(DirtyTiles.Kind?)
        case tiles([DirtyTiles.Block])
    }

    var map: String
    var subject: Subject
    var reason: Reason
    /// What the tiles that take their place say in `X-Data-Version`; of a map that is gone, what they said.
    var dataVersion: UInt64

    /// The body of a delivery.
    ///
    /// - Parameters:
    ///   - id: of the delivery; the same when it is tried again.
    ///   - paths: under which the service gives the tiles; `nil` where they are too many to be named.
    func document(id: String, paths: [String]?) -> JSONDocument {
        var document: JSONDocument = [
            "type": .string(blocks == nil ? "map.changed" : "tiles.changed"), "id": .string(id), "map": .string(map),
            "dataVersion": .string(String(dataVersion)), "reason": .string(reason.rawValue),
        ]
        switch subject {
        case .everything(let kind):
            let keys = SurrogateKeys(map: map, kind: kind ?? .picture)
            document = document.appending([.init(name: "keys", value: .strings([kind == nil ? keys.ofMap : keys.ofKind]))])
        case .tiles(let blocks):
            let told = PurgeScope.bounded(blocks)
            document = document.appending([
                .init(name: "keys", value: .strings(PurgeScope.keys(map: map, blocks: told))),
                .init(name: "tiles", value: .array(told.map(\.document))),
            ])
        }
        return paths.map { document.appending([.init(name: "paths", value: .strings($0))]) } ?? document
    }

    /// The tiles of a change, where they are known.
    var blocks: [DirtyTiles.Block]? {
        if case .tiles(let blocks) = subject { blocks } else { nil }
    }
}

extension DirtyTiles.Block {
    /// Rows and columns with both ends in them.
    var document: JSONDocument {
        func ends(_ range: Range<Int>) -> JSONDocument { .array([.integer(range.lowerBound), .integer(range.upperBound - 1)]) }
        return [
            "matrixSet": .string(matrixSet), "level": .integer(level), "kind": .string(kind.rawValue), "rows": ends(rows),
            "columns": ends(columns),
        ]
    }
}
