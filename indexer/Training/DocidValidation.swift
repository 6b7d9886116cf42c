import Docids
import Engine
import Foundation
import Memory
import Ranking
import Search

/// How well docids find the passages of held-out queries: with and without the network, and with a look-ahead.
public struct DocidValidation: Sendable {
    /// The queries that were asked.
    public let queries: Int
    /// MRR@10 of the beam search, with and without the network; without is 0 for autoregressive docids, which
    /// nothing else can write.
    public let trained: Double
    public let untrained: Double
    /// The look-ahead weight of BM25 that is best for what is kept of both, and its MRR@10.
    public let lookAhead: Float
    public let withLookAhead: Double

    /// Whether training did any good.
    public var isBetter: Bool { trained > untrained }

    /// The weights that are tried.
    private static let weights = stride(from: Float(0), through: 0.9, by: 0.1)

    /// Asks queries of which none was trained on; nil without any.
    ///
    /// - Parameter before: the entries before the training, where that changed their vectors.
    package init?(
        _ index: IndexReader, _ docids: TrainedDocids, untrained before: DocidEntries? = nil,
        _ queries: [(text: String, passage: PassageIndex)], threads: Int
    ) throws {
        _ = try index.value(IndexQueryEncoder.self)
        let encoded = Parallel.map(count: queries.count, threads: threads) { place in
            (try? index.query(queries[place].text)).map { ($0, queries[place].passage) }
        }.compactMap(\.self)
        guard !encoded.isEmpty else { return nil }
        let terms = try index.components(SparseIndex.self)
        let reference = before.map { docids.replacing($0) } ?? docids
        let beams = DocidRetriever.Options().beams
        func rate(usesNetwork: Bool, lookAhead weight: Float) -> Double {
            let docids = usesNetwork ? docids : reference
            let ranks = Parallel.map(count: encoded.count, threads: threads) { place -> Double in
                let (query, passage) = encoded[place]
                let ahead = weight > 0 ? LookAhead(of: query.text, in: terms, weight: weight) : nil
                let found = try? docids.search(query, lookAhead: ahead, usesNetwork: usesNetwork, k: 10, beams: beams)
                return ReciprocalRank.at10(found?.passages ?? []) { $0 == passage }
            }
            return ranks.reduce(0, +) / Double(ranks.count)
        }
        self.queries = encoded.count
        untrained = docids.isAnchored ? rate(usesNetwork: false, lookAhead: 0) : 0
        trained = docids.isTrained ? rate(usesNetwork: true, lookAhead: 0) : untrained
        let usesNetwork = trained > untrained || !docids.isAnchored
        var best = (weight: Float(0), rate: max(trained, untrained))
        for weight in Self.weights.dropFirst() {
            let rate = rate(usesNetwork: usesNetwork, lookAhead: weight)
            // The smaller weight where two are alike.
            if rate > best.rate { best = (weight, rate) }
        }
        (lookAhead, withLookAhead) = best
    }
}

extension DocidValidation {
    var asTraining: TrainingValidation { .init(queries: queries, start: untrained, trained: trained) }
}
