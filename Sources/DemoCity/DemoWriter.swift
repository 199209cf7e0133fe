import FeatureStore
import Reprojection
import SimpleFeatures

/// Puts the city into files as departments would deliver them: different formats, encodings and CRSs.
struct DemoWriter {
    let directory: String
    let districts: Districts
    let landscape: Landscape
    let tables: DemoTables
    let policy: DatumPolicy
    private(set) var sources: [DemoManifest.Source] = []

    /// Of every file: a clock would make each run different.
    static let lastChange = "2018-05-09T00:00:00.000Z"

    init(directory: String, districts: Districts, landscape: Landscape, tables: DemoTables, policy: DatumPolicy) throws {
        self.directory = directory
        self.districts = districts
        self.landscape = landscape
        self.tables = tables
        self.policy = policy
    }

    mutating func writeBase(filled: [Cell], progress: (String) -> Void) throws {
        progress("行政界线 admin.gpkg")
        try writeAdmin()
        progress("网格 grids")
        try writeGrids(filled)
        progress("底图 base.gpkg")
        try writeBaseMap(filled, progress)
        progress("正射影像 orthophoto.tif")
        try writeOrthophoto(filled)
        progress("地址与四实 address and entities")
        try writeEntities(filled, progress)
        progress("专题图层 overlay")
        try writeOverlay(filled)
    }

    // MARK: Districts

    /// GeoPackage in longitude and latitude.
    private mutating func writeAdmin() throws {
        let toDegrees = try Carrier(from: .gk114, to: .cgcs2000, policy: policy)
        let file = try GeoPackageFileWriter.create(path: directory + "/admin.gpkg")
        func polygon(_ cells: Set<Cell>) throws -> Geometry {
            try toDegrees.carry(.multiPolygon(districts.lattice.outline(of: cells)), decimals: 9)
        }
        let base = Self.schema("code", "name", "kind")
        let city = try polygon(Set(districts.townOfCell.keys))
        let around = try toDegrees.carry(landscape.surroundings, decimals: 9)
        try file.addLayer("land", kind: nil, schema: Self.schema("name"), crs: .cgcs2000, lastChange: Self.lastChange) {
            try $0(Feature(id: 1, geometry: city, values: [.text("东莞市")]))
            try $0(Feature(id: 2, geometry: around, values: [.text("周边地区")]))
        }
        add("base.land", "admin.gpkg", layer: "land", count: 2)
        try file.addLayer("city", kind: .multiPolygon, schema: base, crs: .cgcs2000, lastChange: Self.lastChange) {
            try $0(Feature(id: 1, geometry: city, values: [.text("441900000000"), .text("东莞市"), .text("地级市")]))
        }
        add("admin.city", "admin.gpkg", layer: "city", count: 1)
        var townSchema = base
        townSchema.fields += [Field(name: "population", kind: .integer), Field(name: "areaKm2", kind: .real)]
        try file.addLayer("town", kind: .multiPolygon, schema: townSchema, crs: .cgcs2000, lastChange: Self.lastChange) { put in
            for (index, town) in districts.towns.enumerated() {
                let cells = Set(districts.townOfCell.filter { $0.value == index }.keys)
                try put(
                    Feature(
                        id: Int64(index + 1), geometry: try polygon(cells),
                        values: [
                            .text(town.code + "000"), .text(town.name), .text(town.kind),
                            town.population > 0 ? .integer(Int64(town.population)) : .null, .real(town.areaKm2),
                        ]))
            }
        }
        add("admin.town", "admin.gpkg", layer: "town", count: districts.towns.count)
        var villageSchema = base
        villageSchema.fields.append(Field(name: "townCode", kind: .text))
        try file.addLayer("village", kind: .multiPolygon, schema: villageSchema, crs: .cgcs2000, lastChange: Self.lastChange) { put in
            for (index, community) in districts.communities.enumerated() {
                try put(
                    Feature(
                        id: Int64(index + 1), geometry: try polygon(Set(community.cells)),
                        values: [
                            .text(community.code), .text(community.name),
                            .text(community.name.hasSuffix("村") ? "村民委员会" : "居民委员会"),
                            .text(districts.towns[community.town].code + "000"),
                        ]))
            }
        }
        add("admin.village", "admin.gpkg", layer: "village", count: districts.communities.count)
        try writePlaceNames(file, toDegrees)
    }

