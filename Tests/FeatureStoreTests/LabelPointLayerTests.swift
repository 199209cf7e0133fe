import SimpleFeatures
import Testing
import Wording

@testable import FeatureStore

/// Label points follow the layer whose polygons they stand for.
@Suite struct LabelPointLayerTests {
    private func layer(_ rules: [LevelRule]) -> CatalogueLayer {
        CatalogueLayer(
            id: "facility", title: LocalisedText(zh: "设施", en: "Facilities"), group: "entity", geometry: "Any", order: 1,
            tiles: TilePlan(levels: LevelRange(12, 20), fields: ["name", "typeCode"], rules: rules, labelPoints: true))
    }

    /// A polygon that a level leaves out by its type must not leave its symbol behind.
    @Test func whatALevelLeavesOutByItsKindHasNoPointThere() throws {
        let parks = ["typeCode": [CatalogueValue(.text("SS0404"))]]
        let points = LabelPointLayer.definition(
            of: layer([LevelRule(levels: LevelRange(12, 15), where: parks), LevelRule(levels: LevelRange(16, 17), minimumAreaInPixels: 3)]))
        #expect(points.id == "facility.label")
        #expect(points.tiles.fields == ["name", "typeCode", LabelPointLayer.areaField])
        for level in 12...15 { #expect(points.tiles.rule(level: level)?.where == parks, "level \(level)") }
        for level in 16...20 { #expect(points.tiles.rule(level: level)?.where == nil, "level \(level)") }
        for level in 12...20 { #expect(points.tiles.rule(level: level)?.density?.priority == LabelPointLayer.areaField) }
    }

    /// Points carry the fields of tiles only; a restriction on another field has nothing to look at.
    @Test func aRestrictionOnAFieldThatTilesLackIsNotAppliedToPoints() {
        let points = LabelPointLayer.definition(
            of: layer([LevelRule(levels: LevelRange(12, 15), where: ["status": [CatalogueValue(.text("1"))]])]))
        #expect(points.tiles.rule(level: 12)?.where?.isEmpty == true)
    }
}
