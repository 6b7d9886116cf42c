import Engine
import Foundation
import Memory
import Ranking
import Tensors

/// How well docids find the passages of held-out queries: trained and untrained, and with planning ahead.
public struct DocidComparison: Sendable {
    /// The queries that were asked.
    public let queries: Int
    /// MRR@10 of the beam search, with and without the network.
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
    package init?(
        _ engine: Engine, _ docids: TrainedDocids, _ queries: [(text: String, passage: Int32)], threads: Int
    ) {
        let encoded = Parallel.map(count: queries.count, threads: threads) { index in
            (try? engine.queries.encode(queries[index].text)).map { ($0, queries[index].passage) }
        }.compactMap(\.self)
        guard !encoded.isEmpty else { return nil }
        func rate(bends: Bool, planAhead weight: Float) -> Double {
            let ranks = Parallel.map(count: encoded.count, threads: threads) { index -> Double in
                let (query, passage) = encoded[index]
                let plan = weight > 0 ? engine.segments.plan(query.text, weight: weight, .init()) : nil
                guard var own = docids.query(query, plan: plan), let vector = query.vector else { return 0 }
                if !bends {
                    let rows = own.vectors.rows
                    own.vectors = Matrix(
                        rows: rows, columns: vector.count, values: (0..<rows).flatMap { _ in vector })
                }
                let found = docids.retriever.search(
                    own, k: 10, options: docids.options(SearchOptions())).documents
                return found.firstIndex { $0.document == passage }.map { 1 / Double($0 + 1) } ?? 0
            }
            return ranks.reduce(0, +) / Double(ranks.count)
        }
        self.queries = encoded.count
        untrained = rate(bends: false, planAhead: 0)
        trained = docids.model.isUntrained ? untrained : rate(bends: true, planAhead: 0)
        let bends = trained > untrained
        var best = (weight: Float(0), rate: max(trained, untrained))
        for weight in Self.weights.dropFirst() {
            let rate = rate(bends: bends, planAhead: weight)
            // The smaller weight where two are alike.
            if rate > best.rate { best = (weight, rate) }
        }
        (planAhead, planned) = best
    }
}