    private mutating func writePlaceNames(_ file: GeoPackageFileWriter, _ toDegrees: Carrier) throws {
        var names: [(String, Int, String, Coordinate)] = []
        for (index, town) in districts.towns.enumerated() { names.append((town.name, 2, "镇街园区", districts.townCentres[index])) }
        names.append(("东莞市", 1, "城市", Coordinate(x: 474_557.7, y: 2_546_851.5)))
        for community in districts.communities {
            names.append((community.name, 3, "村社区", districts.lattice.centre(of: community.cells[community.cells.count / 2])))
        }
        for area in landscape.green where area.kind == "林地" {
            names.append((area.name, 4, "山地公园", area.geometry.envelope.centre))
        }
        let schema = FeatureSchema(fields: [
            Field(name: "name", kind: .text), Field(name: "rank", kind: .integer), Field(name: "kind", kind: .text),
        ])
        try file.addLayer("placename", kind: .point, schema: schema, crs: .cgcs2000, lastChange: Self.lastChange) { put in
            for (index, name) in names.enumerated() {
                try put(
                    Feature(
                        id: Int64(index + 1), geometry: try toDegrees.carry(.point(name.3), decimals: 9),
                        values: [.text(name.0), .integer(Int64(name.1)), .text(name.2)]))
            }
        }
        add("placename", "admin.gpkg", layer: "placename", count: names.count)
    }

    /// Shapefiles in GBK, whose ten-byte names cut `communityCode` short.
    private mutating func writeGrids(_ filled: [Cell]) throws {
        let projection = CRS.gk114EsriText
        let basic = try ShapefileWriter(
            path: directory + "/grid_basic.shp", schema: Self.schema("code", "gridName", "communityCode", "townCode"),
            dimension: .area, projection: projection, encoding: .gbk)
        var count = 0
        for community in districts.communities {
            for (serial, cell) in community.cells.enumerated() {
                count += 1
                try basic.append(
                    Feature(
                        id: Int64(count), geometry: .polygon(Polygon(rings: [districts.lattice.ring(of: cell)])),
                        values: [
                            .text(districts.gridCode(of: cell)), .text("\(community.name)第\(serial + 1)网格"),
                            .text(community.code), .text(districts.towns[community.town].code + "000"),
                        ]))
            }
        }
        try basic.finish()
        add("grid.basic", "grid_basic.shp", count: count)

        let unit = try ShapefileWriter(
            path: directory + "/grid_unit.shp", schema: Self.schema("code", "communityCode"), dimension: .area,
            projection: projection, encoding: .gbk)
        count = 0
        for cell in filled {
            let community = districts.communities[districts.communityOfCell[cell] ?? 0]
            for (part, ring) in unitRings(cell).enumerated() {
                count += 1
                try unit.append(
                    Feature(
                        id: Int64(count), geometry: .polygon(Polygon(rings: [ring])),
                        values: [.text(districts.gridCode(of: cell) + "0\(part + 1)"), .text(community.code)]))
            }
        }
        try unit.finish()
        add("grid.unit", "grid_unit.shp", count: count)
    }

    /// A basic grid in three, from its middle to every other corner.
    private func unitRings(_ cell: Cell) -> [[Coordinate]] {
        let lattice = districts.lattice
        let corners = lattice.corners(of: cell)
        let middle = lattice.centre(of: cell).rounded
        return [0, 2, 4].map { start in
            var ring = [middle]
            ring += lattice.side(from: corners[start], to: corners[start + 1])
            ring += lattice.side(from: corners[start + 1], to: corners[(start + 2) % 6])
            ring += [lattice.position(of: corners[(start + 2) % 6]), middle]
            return ring
        }
    }

    // MARK: Base map

    private mutating func writeBaseMap(_ filled: [Cell], _ progress: (String) -> Void) throws {
        let file = try GeoPackageFileWriter.create(path: directory + "/base.gpkg")
        let kinds = Self.schema("name", "kind")
        try writeAreas(file, "green", landscape.green, kinds)
        try writeAreas(file, "water", landscape.water, kinds)
        try writeCourses(file, "river", "base.river", landscape.rivers, kinds) { [.text($0.name), .text($0.kind)] }
        try writeCourses(file, "railway", "base.railway", landscape.railways, kinds) { [.text($0.name), .text($0.kind)] }
        let roads = FeatureSchema(fields: ["name", "class", "ref"].map { Field(name: $0, kind: .text) } + [Field(name: "width", kind: .real)])
        func values(_ road: Landscape.Course) -> [PropertyValue] {
            [.text(road.name), .text(road.kind), road.ref.isEmpty ? .null : .text(road.ref), .real(road.width)]
        }
        try writeCourses(file, "expressway", "base.road.expressway", landscape.expressways, roads, values)
        try writeCourses(file, "national", "base.road.national", landscape.highways, roads, values)
        try writeCourses(file, "main", "base.road.main", landscape.mainRoads, roads, values)
        try writeLocal(file, filled, roads, progress)
    }

    private mutating func writeAreas(
        _ file: GeoPackageFileWriter, _ name: String, _ areas: [Landscape.Area], _ schema: FeatureSchema
    ) throws {
        try file.addLayer(name, kind: nil, schema: schema, crs: .gk114, lastChange: Self.lastChange) { put in
            for (index, area) in areas.enumerated() {
                let label: PropertyValue = area.name.isEmpty ? .null : .text(area.name)
                try put(Feature(id: Int64(index + 1), geometry: area.geometry, values: [label, .text(area.kind)]))
            }
        }
        add("base.\(name)", "base.gpkg", layer: name, count: areas.count)
    }

