import CQL2
import FeatureStore
import OGCAPI
import Reprojection
import Tiling
import Wording

/// The filter of a request, read and bound to its layer; what is wrong with it is wrong with the parameter `filter`.
enum SentFilter {
    static func bound(
        _ filter: ItemsQuery.Filter?, to selection: FeatureSelection, at desk: FeatureDesk
    ) async throws -> FeatureFilter? {
        guard let filter else { return nil }
        let expression: CQL2Expression
        do throws(CQL2Error) {
            expression =
                switch filter.language {
                case .text: try CQL2Expression(text: filter.expression)
                case .json: try CQL2Expression(json: Array(filter.expression.utf8))
                }
        } catch {
            throw refusal(filter, error.message)
        }
        do {
            return try await desk.bind(expression, crs: filter.crs, to: selection)
        } catch let error as FilterError {
            throw refusal(filter, error.message)
        } catch let error as ReprojectionError {
            throw ParameterError(
                .invalid, name: "filter-crs", value: filter.crs.uri,
                expected: .init(zh: "可换算到此图层的坐标系", en: "a CRS that can be carried to the layer's: \(error)"))
        }
    }

    private static func refusal(_ filter: ItemsQuery.Filter, _ reason: LocalisedText) -> ParameterError {
        ParameterError(
            .invalid, name: "filter", value: filter.expression,
            expected: .init(zh: "适用于此图层的 \(filter.language.rawValue)。\(reason.zh)", en: "\(filter.language.rawValue) that suits the layer: \(reason.en)"))
    }
}
