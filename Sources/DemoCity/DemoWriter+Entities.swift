import FeatureStore
import Foundation
import Reprojection
import SimpleFeatures

extension DemoWriter {
    /// Streets, plates, houses, organisations, facilities and persons, grid by grid: nothing of the city is held.
    mutating func writeEntities(_ filled: [Cell], _ progress: (String) -> Void) throws {
        let files = try EntityFiles(directory: directory, tables: tables, policy: policy)
        for (index, cell) in filled.enumerated() {
            let place = Neighbourhood(cell: cell, lattice: districts.lattice, obstacles: landscape.obstacles)
            try files.write(GridRecords(neighbourhood: place, districts: districts))
            if index % 100 == 99 { progress("  \(index + 1)/\(filled.count)") }
        }
        try files.finish()
        add("street", "street.shp", count: files.streets)
        add("doorplate", "doorplate.csv", crs: "EPSG:4547", count: files.plates)
        add("house", "house.ndjson", crs: "EPSG:4490", count: files.houses)
        add("unit", "unit_gb18030.csv", crs: "EPSG:4490", count: files.units)
        add("facility", "facility.geojson", crs: "EPSG:4490", count: files.facilities)
        add("population", "population.csv", crs: "EPSG:4490", count: files.persons)
    }

    /// A department's own layer that no catalogue knows.
    mutating func writeOverlay(_ filled: [Cell]) throws {
        let toDegrees = try Carrier(from: .gk114, to: .cgcs2000, policy: policy)
        let schema = FeatureSchema(fields: [
            Field(name: "名称", kind: .text), Field(name: "容量", kind: .integer), Field(name: "运营企业", kind: .text),
            Field(name: "联系电话", kind: .text),
        ])
        let file = try GeoJSONFileWriter(path: directory + "/bike_parking.geojson", schema: schema)
        var count = 0
        for cell in filled {
            let place = Neighbourhood(cell: cell, lattice: districts.lattice, obstacles: landscape.obstacles)
            var random = SeededGenerator(districts.lattice.seed, 90, cell.key)
            for street in place.streets where !street.runs.isEmpty && random.chance(0.25) {
                let run = random.pick(street.runs)
                count += 1
                let at = try toDegrees.carry(.point(random.pick(run)), decimals: 8)
                try file.append(
                    Feature(
                        id: Int64(count), geometry: at,
                        values: [
                            .text("\(street.name)停放点"), .integer(Int64(5 + random.below(40))),
                            .text(random.pick(["甲企业", "乙企业", "丙企业"])), .text("0769-2000\(CheckDigits.padded(count, 4))"),
                        ]))
            }
        }
        try file.finish()
        add("bikeparking", "bike_parking.geojson", title: "共享单车停放点", crs: "EPSG:4490", count: count)
    }
}

/// The open files of the entity layers.
final class EntityFiles {
    private let street: ShapefileWriter
    private let plate: CSVFileWriter
    private let house: GeoJSONFileWriter
    private let unit: CSVFileWriter
    private let facility: GeoJSONFileWriter
    private let person: CSVFileWriter
    private let tables: DemoTables
    private let toDegrees: Carrier
    private(set) var streets = 0
    private(set) var plates = 0
    private(set) var houses = 0
    private(set) var units = 0
    private(set) var facilities = 0
    private(set) var persons = 0

    init(directory: String, tables: DemoTables, policy: DatumPolicy) throws {
        self.tables = tables
        toDegrees = try Carrier(from: .gk114, to: .cgcs2000, policy: policy)
        street = try ShapefileWriter(
            path: directory + "/street.shp", schema: Schemas.street, dimension: .line, projection: CRS.gk114EsriText, encoding: .utf8)
        plate = try CSVFileWriter(
            path: directory + "/doorplate.csv", schema: Schemas.plate, coordinates: .init(x: "x", y: "y"), encoding: .utf8)
        house = try GeoJSONFileWriter(path: directory + "/house.ndjson", schema: Schemas.house, form: .sequence, precision: .decimals(8))
        unit = try CSVFileWriter(
            path: directory + "/unit_gb18030.csv", schema: Schemas.unit, coordinates: .init(x: "lon", y: "lat"), encoding: .gb18030)
        facility = try GeoJSONFileWriter(path: directory + "/facility.geojson", schema: Schemas.facility, precision: .decimals(8))
        person = try CSVFileWriter(
            path: directory + "/population.csv", schema: Schemas.person, coordinates: .init(x: "lon", y: "lat"), encoding: .utf8)
    }

