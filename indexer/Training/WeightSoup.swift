import Learning
import Tensors

/// Weights between those of a start and those that training led to (Wortsman et al. 2022, "Robust fine-tuning
/// of zero-shot models").
struct WeightSoup {
    /// Shares of the trained weights that are tried.
    static let shares: [Float] = [0, 0.25, 0.5, 0.75, 1]

    private let start: [Matrix]

    /// Remembers the parameters as they are.
    init(_ store: ParameterStore) { start = store.trained.map(\.matrix) }

    /// Gives the parameters, which are trained now, the share with the highest measure; of equals, the
    /// smallest share.
    ///
    /// - Returns: the measure of every share, and the chosen share.
    func best(
        of store: ParameterStore, measure: () -> Double
    ) -> (measures: [(share: Float, reciprocalRank: Double)], share: Float) {
        let trained = store.trained.map(\.matrix)
        var measures: [(share: Float, reciprocalRank: Double)] = []
        for share in Self.shares {
            mix(store, trained, share)
            measures.append((share, measure()))
        }
        let highest = measures.map(\.reciprocalRank).max() ?? 0
        let chosen = measures.first { $0.reciprocalRank == highest }?.share ?? 1
        mix(store, trained, chosen)
        return (measures, chosen)
    }

    private func mix(_ store: ParameterStore, _ trained: [Matrix], _ share: Float) {
        for (place, parameter) in store.trained.enumerated() {
            let (from, to) = (start[place], trained[place])
            parameter.update { values in
                from.withUnsafeBuffer { from in
                    to.withUnsafeBuffer { to in
                        // Both ends must be what they were, to the last bit.
                        for index in values.indices {
                            values[index] = (1 - share) * from[index] + share * to[index]
                        }
                    }
                }
            }
        }
    }
}
