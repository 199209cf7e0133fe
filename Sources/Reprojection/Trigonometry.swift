#if canImport(Glibc)
    private import Glibc
#elseif canImport(Darwin)
    private import Darwin
#endif

func sineOfRadians(_ x: Double) -> Double { sin(x) }
func cosineOfRadians(_ x: Double) -> Double { cos(x) }
func tangentOfRadians(_ x: Double) -> Double { tan(x) }
/// The angle of the direction (x, y), in radians.
func arctangent(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
func arctangent(_ x: Double) -> Double { atan(x) }
func hyperbolicSine(_ x: Double) -> Double { sinh(x) }
func inverseHyperbolicSine(_ x: Double) -> Double { asinh(x) }