    func finish() throws {
        try street.finish()
        try plate.finish()
        try house.finish()
        try unit.finish()
        try facility.finish()
        try person.finish()
    }

    func write(_ records: GridRecords) throws {
        var random = SeededGenerator(records.seed, 80, records.neighbourhood.cell.key)
        try writeStreets(records)
        try writePlates(records)
        try writeHouses(records, &random)
        try writeUnits(records, &random)
        try writeFacilities(records)
        try writePersons(records, &random)
    }

    private func writeStreets(_ records: GridRecords) throws {
        for (index, item) in records.neighbourhood.streets.enumerated() where !item.runs.isEmpty {
            streets += 1
            let first = item.runs[0][0]
            let last = item.runs[item.runs.count - 1].last ?? first
            let length = item.runs.reduce(0.0) { sum, run in
                sum + zip(run, run.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) }
            }
            let course = abs(last.x - first.x) > abs(last.y - first.y) ? "东西走向" : "南北走向"
            try street.append(
                Feature(
                    id: Int64(streets), geometry: .multiLineString(item.runs),
                    values: [
                        .text(records.gridCode + CheckDigits.padded(index + 1, 3)), .text(item.name), .text(course),
                        .text("\(item.name)起点"), .text("\(item.name)止点"), .real((length * 10).rounded() / 10),
                        .real(item.width), .text("已批准"),
                    ]))
        }
    }

    private func writePlates(_ records: GridRecords) throws {
        for item in records.plates {
            plates += 1
            try plate.append(
                Feature(
                    id: item.id, geometry: .point(item.place),
                    values: [
                        .text(item.code), .text(item.number), .text(item.street), .text(item.address), .text("小门牌"),
                        .text(item.isTemporary ? "临时" : "正式"), .text(records.buildingCodes[item.building]),
                        .text(records.gridCode),
                    ]))
        }
    }

    private func writeHouses(_ records: GridRecords, _ random: inout SeededGenerator) throws {
        let place = records.neighbourhood
        let plateOf = Dictionary(records.plates.map { ($0.building, $0) }, uniquingKeysWith: { a, _ in a })
        for (index, building) in place.buildings.enumerated() {
            houses += 1
            let rented = place.use == .village && random.chance(0.45)
            let use: String =
                switch place.use {
                case .village: rented ? "出租屋" : random.chance(0.12) ? "批发零售" : "住宅"
                case .housing: random.chance(0.15) ? "商业及服务" : "成套住宅"
                case .industry: random.chance(0.2) ? "仓储" : "厂房"
                }
            let type = building.floors <= 3 ? "低层(1-3层)" : building.floors <= 6 ? "多层(4-6层)" : building.floors <= 9 ? "中高层(7-9层)" : "高层(10层以上,>27m)"
            try house.append(
                Feature(
                    id: records.id(index), geometry: try toDegrees.carry(building.geometry, decimals: 8),
                    values: [
                        .text("FW" + records.buildingCodes[index]), .null, .text(records.buildingCodes[index]),
                        .text("\(index + 1)栋"), .text(use), .text(type),
                        .text(place.use == .village ? "存量建筑物" : "合法建筑物"), .integer(Int64(building.floors)),
                        .boolean(rented), plateOf[index].map { .text($0.address) } ?? .null,
                        .text(PlaceNames.person(&random)), .text(Self.phone(&random)), .text(records.gridCode),
                    ]))
        }
    }

    private func writeUnits(_ records: GridRecords, _ random: inout SeededGenerator) throws {
        guard !records.plates.isEmpty else { return }
        let count = Int((0.83 * Double(records.neighbourhood.buildings.count)).rounded())
        let classes = [("91", "企业", 0.42), ("92", "个体工商户", 0.53), ("52", "民办非企业单位", 0.02), ("51", "社会团体", 0.01), ("12", "事业单位", 0.015), ("11", "机关", 0.005)]
        for index in 0..<count {
            units += 1
            let kind = classes[random.weighted(classes.map(\.2))]
            let industry = random.pick(PlaceNames.industries)
            let door = random.pick(records.plates)
            let serial = Int(records.id(index) % 887_503_681 * 31 % 27_512_614_111)
            let importance = kind.0 == "11" ? 9 : kind.0 == "12" ? 7 : kind.0 == "91" ? 1 + random.weighted([6, 3, 2, 1]) : 1
            let employees = kind.0 == "92" ? 1 + random.below(8) : 5 + random.below(300)
            try unit.append(
                Feature(
                    id: records.id(index),
                    geometry: try toDegrees.carry(
                        .point(Coordinate(x: door.place.x + random.between(-2, 2), y: door.place.y + random.between(-2, 2)).rounded),
                        decimals: 8),
                    values: [
                        .text("DW\(records.id(index))"), .text(PlaceNames.company(town: records.townName, industry: industry, &random)),
                        .text(CheckDigits.socialCredit(category: kind.0, serial: serial)), .text(kind.1),
                        .text(random.chance(0.94) ? "存续" : "注销"), .text(door.address), .text(industry),
                        .integer(Int64(employees)), .text(PlaceNames.person(&random)), .text(Self.phone(&random)),
                        .integer(Int64(importance)), .text(records.gridCode),
                    ]))
        }
    }

    private func writeFacilities(_ records: GridRecords) throws {
        var random = SeededGenerator(records.seed, 81, records.neighbourhood.cell.key)
        for (index, item) in FacilityRecords(records: records, tables: tables).facilities.enumerated() {
            facilities += 1
            let type = tables.facilityTypes[item.type]
            try facility.append(
                Feature(
                    id: records.id(index), geometry: try toDegrees.carry(item.geometry, decimals: 8),
                    values: [
                        .text("SS\(records.id(index))"), .text(item.name), .text(type.code), .text(type.name),
                        .text(type.category), .text(type.department), .text(Self.phone(&random)), .text(item.address),
                        .text(item.status),
                    ]))
        }
    }

    private func writePersons(_ records: GridRecords, _ random: inout SeededGenerator) throws {
        let perPlate = [4.9, 19.3, 7.3][records.neighbourhood.use.rawValue]
        var serial = 0
        for door in records.plates {
            let count = Int(random.between(0.3, 1.7) * perPlate)
            guard count > 0 else { continue }
            let place = try toDegrees.carry(.point(door.place), decimals: 8)
            for _ in 0..<count {
                persons += 1
                serial += 1
                let local = random.chance(0.25)
                let (month, day) = (1 + random.below(12), 1 + random.below(28))
                try person.append(
                    Feature(
                        id: records.id(serial), geometry: place,
                        values: [
                            .text("RK\(records.id(serial))"), .text(PlaceNames.person(&random)), .text(random.chance(0.53) ? "男" : "女"),
                            .text(random.chance(0.93) ? "汉族" : random.pick(["壮族", "土家族", "苗族", "瑶族"])),
                            .text("2099-\(CheckDigits.padded(month, 2))-\(CheckDigits.padded(day, 2))"),
                            .text(CheckDigits.citizen(month: month, day: day, serial: random.below(1000))),
                            .text(local ? door.address : "外省(虚构)"),
                            .text(random.pick(["初中毕业", "普通高中毕业", "中等职业教育", "大学专科毕业", "大学本科毕业"])),
                            .text(door.address), .null, .text(Self.phone(&random)), .text(local ? "户籍人口" : "流动人口"),
                            .text(door.code), .text(records.gridCode),
                        ]))
            }
        }
    }

    /// 199 0000 xxxx, which no operator has given to anybody.
    private static func phone(_ random: inout SeededGenerator) -> String {
        "1990000" + CheckDigits.padded(random.below(10_000), 4)
    }
}

