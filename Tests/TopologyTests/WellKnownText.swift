import SimpleFeatures

/// Reads the WKT of the reference cases; `nil` for what this project has no value for (empty points, heights, rings).
struct WellKnownText {
    private var rest: Substring

    static func geometry(_ text: String) -> Geometry? {
        var reader = WellKnownText(rest: text[...])
        guard let geometry = reader.geometry() else { return nil }
        reader.skipSpace()
        return reader.rest.isEmpty ? geometry : nil
    }

    private mutating func skipSpace() { rest = rest.drop(while: \.isWhitespace) }

    private mutating func take(_ character: Character) -> Bool {
        skipSpace()
        guard rest.first == character else { return false }
        rest.removeFirst()
        return true
    }

    private mutating func word() -> String {
        skipSpace()
        let word = rest.prefix(while: \.isLetter)
        rest = rest.dropFirst(word.count)
        return word.uppercased()
    }

    private mutating func isEmptyWord() -> Bool {
        let saved = rest
        if word() == "EMPTY" { return true }
        rest = saved
        return false
    }

    private mutating func list<T>(_ element: (inout Self) -> T?) -> [T]? {
        if isEmptyWord() { return [] }
        guard take("(") else { return nil }
        var result: [T] = []
        repeat {
            guard let next = element(&self) else { return nil }
            result.append(next)
        } while take(",")
        return take(")") ? result : nil
    }

    private mutating func number() -> Double? {
        skipSpace()
        let text = rest.prefix { "+-.eE0123456789".contains($0) }
        rest = rest.dropFirst(text.count)
        return Double(text)
    }

    private mutating func position() -> Coordinate? {
        guard let x = number(), let y = number() else { return nil }
        skipSpace()
        guard let next = rest.first, next == "," || next == ")" else { return nil }
        return Coordinate(x: x, y: y)
    }

    private mutating func positions() -> [Coordinate]? { list { $0.position() } }
    private mutating func polygon() -> Polygon? { list { $0.positions() }.map(Polygon.init(rings:)) }

    private mutating func point() -> Coordinate? {
        let saved = rest
        if let single = positions(), single.count == 1 { return single[0] }
        rest = saved
        return position()
    }

    private mutating func geometry() -> Geometry? {
        switch word() {
        case "POINT": point().map(Geometry.point)
        case "LINESTRING": positions().map(Geometry.lineString)
        case "POLYGON": polygon().map(Geometry.polygon)
        case "MULTIPOINT": list { $0.point() }.map(Geometry.multiPoint)
        case "MULTILINESTRING": list { $0.positions() }.map(Geometry.multiLineString)
        case "MULTIPOLYGON": list { $0.polygon() }.map(Geometry.multiPolygon)
        case "GEOMETRYCOLLECTION": list { $0.geometry() }.map(Geometry.geometryCollection)
        default: nil
        }
    }
}
