import Raster
import SimpleFeatures
import Testing
import Tiling
import Typography

@testable import Portrayal

/// `within` and `distance` on the grids of map tiles.
@Suite struct PlaceExpressionTests {
    static let box =
        #"{"type": "Polygon", "coordinates": [[[113.7, 22.9], [113.8, 22.9], [113.8, 23.0], [113.7, 23.0], [113.7, 22.9]]]}"#

    static func window(degrees: Bool) -> TileWindow {
        let level = 12
        let half = degrees ? 180 : 20_037_508.342789244
        let metres = degrees ? 111_319.49079327358 : 1
        let cell = 2 * half / 256 / Double(1 << level)
        let matrix = TileMatrix(
            id: "12", level: level, cellSize: cell, pointOfOrigin: Coordinate(x: -half, y: degrees ? 90 : half), tileSize: 256,
            matrixWidth: 1 << level, matrixHeight: 1 << level, scaleDenominator: cell * metres / 0.00028)
        // The tiles that hold 113.75, 22.95.
        let row = degrees ? 762 : 1779
        return TileWindow(
            matrix: matrix, origin: TileAddress(level: level, row: row, column: 3342), columns: 2, rows: 2, extent: 65_536, margin: 0)
    }

    static func value(_ expression: String, _ grid: FeatureGrid?, at degrees: Coordinate) throws -> ExpressionValue {
        var definition = PropertyDefinition(name: "x", kind: expression.contains("distance") ? .number : .boolean)
        definition.isDataDriven = true
        let property = try PropertyExpression.compile(JSONValue(json: Array(expression.utf8)), definition)
        var context = EvaluationContext()
        context.grid = grid
        let plane = grid?.plane == .degrees ? degrees : FeatureGrid.mercator(degrees: degrees)
        let position = grid?.position(of: plane) ?? GridPosition(x: 0, y: 0)
        context.feature = .record(
            properties: [:], id: .null, geometry: "Point", state: [:], shape: GridShape(kind: .point, parts: [[position]]))
        return property.value(context)
    }

    @Test(arguments: [false, true]) func aPlaceIsInsideOnEveryGrid(degrees: Bool) throws {
        let grid = try #require(FeatureGrid(Self.window(degrees: degrees)))
        let expression = #"["within", \#(Self.box)]"#
        #expect(try Self.value(expression, grid, at: Coordinate(x: 113.75, y: 22.95)) == .boolean(true))
        #expect(try Self.value(expression, grid, at: Coordinate(x: 113.81, y: 22.95)) == .boolean(false))
        #expect(try Self.value(expression, grid, at: Coordinate(x: 113.75, y: 23.01)) == .boolean(false))
    }

    /// A degree of latitude is 110.7 kilometres here.
    @Test(arguments: [false, true]) func distanceIsInMetres(degrees: Bool) throws {
        let grid = try #require(FeatureGrid(Self.window(degrees: degrees)))
        let north = try #require(try Self.value(#"["distance", \#(Self.box)]"#, grid, at: Coordinate(x: 113.75, y: 23.01)).number)
        #expect(abs(north - 1107) < 3, "\(north)")
        #expect(try Self.value(#"["distance", \#(Self.box)]"#, grid, at: Coordinate(x: 113.75, y: 22.95)) == .number(0))
    }

    /// Positions go to whole units of the map first, so that every window gives the same answer.
    @Test func neighbouringWindowsAgree() throws {
        let window = Self.window(degrees: false)
        var east = window
        east.origin.column += 1
        let (a, b) = (try #require(FeatureGrid(window)), try #require(FeatureGrid(east)))
        let place = FeatureGrid.mercator(degrees: Coordinate(x: 113.7654321, y: 22.9123456))
        #expect(a.position(of: place).x - b.position(of: place).x == Int64(window.extent))
        #expect(a.position(of: place).y == b.position(of: place).y)
    }

    @Test func whereNoPlaceIsKnownTheDefaultHolds() throws {
        #expect(try Self.value(#"["within", \#(Self.box)]"#, nil, at: Coordinate(x: 113.75, y: 22.95)) == .null)
        let filter = try Filter.compile(JSONValue(json: Array(#"["within", \#(Self.box)]"#.utf8)))
        #expect(filter.value(EvaluationContext()) == .boolean(false))
    }

    @Test(arguments: [#"["within", 3]"#, #"["within", {"type": "Point", "coordinates": [0, 0]}]"#, #"["distance", {"type": "Polygon"}]"#, #"["within"]"#])
    func whatIsNoGeometryIsRefused(_ expression: String) throws {
        let json = try JSONValue(json: Array(expression.utf8))
        #expect(throws: ExpressionFaults.self) { try Filter.compile(json) }
    }
}
