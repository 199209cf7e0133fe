internal import Tiling

/// Reads the commands of one feature (MVT 2.1 clause 4.3) into the flat arrays of its layer.
struct GeometryReading {
    let commands: [UInt32]
    let kind: TileGeometryKind
    /// Whether every ring has area and the first is an exterior; meaningful for polygons.
    private(set) var hasOrderedRings = true
    private var next = 0
    private var x: Int32 = 0
    private var y: Int32 = 0

    init(commands: [UInt32], kind: TileGeometryKind) {
        self.commands = commands
        self.kind = kind
    }

    mutating func read(into layer: inout TileLayer) throws(VectorTileError) {
        var isFirst = true
        repeat {
            let start = layer.coordinates.count
            switch kind {
            case .point:
                try move(WireFormat.Command.moveTo, atLeast: 1, atMost: nil, into: &layer)
                guard next == commands.count else {
                    throw VectorTileError(.invalidGeometry, "a point holds more than one MoveTo command")
                }
            case .line:
                try move(WireFormat.Command.moveTo, atLeast: 1, atMost: 1, into: &layer)
                try move(WireFormat.Command.lineTo, atLeast: 1, atMost: nil, into: &layer)
            case .polygon:
                try move(WireFormat.Command.moveTo, atLeast: 1, atMost: 1, into: &layer)
                try move(WireFormat.Command.lineTo, atLeast: 2, atMost: nil, into: &layer)
                try close()
                let area = Self.doubledArea(layer.coordinates[start...])
                if area == 0 || (isFirst && area < 0) { hasOrderedRings = false }
            }
            layer.partEnds.append(layer.coordinates.count / 2)
            isFirst = false
        } while next < commands.count
    }

    private mutating func move(
        _ expected: UInt32, atLeast least: Int, atMost most: Int?, into layer: inout TileLayer
    ) throws(VectorTileError) {
        let count = try command(expected)
        guard count >= least, most.map({ count <= $0 }) ?? true else {
            throw VectorTileError(.invalidGeometry, "command \(expected) has count \(count), which a \(kind) does not allow")
        }
        guard count <= (commands.count - next) / 2 else {
            throw VectorTileError(.invalidGeometry, "command \(expected) promises \(count) positions, but \(commands.count - next) numbers are left")
        }
        for _ in 0..<count {
            x = x &+ Self.unzigzag(commands[next])
            y = y &+ Self.unzigzag(commands[next + 1])
            layer.coordinates.append(x)
            layer.coordinates.append(y)
            next += 2
        }
    }

    private mutating func close() throws(VectorTileError) {
        let count = try command(WireFormat.Command.closePath)
        guard count == 1 else { throw VectorTileError(.invalidGeometry, "ClosePath has count \(count), not 1") }
    }

    private mutating func command(_ expected: UInt32) throws(VectorTileError) -> Int {
        guard next < commands.count else { throw VectorTileError(.invalidGeometry, "command \(expected) is missing") }
        let word = commands[next]
        guard word & 7 == expected else {
            throw VectorTileError(.invalidGeometry, "command \(word & 7) stands where \(expected) belongs")
        }
        next += 1
        return Int(word >> 3)
    }

    @inline(__always)
    private static func unzigzag(_ value: UInt32) -> Int32 {
        Int32(bitPattern: value >> 1) ^ -Int32(bitPattern: value & 1)
    }

    /// Twice the area by the surveyor's formula, positive for exterior rings.
    private static func doubledArea(_ ring: ArraySlice<Int32>) -> Double {
        var area = 0.0
        var lastX = Double(ring[ring.endIndex - 2])
        var lastY = Double(ring[ring.endIndex - 1])
        for i in stride(from: ring.startIndex, to: ring.endIndex, by: 2) {
            let (x, y) = (Double(ring[i]), Double(ring[i + 1]))
            area += lastX * y - x * lastY
            (lastX, lastY) = (x, y)
        }
        return area
    }
}
