import Foundation
import SimpleFeatures

/// The records of one basic grid: what departments would have collected there.
struct GridRecords {
    struct Plate {
        var id: Int64
        var code: String
        var number: String
        var street: String
        var address: String
        var isTemporary: Bool
        var building: Int
        var place: Coordinate
    }

    let neighbourhood: Neighbourhood
    let gridCode: String
    let townName: String
    private(set) var plates: [Plate] = []
    /// Of every building: its standard code.
    private(set) var buildingCodes: [String] = []
    let seed: UInt64
    private let serial: Int64

    init(neighbourhood: Neighbourhood, districts: Districts) {
        self.neighbourhood = neighbourhood
        seed = districts.lattice.seed
        let cell = neighbourhood.cell
        gridCode = districts.gridCode(of: cell)
        let community = districts.communities[districts.communityOfCell[cell] ?? 0]
        let town = districts.towns[community.town]
        townName = town.name
        // A grid has fewer than ten thousand plates: ids stay apart whatever is made besides.
        serial = Int64(cell.row * 100 + cell.column) * 10_000
        buildingCodes = neighbourhood.buildings.indices.map { gridCode + CheckDigits.padded($0 + 1, 5) }
        addPlates("广东省东莞市" + town.name + community.name)
    }

    private mutating func addPlates(_ prefix: String) {
        var random = SeededGenerator(seed, 60, neighbourhood.cell.key)
        for (index, building) in neighbourhood.buildings.enumerated() {
            let street = neighbourhood.streets[building.street].name
            // Odd numbers on the left, even ones on the right.
            let number = 2 * building.lot + (building.isLeft ? 1 : 2)
            let isTemporary = random.chance(0.06)
            let doors = random.chance(0.25) ? 2 : 1
            for door in 0..<doors {
                let text = (isTemporary ? "临" : "") + "\(number)号" + (door > 0 ? "之一" : "")
                let shift = door == 0 ? 0.0 : 3.0
                let place = Coordinate(
                    x: building.front.x - building.inward.x * 0.8 - building.inward.y * shift,
                    y: building.front.y - building.inward.y * 0.8 + building.inward.x * shift
                ).rounded
                let id = serial + Int64(plates.count + 1)
                plates.append(
                    Plate(
                        id: id, code: "MP" + CheckDigits.padded(Int(id), 12), number: text, street: street,
                        address: prefix + street + text, isTemporary: isTemporary, building: index, place: place))
            }
        }
    }

    /// Ids for records of one kind, unique in the city.
    func id(_ index: Int) -> Int64 { serial * 10 + Int64(index + 1) }
}
