import Foundation
import FeatureStore
public import Reprojection
import SimpleFeatures
import Topology

/// A synthetic Dongguan: real names and codes of its units, everything else invented from a seed.
public enum DemoCity {
    /// 道滘镇, whose name is outside GB 2312.
    public static let defaultTown = "441900124"

    /// Writes the source files and `manifest.json` into `directory`; the same arguments give the same bytes.
    ///
    /// - Parameters:
    ///   - tables: directory of `towns.json` and `facility-types.json`.
    ///   - town: nine-digit code of the town that `hamlet` and `town` fill.
    ///   - progress: told what is being written.
    public static func generate(
        scale: DemoScale, seed: UInt64, town: String = defaultTown, tables: String, into directory: String,
        policy: DatumPolicy = DatumPolicy(), progress: (String) -> Void = { _ in }
    ) throws -> DemoManifest {
        let tables = try DemoTables(directory: tables)
        guard let index = tables.towns.firstIndex(where: { $0.code == town }) else {
            throw DemoError(message: "there is no town \(town); codes are in Tiles/demo/towns.json")
        }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        progress("行政区划 districts")
        let districts = try Districts(tables: tables, seed: seed, policy: policy)
        progress("水系道路 landscape")
        let landscape = try Landscape(districts: districts, seed: seed, policy: policy)
        var writer = try DemoWriter(directory: directory, districts: districts, landscape: landscape, tables: tables, policy: policy)
        try writer.writeBase(filled: filled(scale, districts, town: index), progress: progress)
        let manifest = DemoManifest(scale: scale.rawValue, seed: seed, sources: writer.sources)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        try encoder.encode(manifest).write(to: URL(filePath: directory + "/manifest.json"), options: .atomic)
        return manifest
    }

    private static func filled(_ scale: DemoScale, _ districts: Districts, town: Int) -> [Cell] {
        let own = districts.townOfCell.filter { $0.value == town }.keys.sorted()
        switch scale {
        case .city: return districts.townOfCell.keys.sorted()
        case .town: return own
        case .hamlet:
            let centre = districts.townCentres[town]
            let nearest = own.min {
                districts.lattice.centre(of: $0).distance(to: centre) < districts.lattice.centre(of: $1).distance(to: centre)
            }
            guard let nearest, let community = districts.communityOfCell[nearest] else { return [] }
            return districts.communities[community].cells
        }
    }
}
