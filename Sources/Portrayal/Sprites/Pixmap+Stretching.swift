import Raster

extension Pixmap {
    /// The picture at another size: what lies outside the stretched spans keeps its size times `scale`, the spans
    /// share what is left. Sampled bilinearly.
    ///
    /// - Parameters:
    ///   - across: spans of columns that widen; empty for all columns.
    ///   - down: spans of rows that grow.
    func stretched(width: Int, height: Int, scale: Float, across: [[Float]], down: [[Float]]) -> Pixmap {
        let columns = Self.sources(width, self.width, scale, across)
        let rows = Self.sources(height, self.height, scale, down)
        var out = Pixmap(width: width, height: height)
        for y in 0..<height {
            for x in 0..<width { out.pixels[y * width + x] = sample(columns[x], rows[y]) }
        }
        return out
    }

    /// For every target pixel the source coordinate of its centre.
    private static func sources(_ target: Int, _ source: Int, _ scale: Float, _ spans: [[Float]]) -> [Float] {
        let spans = spans.isEmpty ? [[0, Float(source)]] : spans
        let elastic = spans.reduce(Float(0)) { $0 + $1[1] - $1[0] }
        let rigid = (Float(source) - elastic) * scale
        let factor = elastic > 0 ? max(Float(target) - rigid, 0) / elastic : scale
        var edges: [(from: Float, to: Float, factor: Float)] = []
        var at: Float = 0
        for span in spans {
            if span[0] > at { edges.append((at, span[0], scale)) }
            edges.append((span[0], span[1], factor))
            at = span[1]
        }
        if at < Float(source) { edges.append((at, Float(source), scale)) }
        return (0..<target).map { t in
            var rest = Float(t) + 0.5
            for edge in edges {
                let length = (edge.to - edge.from) * edge.factor
                if rest <= length, edge.factor > 0 { return edge.from + rest / edge.factor }
                rest -= length
            }
            return Float(source) - 0.5
        }
    }

    private func sample(_ x: Float, _ y: Float) -> UInt32 {
        let (fx, fy) = (max(x - 0.5, 0), max(y - 0.5, 0))
        let (x0, y0) = (min(Int(fx), width - 1), min(Int(fy), height - 1))
        let (x1, y1) = (min(x0 + 1, width - 1), min(y0 + 1, height - 1))
        let (tx, ty) = (min(fx - Float(x0), 1), min(fy - Float(y0), 1))
        let words = [pixels[y0 * width + x0], pixels[y0 * width + x1], pixels[y1 * width + x0], pixels[y1 * width + x1]]
        let weights = [(1 - tx) * (1 - ty), tx * (1 - ty), (1 - tx) * ty, tx * ty]
        var out: UInt32 = 0
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            var sum: Float = 0.5
            for i in 0..<4 { sum += Float(words[i] >> shift & 255) * weights[i] }
            out |= UInt32(min(sum, 255)) << shift
        }
        return out
    }
}
