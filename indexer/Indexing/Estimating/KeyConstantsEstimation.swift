import Engine
import Foundation
import IndexStore
import Memory
import Ranking
import Search
import Transformers

/// Estimates how much each class of keys adds, for an index's generator.
public struct KeyConstantsEstimation: IndexEstimation {
    public static let id = ComponentID.keyConstants
    public static let measure = "MRR@10"

    private let queries: EstimationQueries

    public init(_ queries: EstimationQueries) { self.queries = queries }

    public func run(_ index: IndexReader, _ clock: WorkClock) throws -> Estimate<KeyTuning> {
        guard let trained = try index.value(IndexGenerator.self).ngrams else {
            throw EngineError.notTrained(kind: GeneratorPart.kind, what: "passages", index: index.path)
        }
        let ngrams = try index.value(IndexNgrams.self).index
        let (terms, tokenizer) = (try index.value(IndexTerms.self), try index.value(IndexTokenizer.self).ngrams)
        var estimator = KeyTuningEstimator(ngrams, options: NgramOptions(), threads: queries.threads)
        let generating = estimator.generating
        let items = try queries.draw(from: index, stream: 3)
        try clock.begin("keys", unit: "queries")
        try QueryBatches(count: items.count, threads: queries.threads, clock: clock).run { place in
            let query = try index.query(items[place].text, needs: .states)
            guard let tokens = query[NgramQuery.self], let source = query[GeneratorModel.Source.self] else {
                return nil
            }
            return (tokens, ngrams.generate(tokens, generator: trained.ngrams(source), options: generating))
        } take: { (place, made: (tokens: NgramQuery, keys: GeneratedKeys)) in
            estimator.add(
                made.tokens, made.keys, over: terms.floor(Query(items[place].text), decode: tokenizer.decode),
                relevant: PassageIndex(items[place].document))
        }
        try clock.begin("key constants", unit: "trials")
        let most = KeyTuningEstimator.trialCount * estimator.rounds
        let (tuning, objective, untuned) = try estimator.estimate {
            try clock.update(count: $0, fraction: Double($0) / Double(most))
        }
        return Estimate(
            tuning, inputs: index.inputs([GeneratorPart.kind]), queries: estimator.count, objective: objective,
            baseline: untuned)
    }

    public static func description(of tuning: KeyTuning) -> String {
        let changed = KeyTuning.factors.compactMap { factor in
            tuning[keyPath: factor.tuned].map { "\(factor.name) \($0)" }
        }
        return changed.isEmpty ? "as they were" : changed.joined(separator: ", ")
    }
}
