internal import CQL2
internal import Foundation

extension ArithmeticOperator {
    static func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
}
