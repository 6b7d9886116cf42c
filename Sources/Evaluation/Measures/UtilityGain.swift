import RealModule

extension CutoffMeasure {
    /// UDCG, utility- and distraction-aware gain (Trappolini et al. 2025): what the first passages are worth to a language
    /// model that answers from them.
    ///
    /// `sigmoid(1/n · Σ g·u)` over the n first passages, at most the cutoff. A passage's utility u is 1 − p₀, where p₀ is the
    /// probability that the model, given this passage alone, declines to answer. g is 1 for a relevant passage and −1/3 for
    /// any other, which can only distract. A passage without utility adds nothing to the sum, but counts in n. No passages
    /// give 0, which is less than `sigmoid(0)` = .5: the authors' program has it so.
    public static let utility = CutoffMeasure("UDCG@", needsUtilities: true) { list, cutoff in
        let utilities = list.utilities.prefix(cutoff)
        guard !utilities.isEmpty else { return 0 }
        let relevant = Set(list.relevantRanks(cutoff))
        let sum = utilities.enumerated().reduce(0.0) { sum, place in
            sum + (place.element ?? 0) * (relevant.contains(place.offset + 1) ? 1 : -1 / 3)
        }
        return 1 / (1 + Double.exp(-sum / Double(utilities.count)))
    }
}
