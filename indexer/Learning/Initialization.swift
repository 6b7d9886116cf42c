import Foundation
import Memory

/// How the elements of a new parameter are chosen.
package enum Initialization: Sendable, Equatable {
    case zeros
    case ones
    /// Independent normal numbers of mean zero.
    case normal(deviation: Float)
    /// The same without what is more than two deviations away.
    case truncatedNormal(deviation: Float)

    /// Fills a parameter. The numbers depend on the seed and the parameter's name alone, so that
    /// another parameter more or less does not change them.
    package func fill(_ parameter: Parameter, seed: UInt64) {
        let stream = parameter.name.utf8.reduce(UInt64(0xCBF2_9CE4_8422_2325)) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
        var generator = SeededGenerator(seed: seed, stream: stream)
        parameter.update { values in
            switch self {
            case .zeros: values.update(repeating: 0)
            case .ones: values.update(repeating: 1)
            case .normal(let deviation):
                for index in values.indices { values[index] = deviation * generator.normal() }
            case .truncatedNormal(let deviation):
                for index in values.indices {
                    var value = generator.normal()
                    while abs(value) > 2 { value = generator.normal() }
                    values[index] = deviation * value
                }
            }
        }
    }
}

extension SeededGenerator {
    /// A normal number of mean 0 and deviation 1 (Box and Muller 1958).
    mutating func normal() -> Float {
        // 1 - u is never zero.
        let radius = (-2 * log(1 - unit())).squareRoot()
        return Float(radius * cos(2 * Double.pi * unit()))
    }
}
