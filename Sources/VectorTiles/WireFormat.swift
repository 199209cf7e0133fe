/// The numbers of the vector tile schema (MVT 2.1, `vector_tile.proto`).
enum WireFormat {
    static let version: UInt64 = 2

    /// Protocol buffer wire types.
    static let varint: UInt8 = 0
    static let fixed64: UInt8 = 1
    static let bytes: UInt8 = 2
    static let fixed32: UInt8 = 5

    enum Tile { static let layer = 3 }

    enum Layer {
        static let name = 1
        static let features = 2
        static let keys = 3
        static let values = 4
        static let extent = 5
        static let version = 15
    }

    enum Feature {
        static let id = 1
        static let tags = 2
        static let type = 3
        static let geometry = 4
    }

    enum Value {
        static let string = 1
        static let float = 2
        static let double = 3
        static let int = 4
        static let uint = 5
        static let sint = 6
        static let bool = 7
    }

    enum Command {
        static let moveTo: UInt32 = 1
        static let lineTo: UInt32 = 2
        static let closePath: UInt32 = 7
    }

    /// A field's key byte; every field number of the schema is below 16.
    @inline(__always)
    static func key(_ field: Int, _ type: UInt8) -> UInt8 { UInt8(field) << 3 | type }
}