    private mutating func writeCourses(
        _ file: GeoPackageFileWriter, _ name: String, _ layer: String, _ courses: [Landscape.Course],
        _ schema: FeatureSchema, _ values: (Landscape.Course) -> [PropertyValue]
    ) throws {
        try file.addLayer(name, kind: .lineString, schema: schema, crs: .gk114, lastChange: Self.lastChange) { put in
            for (index, course) in courses.enumerated() {
                try put(Feature(id: Int64(index + 1), geometry: .lineString(course.line), values: values(course)))
            }
        }
        add(layer, "base.gpkg", layer: name, count: courses.count)
    }

    private mutating func writeLocal(
        _ file: GeoPackageFileWriter, _ filled: [Cell], _ roads: FeatureSchema, _ progress: (String) -> Void
    ) throws {
        var count = 0
        try file.addLayer("minor", kind: .lineString, schema: roads, crs: .gk114, lastChange: Self.lastChange) { put in
            for cell in filled {
                let place = Neighbourhood(cell: cell, lattice: districts.lattice, obstacles: landscape.obstacles)
                for street in place.streets {
                    for run in street.runs {
                        count += 1
                        try put(
                            Feature(
                                id: Int64(count), geometry: .lineString(run),
                                values: [.text(street.name), .text(street.width > 7 ? "支路" : "街巷"), .null, .real(street.width)]))
                    }
                }
            }
        }
        add("base.road.minor", "base.gpkg", layer: "minor", count: count)
        progress("建筑物 buildings")
        let schema = FeatureSchema(fields: [
            Field(name: "buildingCode", kind: .text), Field(name: "name", kind: .text), Field(name: "floors", kind: .integer),
            Field(name: "height", kind: .real), Field(name: "kind", kind: .text),
        ])
        count = 0
        try file.addLayer("building", kind: .polygon, schema: schema, crs: .gk114, lastChange: Self.lastChange) { put in
            for cell in filled {
                let place = Neighbourhood(cell: cell, lattice: districts.lattice, obstacles: landscape.obstacles)
                let records = GridRecords(neighbourhood: place, districts: districts)
                for (index, building) in place.buildings.enumerated() {
                    count += 1
                    let kind = ["村居", "住宅", "厂房"][place.use.rawValue]
                    let name: PropertyValue = place.use == .village ? .null : .text("\(place.streets[building.street].name)\(index + 1)栋")
                    try put(
                        Feature(
                            id: Int64(count), geometry: building.geometry,
                            values: [
                                .text(records.buildingCodes[index]), name, .integer(Int64(building.floors)),
                                .real(Double(building.floors) * 3.2), .text(kind),
                            ]))
                }
            }
        }
        add("base.building", "base.gpkg", layer: "building", count: count)
    }

    private mutating func writeOrthophoto(_ filled: [Cell]) throws {
        guard let orthophoto = DemoOrthophoto(districts: districts, landscape: landscape, filled: filled) else { return }
        try orthophoto.write(to: directory + "/orthophoto.tif")
        add("base.image", "orthophoto.tif", count: 1)
    }

    // MARK: Bookkeeping

    mutating func add(_ layer: String, _ file: String, layer source: String? = nil, title: String? = nil, crs: String? = nil, count: Int) {
        sources.append(
            DemoManifest.Source(layer: layer, title: title, file: file, sourceLayer: source, crs: crs, featureCount: count))
    }

    static func schema(_ names: String...) -> FeatureSchema {
        FeatureSchema(fields: names.map { Field(name: $0, kind: .text) })
    }
}

extension Neighbourhood.Building {
    var geometry: Geometry { .polygon(Polygon(rings: court.isEmpty ? [ring] : [ring, court])) }
}

/// Carries geometries to another CRS and rounds them.
final class Carrier {
    private let operation: CoordinateOperation

    init(from: CRS, to: CRS, policy: DatumPolicy) throws {
        operation = try CoordinateOperation(from: from, to: to, policy: policy)
    }

    func carry(_ geometry: Geometry, decimals: Int) throws -> Geometry {
        guard let carried = operation.transform(geometry) else {
            throw DemoError(message: "a geometry of the demo city cannot be carried to \(operation.target.id)")
        }
        let scale = (0..<decimals).reduce(1.0) { scale, _ in scale * 10 }
        return carried.mapPaths { path in
            path.map { Coordinate(x: ($0.x * scale).rounded() / scale, y: ($0.y * scale).rounded() / scale) }
        }
    }
}

extension CRS {
    /// EPSG:4547 as ESRI's software writes it into a `.prj`.
    static let gk114EsriText =
        #"PROJCS["CGCS2000_3_Degree_GK_CM_114E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",114.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]"#
}
