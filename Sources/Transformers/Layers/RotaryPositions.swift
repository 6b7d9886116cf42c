import Foundation
import Storage

/// The angles by which pairs of components turn from one position to the next.
package struct RotaryPositions: Sendable, Equatable {
    /// The base of the angles' geometric series.
    package var base: Double
    package var scaling: Scaling

    package enum Scaling: Sendable, Equatable {
        case none
        /// All angles divided by a factor.
        case linear(factor: Double)
        /// Llama 3: slow angles are divided, fast ones kept, with a ramp between.
        case llama3(factor: Double, low: Double, high: Double, original: Double)
    }

    package init(base: Double, scaling: Scaling = .none) {
        self.base = base
        self.scaling = scaling
    }

    /// Reads `rope_theta` and `rope_scaling`, or the newer `rope_parameters` that holds both.
    init(_ reader: ConfigurationReader) throws(ModelError) {
        let newer = reader.json["rope_parameters"].flatMap { $0.isNull ? nil : $0 }
        let older = reader.json["rope_scaling"].flatMap { $0.isNull ? nil : $0 }
        let json = newer ?? older ?? JSONValue.object([])
        let scaling = ConfigurationReader(json: json, path: reader.path)
        let outer = try reader.number("rope_theta", standard: 10_000)
        base = try newer == nil ? outer : scaling.number("rope_theta", standard: outer)
        guard base > 1 else { throw reader.fault("rope_theta must be above 1") }
        let legacy = try scaling.word("type", standard: "default")
        let type = try scaling.word("rope_type", standard: legacy)
        let factor = try scaling.number("factor", standard: 1)
        guard factor >= 1 else { throw reader.fault("the factor of rope_scaling must be at least 1") }
        switch type {
        case "default": self.scaling = .none
        case "linear": self.scaling = .linear(factor: factor)
        case "llama3":
            let low = try scaling.number("low_freq_factor", standard: 1)
            let high = try scaling.number("high_freq_factor", standard: 4)
            let original = try scaling.number("original_max_position_embeddings", standard: 8_192)
            guard low > 0, high > low, original >= 1 else {
                throw reader.fault("rope_scaling of type llama3 has impossible factors")
            }
            self.scaling = .llama3(factor: factor, low: low, high: high, original: original)
        default:
            throw reader.unsupported("rope_scaling is of type \(type); expected linear or llama3")
        }
    }

    /// The angle of each pair of components of a head, `width` / 2 of them.
    ///
    /// - Parameter divisors: what each angle is divided by besides, where a checkpoint says so.
    package func angles(width: Int, dividedBy divisors: [Float]? = nil) -> [Float] {
        (0..<width / 2).map { pair in
            let divisor = divisors.map { Double($0[pair]) } ?? 1
            let angle = 1 / pow(base, Double(2 * pair) / Double(width)) / divisor
            switch scaling {
            case .none: return Float(angle)
            case .linear(let factor): return Float(angle / factor)
            case .llama3(let factor, let low, let high, let original):
                let turns = original * angle / (2 * .pi)
                if turns < low { return Float(angle / factor) }
                if turns > high { return Float(angle) }
                let share = (turns - low) / (high - low)
                return Float((1 - share) * angle / factor + share * angle)
            }
        }
    }
}
