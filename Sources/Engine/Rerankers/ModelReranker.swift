import Memory
import Rerankers
import Search

/// Orders a search's best by a model that reads their texts, as a ``RerankSpec`` says. It is asked for by name: no index
/// has one of its own, and it takes seconds where others take milliseconds.
struct ModelReranker: Reranker {
    let id: ComponentID
    let comparesCandidates = true
    /// How many of the best it orders; nil for the usual number.
    let depth: Int?
    private let method: any RerankMethod
    private let reader: IndexReader

    /// - Throws: ``EngineError/option(_:)`` where there is no such method or model, or they do not fit.
    init(_ text: String, _ reader: IndexReader) throws(EngineError) {
        let models: TextModels
        do { models = try reader.value(TextModels.self) } catch { throw EngineError(error) }
        let (spec, method) = try models.method(text)
        (self.method, self.reader, depth) = (method, reader, spec.depth)
        // An index's own rerankers have some of the names.
        id = ComponentID("model-" + spec.method)
    }

    func scores(of candidates: [PassageIndex], for query: Query) throws -> [Float] {
        let texts = try candidates.map { passage in
            let text = try reader.passage(passage)
            return RerankCandidate(id: text.id, title: text.title, text: text.text)
        }
        return try method.scores(of: texts, for: query.text, query.cancellation)
    }
}

extension RerankMethod {
    /// What the method says of each text; where it orders and does not score, places from the end.
    func scores(of texts: [RerankCandidate], for query: String, _ cancellation: Cancellation) throws -> [Float] {
        let outcome = try rerank(query, texts, RerankWork(cancellation: cancellation))
        let isScored = outcome.entries.allSatisfy { $0.score != nil }
        var scores = [Float](repeating: 0, count: texts.count)
        for (rank, entry) in outcome.entries.enumerated() {
            scores[entry.place] = isScored ? Float(entry.score ?? 0) : -Float(rank)
        }
        return scores
    }
}
