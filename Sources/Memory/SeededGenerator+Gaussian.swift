import Foundation

extension SeededGenerator {
    /// A number from the standard normal distribution (Box and Muller 1958).
    package mutating func gaussian() -> Double {
        let radius = (-2 * log(1 - unit())).squareRoot()
        return radius * cos(2 * .pi * unit())
    }
}
