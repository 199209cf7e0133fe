import Foundation
import Raster

/// The document's `light`, which shades what rises above the ground.
struct ReliefLight {
    /// Towards the light: x east, y south, z up; of length 1.
    private let direction: SIMD3<Float>
    private let intensity: Float
    private let colour: SIMD3<Float>

    /// How dark a wall is at its foot where the layer asks for a gradient.
    private static let footShade: Float = 0.8

    init(_ members: [String: PropertyExpression], _ context: EvaluationContext) {
        func value(_ name: String) -> ExpressionValue? {
            members[name]?.value(context) ?? PropertyDefinition.light.first { $0.name == name }?.standard
        }
        let position = value("position")?.numbers ?? [1.15, 210, 30]
        let (azimuth, polar) = (position[1] * .pi / 180, position[2] * .pi / 180)
        direction = SIMD3(Float(sin(azimuth) * sin(polar)), Float(-cos(azimuth) * sin(polar)), Float(cos(polar)))
        intensity = Float(value("intensity")?.number ?? 0.5)
        if case .colour(let given)? = value("color") {
            colour = SIMD3(given.straight.prefix(3).map { Float($0) })
        } else {
            colour = SIMD3(repeating: 1)
        }
    }

    func roof(_ base: Colour) -> SIMD3<Float> { shaded(base, towards: SIMD3(0, 0, 1)) }

    /// - Parameter normal: out of the wall, x east and y south, of length 1.
    func wall(_ base: Colour, normal: SIMD2<Float>) -> SIMD3<Float> { shaded(base, towards: SIMD3(normal.x, normal.y, 0)) }

    /// The share of its colour that a wall has at a part of its height, 0 at the foot.
    static func gradient(_ share: Float) -> Float { footShade + (1 - footShade) * min(max(share, 0), 1) }

    private func shaded(_ base: Colour, towards normal: SIMD3<Float>) -> SIMD3<Float> {
        let facing = max(0, (normal * direction).sum())
        let own = SIMD3(Float(base.red), Float(base.green), Float(base.blue))
        return own * colour * (1 - intensity * (1 - facing))
    }
}
