import Memory
import Search

/// Estimates a ``KeyTuning`` from queries whose passage is known.
///
/// Coordinate ascent on the mean reciprocal rank at 10: constant after constant takes the best of a list
/// of values, the others as they are, until a round changes nothing. A value replaces another only where
/// it is better by a third of the difference's standard error, so that noise does not carry constants away
/// from where they began, ``KeyTuning/usual``. Keys are generated once; every trial weighs and ranks them anew.
package struct KeyTuningEstimator: Sendable {
    private struct Observation: Sendable {
        var query: NgramQuery
        var generated: GeneratedKeys
        var relevant: PassageIndex
    }

    package let index: NgramIndex
    /// What is not tuned.
    package let options: NgramOptions
    /// Rounds over all constants at most.
    package var rounds = 3
    package var threads: Int
    private var observations: [Observation] = []

    package init(_ index: NgramIndex, options: NgramOptions, threads: Int) {
        self.index = index
        self.options = options
        self.threads = threads
    }

    package var count: Int { observations.count }

    /// What keys are generated with: none is dropped because the constants at hand give it no weight.
    package var generating: NgramOptions {
        var options = options
        options.dropsWeightless = false
        options.weighting.inflectionFactor = 1
        return options
    }

    /// Adds a query with its keys, which were generated with ``generating``.
    package mutating func add(
        _ query: NgramQuery, _ generated: GeneratedKeys, relevant: PassageIndex
    ) {
        observations.append(Observation(query: query, generated: generated, relevant: relevant))
    }

    /// The constants in the order in which they are tried, with their values.
    private static let trials: [(constant: WritableKeyPath<KeyTuning, Float?> & Sendable, values: [Float])] = [
        (\.lengthNormalization, [0, 0.15, 0.3, 0.45, 0.6]),
        (\.exponent, [1, 1.25, 1.5, 2, 2.5]),
        (\.draws, [0, 10, 30, 60, 120]),
        (\.generatedFactor, [0, 0.1, 0.2, 0.3, 0.5, 0.8]),
        (\.inflectionFactor, [0, 0.25, 0.5, 0.75, 1]),
        (\.titleFactor, [0, 0.03, 0.1, 0.3, 1]),
        (\.unigramFactor, [0, 0.05, 0.1, 0.2, 0.4]),
        (\.beta, [0.5, 0.8, 1]),
        (\.repeatShare, [0, 0.05, 0.1, 0.2]),
    ]

    /// The trials of a round, at most.
    package static var trialCount: Int { trials.reduce(1) { $0 + $1.values.count - 1 } }

    /// The best constants that were found, with their mean reciprocal rank and that of `options` as they are.
    ///
    /// - Parameter onTrial: hears how many trials were begun; what it throws ends the search.
    package func estimate(
        onTrial: (Int) throws -> Void = { _ in }
    ) rethrows -> (tuning: KeyTuning, objective: Double, untuned: Double) {
        var best = KeyTuning.usual
        var done = 0
        func trial(_ tuning: KeyTuning) throws -> [Double] {
            done += 1
            try onTrial(done)
            return reciprocalRanks(tuning)
        }
        let untuned = Self.mean(reciprocalRanks(KeyTuning()))
        var ranks = try trial(best)
        for _ in 0..<rounds {
            var changed = false
            for (constant, values) in Self.trials {
                for value in values where value != best[keyPath: constant] {
                    var tuning = best
                    tuning[keyPath: constant] = value
                    let other = try trial(tuning)
                    guard Self.isBetter(other, than: ranks) else { continue }
                    (best, ranks, changed) = (tuning, other, true)
                }
            }
            if !changed { break }
        }
        let objective = Self.mean(ranks)
        return objective >= untuned ? (best, objective, untuned) : (KeyTuning(), untuned, untuned)
    }

    /// The reciprocal rank of each query's passage, 0 beyond the tenth.
    private func reciprocalRanks(_ tuning: KeyTuning) -> [Double] {
        var options = options
        tuning.apply(to: &options)
        let tuned = options
        return Parallel.map(count: observations.count, threads: threads) { place in
            let one = observations[place]
            let found = index.rank(one.generated, query: one.query, k: 10, options: tuned).passages
            return found.firstIndex { $0.passage == one.relevant }.map { 1 / Double($0 + 1) } ?? 0
        }
    }

    private static func mean(_ values: [Double]) -> Double {
        values.reduce(0, +) / Double(max(1, values.count))
    }

    private static func isBetter(_ a: [Double], than b: [Double]) -> Bool {
        let differences = zip(a, b).map { $0 - $1 }
        let gain = mean(differences)
        let count = Double(max(1, differences.count))
        let error = (differences.reduce(0) { $0 + ($1 - gain) * ($1 - gain) } / (count * count)).squareRoot()
        return gain > error / 3
    }
}
