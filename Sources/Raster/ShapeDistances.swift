/// Distances of pixels from the outline of a shape, found on a finer grid.
///
/// Values are those of glyphs: 255 deep inside, 192 on the outline, 0 six pixels outside.
public enum ShapeDistances {
    /// Pixels around a shape that its distances need on every side.
    public static let bufferInPixels = 3
    private static let radiusInPixels: Float = 8
    private static let cutoff: Float = 0.25

    /// The picture whose alphas are the distances.
    ///
    /// - Parameters:
    ///   - shape: drawn `finer` times as large as the result; inside is what is at least half opaque.
    public static func picture(of shape: Pixmap, finer: Int) -> Pixmap {
        precondition(finer > 0 && shape.width % finer == 0 && shape.height % finer == 0, "a shape has whole pixels of the result")
        let isInside = shape.pixels.map { $0 >> 24 >= 128 }
        let outside = squaredDistances(isInside, width: shape.width, height: shape.height)
        let inside = squaredDistances(isInside.map { !$0 }, width: shape.width, height: shape.height)
        var picture = Pixmap(width: shape.width / finer, height: shape.height / finer)
        for y in 0..<picture.height {
            for x in 0..<picture.width {
                // The middle of the coarse pixel is a corner of fine ones where `finer` is even: the mean of four.
                let distance = mean(outside, inside, shape.width, x * finer + (finer - 1) / 2, y * finer + (finer - 1) / 2, step: finer % 2 == 0 ? 1 : 0)
                let value = 255 - 255 * (distance / Float(finer) / radiusInPixels + cutoff)
                picture[x, y] = UInt32(min(max(value.rounded(), 0), 255)) &* 0x0101_0101
            }
        }
        return picture
    }

    private static func mean(_ outside: [Float], _ inside: [Float], _ width: Int, _ x: Int, _ y: Int, step: Int) -> Float {
        func signed(_ x: Int, _ y: Int) -> Float {
            let i = y * width + x
            // From the middle of a pixel to the outline is half a pixel less than to the next middle across it.
            return outside[i] > 0 ? outside[i].squareRoot() - 0.5 : 0.5 - inside[i].squareRoot()
        }
        return (signed(x, y) + signed(x + step, y) + signed(x, y + step) + signed(x + step, y + step)) / 4
    }

    /// For every pixel the squared distance to the nearest marked one (Felzenszwalb and Huttenlocher 2012): rows, then columns.
    private static func squaredDistances(_ marked: [Bool], width: Int, height: Int) -> [Float] {
        let far = Float(width * width + height * height)
        var field = marked.map { $0 ? 0 : far }
        var line = [Float](repeating: 0, count: max(width, height))
        for y in 0..<height {
            for x in 0..<width { line[x] = field[y * width + x] }
            let found = lower(line[..<width])
            for x in 0..<width { field[y * width + x] = found[x] }
        }
        for x in 0..<width {
            for y in 0..<height { line[y] = field[y * width + x] }
            let found = lower(line[..<height])
            for y in 0..<height { field[y * width + x] = found[y] }
        }
        return field
    }

    /// The lower envelope of parabolas standing on a line's values.
    private static func lower(_ values: ArraySlice<Float>) -> [Float] {
        let count = values.count
        var roots = [Int](repeating: 0, count: count)
        var starts = [Float](repeating: 0, count: count + 1)
        var last = 0
        (starts[0], starts[1]) = (-.infinity, .infinity)
        for q in 1..<max(count, 1) {
            func crossing(_ v: Int) -> Float {
                (values[q] + Float(q * q) - values[v] - Float(v * v)) / Float(2 * (q - v))
            }
            var place = crossing(roots[last])
            while place <= starts[last] {
                last -= 1
                place = crossing(roots[last])
            }
            last += 1
            roots[last] = q
            (starts[last], starts[last + 1]) = (place, .infinity)
        }
        var found = [Float](repeating: 0, count: count)
        var parabola = 0
        for q in 0..<count {
            while starts[parabola + 1] < Float(q) { parabola += 1 }
            let offset = Float(q - roots[parabola])
            found[q] = offset * offset + values[roots[parabola]]
        }
        return found
    }
}
