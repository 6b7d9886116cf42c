import Docids
import Engine
import Foundation
import Memory
import Ranking

/// How well docids find the passages of held-out queries: trained and untrained, and with planning ahead.
public struct DocidComparison: Sendable {
    /// The queries that were asked.
    public let queries: Int
    /// MRR@10 of the beam search, with and without the network; 0 where docids are written token by
    /// token, which nothing else can do.
    public let trained: Double
    public let untrained: Double
    /// The weight of BM25 in planning ahead that is best for what is kept of both, and its MRR@10.
    public let planAhead: Float
    public let planned: Double

    /// Whether training did any good.
    public var isBetter: Bool { trained > untrained }

    /// The weights that are tried.
    private static let weights = stride(from: Float(0), through: 0.9, by: 0.1)

    /// Asks queries of which none was trained on; nil without any.
    ///
    /// - Parameter untrained: the entries before the training, where that changed their vectors.
    package init?(
        _ engine: Engine, _ docids: TrainedDocids, untrained before: DocidEntries? = nil,
        _ queries: [(text: String, passage: Int32)], threads: Int
    ) {
        let encoded = Parallel.map(count: queries.count, threads: threads) { index in
            (try? engine.queries.encode(queries[index].text)).map { ($0, queries[index].passage) }
        }.compactMap(\.self)
        guard !encoded.isEmpty else { return nil }
        let reference = before.map { docids.replacing($0) } ?? docids
        func rate(bends: Bool, planAhead weight: Float) -> Double {
            let docids = bends ? docids : reference
            let ranks = Parallel.map(count: encoded.count, threads: threads) { index -> Double in
                let (query, passage) = encoded[index]
                let plan = weight > 0 ? engine.segments.plan(query.text, weight: weight, .init()) : nil
                let found = docids.search(query, plan: plan, bends: bends, k: 10, beams: SearchOptions().docid.beams)
                return found?.documents.firstIndex { $0.document == passage }.map { 1 / Double($0 + 1) } ?? 0
            }
            return ranks.reduce(0, +) / Double(ranks.count)
        }
        self.queries = encoded.count
        untrained = docids.isAnchored ? rate(bends: false, planAhead: 0) : 0
        trained = docids.isTrained ? rate(bends: true, planAhead: 0) : untrained
        let bends = trained > untrained || !docids.isAnchored
        var best = (weight: Float(0), rate: max(trained, untrained))
        for weight in Self.weights.dropFirst() {
            let rate = rate(bends: bends, planAhead: weight)
            // The smaller weight where two are alike.
            if rate > best.rate { best = (weight, rate) }
        }
        (planAhead, planned) = best
    }
}
