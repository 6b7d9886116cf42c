import Evaluation
import Memory

/// What a larger sample will give, from the ranks in a smaller one, where that can be told at all.
///
/// Rank k at N passages corresponds to rank k·n/N at n, which must be at least 1: a measure with cutoff k may be
/// extrapolated by a factor of at most k. Measures that weigh the first ranks (hit@1, MRR, nDCG) never may: their values
/// at N depend on distractors that no rank at n tells of.
package struct Extrapolation: Sendable, Hashable {
    /// Why no value is given.
    package enum Refusal: Error, Sendable, Hashable {
        case needsRanksBelowOne(measure: Measure, factor: Double)
        case weighsFirstRanks(Measure)
        /// Not a function of the best relevant passage's rank, or some queries have several relevant passages.
        case notOfBestRank(Measure)
        case notLarger
        /// The lists were cut above the cutoff.
        case listsTooShort(depth: Int)
        /// Nothing is above any relevant passage, so that nothing can be fitted.
        case nothingToFit

        /// The reason in words, without the measure's name.
        package var reason: String {
            switch self {
            case .needsRanksBelowOne, .weighsFirstRanks: "not extrapolated: needs ranks below 1"
            case .notOfBestRank: "not extrapolated: does not follow from the rank of the best relevant passage"
            case .listsTooShort(let depth): "not extrapolated: lists were looked at to rank \(depth) only"
            case .notLarger: "not extrapolated: the sample is not larger"
            case .nothingToFit: "not extrapolated: no rank tells of a distractor above a relevant passage"
            }
        }
    }

    /// The expected mean over queries, and its interval, which covers the fit and the choice of queries.
    package let interval: Interval
    /// Passages of the larger sample over those of the measured one.
    package let factor: Double

    package static let rounds = 100

    /// - Parameter size: passages of the larger sample.
    /// - Parameter hasOneRelevant: whether every query has one relevant passage.
    /// - Complexity: O(rounds × (fit + queries × cutoff)).
    package init(
        _ measure: Measure, of sample: Thinning, to size: Int, hasOneRelevant: Bool = true, rounds: Int = rounds,
        seed: UInt64 = Bootstrap.seed
    ) throws(Refusal) {
        try Self.check(measure, factor: Double(size) / Double(max(sample.size, 1)), hasOneRelevant: hasOneRelevant)
        guard let gain = RankGain(measure), let cutoff = gain.cutoff else { throw .notOfBestRank(measure) }
        guard cutoff <= sample.depth else { throw .listsTooShort(depth: sample.depth) }
        factor = Double(size) / Double(sample.size)
        let (n, big) = (sample.size - sample.judged, size - sample.judged)
        let counts = sample.ranks.indices.map { query in
            sample.ranks[query].map { max($0 - 1 - sample.judgedAbove[query], 0) }
        }
        let all = Array(counts.indices)
        let fit = { @Sendable (queries: [Int], start: PoissonGamma?) in
            PoissonGamma(
                fitting: PoissonGamma.Counts(queries.map { counts[$0] }, depth: sample.depth), distractors: n,
                start: start)
        }
        guard let model = fit(all, nil) else { throw .nothingToFit }
        let value = Self.mean(model, all, counts, sample, cutoff: cutoff, n: n, big: big)
        let results = PieceResults(count: rounds)
        Parallel.forEach(count: rounds) { round in
            var generator = SeededGenerator(seed: seed, stream: UInt64(round) + 1)
            let drawn = all.map { _ in Int(generator.next() % UInt64(all.count)) }
            guard let model = fit(drawn, model) else { return }
            results.set(round, [Self.mean(model, drawn, counts, sample, cutoff: cutoff, n: n, big: big)])
        }
        interval = Bootstrap.interval(value, of: results.all(), confidence: Bootstrap.confidence)
    }

    /// Whether the rule lets a measure be extrapolated by a factor.
    package static func check(_ measure: Measure, factor: Double, hasOneRelevant: Bool = true) throws(Refusal) {
        guard factor > 1 else { throw .notLarger }
        guard let gain = RankGain(measure) else { throw .notOfBestRank(measure) }
        guard gain.isFlat, let cutoff = gain.cutoff, cutoff > 1 else { throw .weighsFirstRanks(measure) }
        guard !gain.needsOneRelevant || hasOneRelevant else { throw .notOfBestRank(measure) }
        guard factor <= Double(cutoff) else { throw .needsRanksBelowOne(measure: measure, factor: factor) }
    }

    /// The expected part of some queries whose best relevant passage stays above the cutoff.
    private static func mean(
        _ model: PoissonGamma, _ queries: [Int], _ counts: [Int?], _ sample: Thinning, cutoff: Int, n: Int, big: Int
    ) -> Double {
        var known: [[Int]: Double] = [:]
        var sum = 0.0
        for query in queries {
            guard let count = counts[query] else { continue }
            let most = cutoff - 1 - count - sample.judgedAbove[query]
            guard most >= 0 else { continue }
            let key = [count, most]
            if known[key] == nil {
                known[key] = min(
                    1, model.further(count: count, distractors: n, larger: big, upTo: most).reduce(0, +))
            }
            sum += known[key] ?? 0
        }
        return sum / Double(max(queries.count, 1))
    }
}
