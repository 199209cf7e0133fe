import ArgumentParser
import FeatureStore
import Foundation
import SimpleFeatures
import TileProduction
import Wording

struct CityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "city",
        abstract: "查看或设定本数据目录所服务的城市 Show, or state, the city that a data directory serves.",
        discussion: """
            Imports are judged by where the city is: data far from it is taken for a mistake in the CRS. Without \
            --envelope the city is shown; with it, it is written to city.json of the data directory, which a server \
            reads when it starts.
            """)

    @Option(help: "城市范围 West,south,east,north in degrees, CGCS2000.")
    var envelope: String?

    @Option(help: "城市名称 The city's name in Chinese.")
    var name: String?

    @Option(help: "英文名称 The city's name in English.")
    var nameEn: String?

    @Option(help: "行政区划代码 Its code, six digits (GB/T 2260).")
    var code: String?

    @OptionGroup var installation: InstallationOptions

    func validate() throws {
        if let code, code.count != 6 || !code.allSatisfy(\.isNumber) {
            throw ValidationError("--code has six digits, such as 440300, not \"\(code)\"")
        }
        if envelope == nil, name != nil || nameEn != nil || code != nil {
            throw ValidationError("a city is stated with --envelope WEST,SOUTH,EAST,NORTH, such as 113.75,22.4,114.65,22.9")
        }
        _ = try box()
    }

    func run() async throws {
        if let box = try box() {
            guard let name, let code else { throw ValidationError("a city is stated with --name and --code besides its --envelope") }
            let city = City(name: LocalisedText(zh: name, en: nameEn ?? name), code: code, box: box)
            try write(city)
        }
        let city = try installation.open().city
        let box = city.box
        print("城市 city: \(city.name.zh) \(city.name.en) \(city.code)")
        print("范围 envelope: \(box.minX),\(box.minY),\(box.maxX),\(box.maxY)")
    }

    private func write(_ city: City) throws {
        let directory = try DataDirectory(installation.directory)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
        try encoder.encode(city).write(to: URL(filePath: directory.path + "/city.json"), options: .atomic)
    }

    private func box() throws -> Envelope? {
        guard let envelope else { return nil }
        let parts = envelope.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        guard parts.count == 4, let west = parts[0], let south = parts[1], let east = parts[2], let north = parts[3],
            -180 <= west, west < east, east <= 180, -90 <= south, south < north, north <= 90
        else {
            throw ValidationError("--envelope is WEST,SOUTH,EAST,NORTH in degrees, such as 113.75,22.4,114.65,22.9, not \"\(envelope)\"")
        }
        return Envelope(minX: west, minY: south, maxX: east, maxY: north)
    }
}
