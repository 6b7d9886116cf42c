import Memory
import Search

/// Estimates a ``KeyTuning`` from queries whose passage is known.
///
/// The factors of increments, by coordinate ascent on the mean reciprocal rank at 10: factor after factor takes the best of a
/// list of values, the others as they are, until a round changes nothing. A value replaces another only where it is better by
/// the difference's standard error, so that noise does not carry factors away from ``KeyIncrements/usual``. Keys are generated
/// once; every trial weighs and ranks them anew.
package struct KeyTuningEstimator: Sendable {
    private struct Observation: Sendable {
        var query: NgramQuery
        var floor: TermFloor
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

    /// What keys are generated with: none is left out because its class adds nothing as yet.
    package var generating: NgramOptions {
        var increments = options.increments
        (increments.form, increments.title, increments.question) = (1, 1, 1)
        var options = increments.applied(to: options)
        options.dropsWeightless = false
        return options
    }

    /// Adds a query with its keys, which were generated with ``generating``.
    package mutating func add(
        _ query: NgramQuery, _ generated: GeneratedKeys, over floor: TermFloor, relevant: PassageIndex
    ) {
        observations.append(Observation(query: query, floor: floor, generated: generated, relevant: relevant))
    }

    /// The factors in the order in which they are tried, with their values.
    private static let trials: [(constant: WritableKeyPath<KeyTuning, Float?> & Sendable, values: [Float])] = [
        (\.phrase, [0, 0.2, 0.4, 0.8]), (\.form, [0, 0.28, 0.56, 1.12]), (\.mixed, [0, 0.2, 0.4, 0.8]),
        (\.fresh, [0, 0.05, 0.1, 0.2]), (\.title, [0, 0.05, 0.1, 0.2]), (\.question, [0, 0.5, 1, 2]),
    ]

    /// The trials of a round, at most.
    package static var trialCount: Int { trials.reduce(1) { $0 + $1.values.count } }

    /// The best constants that were found, with their mean reciprocal rank and that of `options` as they are.
    ///
    /// - Parameter onTrial: hears how many trials were begun; what it throws ends the search.
    package func estimate(
        onTrial: (Int) throws -> Void = { _ in }
    ) rethrows -> (tuning: KeyTuning, objective: Double, untuned: Double) {
        var best = KeyTuning()
        var done = 0
        func trial(_ tuning: KeyTuning) throws -> [Double] {
            done += 1
            try onTrial(done)
            return reciprocalRanks(tuning)
        }
        var ranks = try trial(best)
        let untuned = Self.mean(ranks)
        for _ in 0..<rounds {
            var changed = false
            for (constant, values) in Self.trials {
                for value in values {
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
        return (best, objective, untuned)
    }

    /// The reciprocal rank of each query's passage, 0 beyond the tenth.
    private func reciprocalRanks(_ tuning: KeyTuning) -> [Double] {
        var options = options
        tuning.apply(to: &options)
        let tuned = options
        return Parallel.map(count: observations.count, threads: threads) { place in
            let one = observations[place]
            let found = index.rank(
                one.generated, query: one.query, k: 10, options: tuned, floor: one.floor
            ).passages
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
        return gain > error
    }
}
