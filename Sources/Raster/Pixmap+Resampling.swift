extension Pixmap {
    /// The left top part of the picture carried to another size: enlarged by interpolation, reduced by averages.
    ///
    /// Where sides change by different factors, as the picture of a box does whose pixels are not square, each is carried by
    /// itself. A pixel of the result is the mean of what lies under a tent around it.
    ///
    /// - Parameters:
    ///   - fromWidth, fromHeight: what is carried, in pixels of this picture, which need not be whole.
    ///   - width, height: of the result, 1 or more.
    public func resampled(fromWidth: Double, fromHeight: Double, width: Int, height: Int) -> Pixmap {
        precondition(width > 0 && height > 0 && fromWidth > 0 && fromHeight > 0, "a picture has sides")
        precondition(self.width > 0 && self.height > 0, "there is something to carry")
        let columns = Tent.all(from: fromWidth, available: self.width, to: width)
        let rows = Tent.all(from: fromHeight, available: self.height, to: height)
        var result = Pixmap(width: width, height: height)
        // Rows carried across that a row of the result still needs; the others would be many times the picture.
        var carried: [Int: [SIMD4<Float>]] = [:]
        for (y, tent) in rows.enumerated() {
            let needed = tent.first..<(tent.first + tent.weights.count)
            carried = carried.filter { needed.contains($0.key) }
            for row in needed where carried[row] == nil { carried[row] = self.carried(row: row, columns) }
            var sums = [SIMD4<Float>](repeating: .zero, count: width)
            for (i, weight) in tent.weights.enumerated() {
                guard let row = carried[tent.first + i] else { preconditionFailure("every row that is needed was carried") }
                for x in 0..<width { sums[x] += row[x] * weight }
            }
            for x in 0..<width { result.pixels[y * width + x] = Self.word(sums[x]) }
        }
        return result
    }

    private func carried(row: Int, _ columns: [Tent]) -> [SIMD4<Float>] {
        columns.map { tent in
            var sum = SIMD4<Float>.zero
            for (i, weight) in tent.weights.enumerated() { sum += Self.channels(pixels[row * width + tent.first + i]) * weight }
            return sum
        }
    }

    /// Lays a picture of the same size over this one.
    public mutating func lay(_ upper: Pixmap) {
        precondition(upper.width == width && upper.height == height, "pictures that lie on one another are of one size")
        for i in pixels.indices { pixels[i] = PixelArithmetic.over(upper.pixels[i], pixels[i]) }
    }

    /// Lays the picture on a ground of one opaque colour, a premultiplied word.
    public mutating func lay(on ground: UInt32) {
        for i in pixels.indices where pixels[i] < 0xFF00_0000 { pixels[i] = PixelArithmetic.over(pixels[i], ground) }
    }

    private static func channels(_ word: UInt32) -> SIMD4<Float> {
        SIMD4(Float(word & 255), Float(word >> 8 & 255), Float(word >> 16 & 255), Float(word >> 24))
    }

    private static func word(_ channels: SIMD4<Float>) -> UInt32 {
        let c = (channels + 0.5).clamped(lowerBound: .zero, upperBound: SIMD4(repeating: 255))
        return UInt32(c[0]) | UInt32(c[1]) << 8 | UInt32(c[2]) << 16 | UInt32(c[3]) << 24
    }
}

/// The pixels that one pixel of a resampled row is the mean of.
private struct Tent {
    var first: Int
    /// Their sum is 1.
    var weights: [Float]

    /// - Parameters:
    ///   - length: how much of the source row is carried.
    ///   - available: pixels of the source row; beyond its ends the last ones go on.
    ///   - count: pixels of the result.
    static func all(from length: Double, available: Int, to count: Int) -> [Tent] {
        let step = length / Double(count)
        let reach = max(1, step)
        return (0..<count).map { place in
            let centre = (Double(place) + 0.5) * step - 0.5
            let first = Int((centre - reach).rounded(.down)) + 1
            let last = max(first, Int((centre + reach).rounded(.up)) - 1)
            var weights = [Int: Double]()
            for source in first...last {
                let weight = max(0, 1 - abs(Double(source) - centre) / reach)
                weights[min(max(source, 0), available - 1), default: 0] += weight
            }
            let sum = weights.values.reduce(0, +)
            let kept = weights.keys.sorted()
            return Tent(first: kept[0], weights: kept.map { Float((weights[$0] ?? 0) / sum) })
        }
    }
}