/// The fields of the entity files, as the catalogue names them.
private enum Schemas {
    static func text(_ names: String...) -> [Field] { names.map { Field(name: $0, kind: .text) } }

    static let street = FeatureSchema(
        fields: text("streetCode", "name", "course", "startPoint", "endPoint")
            + [Field(name: "length", kind: .real), Field(name: "width", kind: .real)] + text("status"))
    static let plate = FeatureSchema(
        fields: text("plateId", "plateNo", "street", "address", "kind", "status", "buildingCode", "gridCode"))
    static let house = FeatureSchema(
        fields: text("houseId", "name", "buildingCode", "buildingNo", "houseUse", "buildingType", "legalClass")
            + [Field(name: "floors", kind: .integer), Field(name: "isRental", kind: .boolean)]
            + text("address", "ownerName", "ownerPhone", "gridCode"))
    static let unit = FeatureSchema(
        fields: text("unitId", "name", "uscc", "unitClass", "status", "address", "industry")
            + [Field(name: "employees", kind: .integer)] + text("legalPerson", "phone")
            + [Field(name: "unitRank", kind: .integer)] + text("gridCode"))
    static let facility = FeatureSchema(
        fields: text("facilityId", "name", "typeCode", "typeName", "category", "department", "contact", "address", "status"))
    static let person = FeatureSchema(
        fields: text(
            "personId", "name", "gender", "ethnicity", "birthDate", "citizenId", "domicileAddress", "education", "address",
            "workplace", "phone", "populationClass", "plateId", "gridCode"))
}
