import Foundation

/// Estimates fusion weights from pseudo-queries whose passage is known.
///
/// Weights are searched on a grid over the simplex, so that the result is reproducible; the
/// objective is the mean reciprocal-log rank of the known passage (nDCG@10 with one judgement), first
/// over the pseudo-queries of a family, then over the families. The mean is taken of all weights
/// whose objective is within half a standard error of the best: a corpus that says little about the
/// weights gets balanced ones, and retrievers that can stand for each other share.
public struct FusionEstimator: Sendable {
    /// One pseudo-query: the normalised scores of its candidates, and which of them is the passage.
    private struct Observation {
        var family: String
        var features: [Float]  // candidates × kinds
        var relevant: Int  // row, or -1 when no list found it
    }

    public let kinds: [RetrieverKind]
    private var observations: [Observation] = []
    /// The grid's resolution: weights are multiples of 1 / steps.
    public var steps = 10

    public init(kinds: [RetrieverKind]) { self.kinds = kinds }

    public var count: Int { observations.count }

    /// Adds a pseudo-query; `lists` are in the order of `kinds`.
    public mutating func add(_ lists: [Fusion.List], relevant: Int32, family: String = "") {
        precondition(lists.map(\.kind) == kinds)
        let table = CandidateTable(lists)
        let features = table.documents.indices.flatMap { row in
            kinds.indices.map { table.cell(row, $0).normalized }
        }
        observations.append(
            Observation(
                family: family, features: features,
                relevant: table.documents.firstIndex(of: relevant) ?? -1))
    }

    /// The estimated weights, which sum to 1, with the objective they reach.
    public func estimate() -> (weights: [RetrieverKind: Float], objective: Double) {
        guard !observations.isEmpty, !kinds.isEmpty else {
            return (Fusion.uniform(kinds).weights, 0)
        }
        let families = Dictionary(grouping: observations, by: \.family).sorted { $0.key < $1.key }.map(\.value)
        let grid = Self.simplex(dimensions: kinds.count, steps: steps)
        let scored = grid.map { weights in
            // The mean of the families' means, and its standard error.
            var mean = 0.0
            var variance = 0.0
            for family in families {
                let gains = family.map { gain($0, weights) }
                let n = Double(gains.count)
                let own = gains.reduce(0, +) / n
                mean += own
                variance += gains.reduce(0) { $0 + ($1 - own) * ($1 - own) } / (n * n)
            }
            let count = Double(families.count)
            return (weights: weights, mean: mean / count, error: sqrt(variance) / count)
        }
        guard let best = scored.max(by: { $0.mean < $1.mean }) else {
            return (Fusion.uniform(kinds).weights, 0)
        }
        let close = scored.filter { $0.mean >= best.mean - 0.5 * best.error - 1e-9 }
        var weights = [Float](repeating: 0, count: kinds.count)
        for item in close {
            for index in kinds.indices { weights[index] += item.weights[index] / Float(close.count) }
        }
        return (Dictionary(uniqueKeysWithValues: zip(kinds, weights)), best.mean)
    }

    /// 1 / log2(1 + rank) of the known passage, ties counted against it; 0 past rank 10.
    private func gain(_ observation: Observation, _ weights: [Float]) -> Double {
        guard observation.relevant >= 0 else { return 0 }
        let width = kinds.count
        return observation.features.withUnsafeBufferPointer { features in
            func score(_ row: Int) -> Float {
                var sum: Float = 0
                for column in 0..<width { sum += weights[column] * features[row * width + column] }
                return sum
            }
            let own = score(observation.relevant)
            var rank = 1
            for row in 0..<(features.count / width) where row != observation.relevant && score(row) >= own {
                rank += 1
                if rank > 10 { return 0 }
            }
            return 1 / log2(1 + Double(rank))
        }
    }

    /// All ways to split `steps` equal parts among the dimensions, as fractions.
    static func simplex(dimensions: Int, steps: Int) -> [[Float]] {
        func split(_ rest: Int, _ dimensions: Int) -> [[Int]] {
            if dimensions == 1 { return [[rest]] }
            return (0...rest).flatMap { part in
                split(rest - part, dimensions - 1).map { [part] + $0 }
            }
        }
        return split(steps, dimensions).map { $0.map { Float($0) / Float(steps) } }
    }
}
