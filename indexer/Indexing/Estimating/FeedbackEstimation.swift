import Engine
import Evaluation
import Foundation
import IndexStore
import Memory
import Search

/// Estimates whether it helps to change an index's queries by what they find first, and which method does: on queries that the index
/// holds, its labelled ones unless others are named, or else on ones that are cropped from its passages.
///
/// Feedback harms as easily as it helps, so a method is taken only where it is better than nothing in a paired randomisation test, the
/// level of 5 % divided by the number of those that are tried (Bonferroni). Cropped queries are searched for without reranking, so
/// that what asks rerankers is tried on queries of the index only.
public struct FeedbackEstimation: IndexEstimation {
    public static let id = ComponentID.feedback
    public static let measure = "nDCG@10"

    private let queries: EstimationQueries

    public init(_ queries: EstimationQueries) { self.queries = queries }

    private static let level = 0.05
    private static let rounds = 10_000
    private static let hits = 10

    public func run(_ index: IndexReader, _ clock: WorkClock) throws -> Estimate<FeedbackEstimate> {
        try clock.begin("feedback", unit: "queries")
        var queries = queries
        if queries.source == nil, index.queryGenerators.contains(EstimationQueries.labelled) {
            queries.source = EstimationQueries.labelled
        }
        var options = SearchOptions()
        options.feedback = FeedbackOptions.none
        guard queries.source == nil else {
            let items = try queries.draw(from: index, stream: 4)
            return try estimate(
                index, items.map { ($0.text, PassageIndex($0.document)) }, options, original: index, clock)
        }
        options.weights = try Engine(index).prepared(options).pipeline.fusion.weights
        options.rerank = 0
        let small = try PseudoQueryIndex(index, queries, beside: URL(filePath: index.path), clock)
        defer { small.discard() }
        return try estimate(small.reader, small.queries.map { ($0.text, $0.passage) }, options, original: index, clock)
    }

    private func estimate(
        _ index: IndexReader, _ judged: [(text: String, passage: PassageIndex)], _ options: SearchOptions,
        original: IndexReader, _ clock: WorkClock
    ) throws -> Estimate<FeedbackEstimate> {
        let engine = Engine(index)
        let plain = try engine.prepared(options)
        let tried = try Self.candidates(engine, options, isReranked: !plain.pipeline.stages.isEmpty)
        var gains = [[Double]](repeating: [], count: tried.count + 1)
        try QueryBatches(count: judged.count, threads: queries.threads, clock: clock).run { place in
            try ([plain] + tried.map(\.search)).map { search in
                let hits = try search.best(index.query(judged[place].text, needs: search.pipeline.needs), Self.hits)
                return Self.gain(hits.firstIndex { $0.candidate.passage == judged[place].passage })
            }
        } take: { _, own in
            for (place, gain) in own.enumerated() { gains[place].append(gain) }
        }
        let trials = zip(tried, gains.dropFirst()).map { candidate, own in
            FeedbackEstimate.Trial(
                methods: candidate.options.methods ?? [], filter: candidate.options.filter ?? false,
                gain: Self.mean(own) - Self.mean(gains[0]),
                p: Significance.randomisation(gains[0], own, rounds: Self.rounds, seed: queries.seed))
        }
        let level = Self.level / Double(max(1, trials.count))
        let helpful = trials.indices.filter { trials[$0].gain > 0 && trials[$0].p < level }
        // The first of equals.
        let best = helpful.max { (trials[$0].gain, $1) < (trials[$1].gain, $0) }
        let kept = best.map { trials[$0] }
        return Estimate(
            FeedbackEstimate(methods: kept?.methods ?? [], filter: kept?.filter ?? false, trials: trials),
            inputs: original.inputs(
                plain.uses.union([.fusionWeights, .rerank]),
                absent: FusionEstimation.voiding(plain.uses) + [.fusionWeights, .rerank]),
            queries: gains[0].count, objective: Self.mean(gains[(best ?? -1) + 1]), baseline: Self.mean(gains[0]))
    }

    /// Feedback that can run on an index.
    private struct Candidate {
        let options: FeedbackOptions
        let search: PreparedSearch

        private var methods: [any Feedback] { search.pipeline.feedback?.methods ?? [] }
        var changes: QueryForms { methods.reduce([]) { $0.union($1.changes) } }
        var readsScores: Bool { methods.contains(where: \.readsRerankScores) }

        /// - Returns: nil where it cannot run.
        init?(_ engine: Engine, _ options: SearchOptions, _ feedback: FeedbackOptions) throws {
            var own = options
            own.feedback = feedback
            self.options = feedback
            do {
                search = try engine.prepared(own)
            } catch {
                if case .unavailable = error { return nil }
                throw error
            }
        }
    }

    /// All methods that can run, in pairs that change terms and vector, too; and, where the index reranks, the same with passages that
    /// count by that. What reads the rerankers' scores itself is tried alone.
    private static func candidates(
        _ engine: Engine, _ options: SearchOptions, isReranked: Bool
    ) throws -> [Candidate] {
        let single = try engine.registry.feedback
            .compactMap { try Candidate(engine, options, FeedbackOptions(methods: [$0.id])) }
            .filter { isReranked || !$0.readsScores }
        let blind = single.filter { !$0.readsScores }
        let pairs = try blind.indices.flatMap { first in
            try blind[(first + 1)...].filter { $0.changes.isDisjoint(with: blind[first].changes) }.compactMap {
                second in
                let methods = (blind[first].options.methods ?? []) + (second.options.methods ?? [])
                return try Candidate(engine, options, FeedbackOptions(methods: methods))
            }
        }
        guard isReranked else { return single + pairs }
        let filtered = try (blind + pairs).compactMap { candidate in
            var own = candidate.options
            own.filter = true
            return try Candidate(engine, options, own)
        }
        return single + pairs + filtered
    }

    /// nDCG@10 with one judged passage, by its place from 0.
    private static func gain(_ place: Int?) -> Double { place.map { 1 / log2(Double($0 + 2)) } ?? 0 }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }

    public static func description(of value: FeedbackEstimate) -> String {
        let count = value.trials.count
        guard !value.methods.isEmpty else {
            let nearest = value.trials.filter { $0.gain > 0 }.min { $0.p < $1.p }
            return "none of \(count) helps for sure"
                + (nearest.map { "; the nearest is \(name($0)), \(figures($0))" } ?? "")
        }
        let own = value.trials.first { $0.methods == value.methods && $0.filter == value.filter }
        return own.map { "\(name($0)), \(figures($0)) (\(count) were tried)" }
            ?? value.methods.map(\.name).joined(separator: " and ")
    }

    private static func name(_ trial: FeedbackEstimate.Trial) -> String {
        trial.methods.map(\.name).joined(separator: " and ") + (trial.filter ? " with filter" : "")
    }

    private static func figures(_ trial: FeedbackEstimate.Trial) -> String {
        String(format: "%+.4f, p %.4f", trial.gain, trial.p)
    }
}
