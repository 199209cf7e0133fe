import Foundation

/// A turn clockwise on the screen.
struct Rotation: Hashable, Sendable {
    let cosine: Float
    let sine: Float

    init(cosine: Float, sine: Float) {
        self.cosine = cosine
        self.sine = sine
    }

    init(degrees: Float) {
        let radians = degrees * .pi / 180
        cosine = cos(radians)
        sine = sin(radians)
    }

    /// The direction from one point to another; no turn where they coincide.
    init(dx: Float, dy: Float) {
        let length = (dx * dx + dy * dy).squareRoot()
        cosine = length > 0 ? dx / length : 1
        sine = length > 0 ? dy / length : 0
    }

    func applied(_ x: Float, _ y: Float) -> (x: Float, y: Float) {
        (x * cosine - y * sine, x * sine + y * cosine)
    }

    var degrees: Float { atan2(sine, cosine) * 180 / .pi }
}
