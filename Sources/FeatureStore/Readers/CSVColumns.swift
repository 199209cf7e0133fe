/// Which columns of a table say where its rows are.
struct CSVColumns: Equatable {
    /// Indices of the columns that hold east and north; `nil` when there are none.
    var east: Int?
    var north: Int?
    /// Index of the column that holds well-known text.
    var text: Int?

    var isPlaced: Bool { east != nil || text != nil }

    private static let eastNames: [String] = [
        "lon", "lng", "long", "longitude", "经度", "经度坐标", "x", "x坐标", "东坐标", "横坐标", "east", "easting", "e", "point_x", "lon_wgs", "lng_wgs", "wgs_lng",
    ]
    private static let northNames: [String] = [
        "lat", "latitude", "纬度", "纬度坐标", "y", "y坐标", "北坐标", "纵坐标", "north", "northing", "n", "point_y", "lat_wgs", "wgs_lat",
    ]
    private static let textNames = ["wkt", "geometry", "geom", "the_geom", "几何"]

    /// By the operator's word, else by the names above in their order, letter case aside.
    static func recognise(_ names: [String], _ options: ReaderOptions, source: String) throws(ReaderError) -> CSVColumns {
        let lowered = names.map { $0.lowercased() }
        func named(_ name: String) throws(ReaderError) -> Int {
            if let index = names.firstIndex(of: name) ?? lowered.firstIndex(of: name.lowercased()) { return index }
            throw ReaderError(
                code: .optionInvalid, message: "\(source): there is no column \"\(name)\"; the columns are \(names.joined(separator: ", "))")
        }
        func first(_ candidates: [String]) -> Int? {
            for candidate in candidates {
                if let index = lowered.firstIndex(of: candidate) { return index }
            }
            return nil
        }
        if let x = options.xField, let y = options.yField { return CSVColumns(east: try named(x), north: try named(y)) }
        guard options.xField == nil, options.yField == nil else {
            throw ReaderError(code: .optionInvalid, message: "\(source): name the columns of both coordinates or of neither")
        }
        if let text = first(textNames) { return CSVColumns(text: text) }
        guard let east = first(eastNames), let north = first(northNames) else { return CSVColumns() }
        return CSVColumns(east: east, north: north)
    }
}
