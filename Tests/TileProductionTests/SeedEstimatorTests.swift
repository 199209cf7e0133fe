import Reprojection
import TestSupport
import Testing
import TileCache

@testable import TileProduction

/// An estimate is of a sample that was made, and says how far it may be off.
@Suite struct SeedEstimatorTests {
    @Test func theWholeIsKnownExactly() {
        let estimate = Estimate(sample: [1, 2, 3], of: 3)
        #expect(estimate.value == 6 && estimate.spread == 0)
    }

    @Test func oneOfManyTellsNothingOfTheSpread() {
        let estimate = Estimate(sample: [2], of: 10)
        #expect(estimate.value == 20 && estimate.spread == 20)
    }

    /// 19 of 20 samples lie within twice the standard error: of 400 seeded ones at least 9 of 10 do.
    @Test func theTrueSumLiesWithinTheSpread() {
        var random = SeededGenerator(seed: 77)
        let all = (0..<500).map { _ in Double.random(in: 0...100, using: &random) }
        let sum = all.reduce(0, +)
        let within = (0..<400).count { _ in
            let estimate = Estimate(sample: Array(all.shuffled(using: &random).prefix(30)), of: all.count)
            return abs(estimate.value - sum) <= estimate.spread
        }
        #expect(within >= 360, "\(within) of 400")
    }

    /// An archive's tiles are packed better than those of the store.
    @Test(arguments: [("/somewhere/a.pmtiles", EncodingEffort.stored), (nil, .quick)] as [(String?, EncodingEffort)])
    func aPassThatIsMadeAsAWholeIsKnownToTheByte(archive: String?, effort: EncodingEffort) async throws {
        let data = try await DemoHamlet.shared.value
        let built = try #require(data.library.state.layers["base.building"]).geographicEnvelope
        let specification = SeedSpecification(
            map: "standard", matrixSets: ["w"], levels: 10...13, formats: [.mvt], area: SeedArea(name: "a", envelope: built), metatile: 8,
            archive: archive)
        let plan = try SeedPlan(specification, state: data.library.state, policy: DatumPolicy())
        let estimator = try SeedEstimator(plan, library: data.library, labels: nil, workers: 2, samplePerPass: 1000)
        var random = SeededGenerator(seed: 1)
        let estimates = try await estimator.estimates(using: &random)
        for (pass, estimate) in zip(plan.passes, estimates) {
            #expect(estimate.sampled == pass.blocks.count && estimate.tiles == pass.tileCount && estimate.bytes.spread == 0)
            var bytes = 0
            let worker = TileWorker(number: 0, effort: effort)
            for block in pass.blocks {
                let maker = BlockMaker(map: try data.map, set: pass.set, format: .mvt, side: 8)
                let made = await worker.run { maker.make(block, labels: nil, bench: $0) }
                for tile in made.tiles { if case .made(let encoded) = tile.content { bytes += encoded.body.count } }
            }
            #expect(estimate.bytes.value == Double(bytes))
        }
    }
}
