import Tensors
import Transformers

/// Scores each passage by the cosine of its vector and the query's, by an encoder that need not be the index's.
struct EmbeddingMethod: RerankMethod {
    private let model: EncodingModel
    private let pruning: Pruning

    static let entry = RerankMethods.Entry(
        "embedding", "each passage by the cosine of its vector with the query's", ["alpha", "patience", "top"],
        usualModel: RerankSpec.usualEncoder,
        of: { model, options in
            guard case .encoder(let own) = model else {
                throw RerankMethods.Fault.needs(
                    "an encoder of sentences, such as all-MiniLM-L6-v2", method: "embedding")
            }
            return EmbeddingMethod(model: own, pruning: Pruning(options))
        })

    private static let batch = 16

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let encoder = model.encoder
        let own = encoder.encode(tokens: [encoder.tokens(of: query, as: .query)])
        let scores = try pruning.scores(candidates, batch: Self.batch, work) { part in
            let tokens = candidates[part].map { encoder.tokens(of: $0.text, as: .passage) }
            try work.reading(tokens)
            let vectors = encoder.encode(tokens: tokens)
            return tokens.indices.map { row in
                zip(own.row(0), vectors.row(row)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
            }
        }
        return .sorted(scores)
    }
}

extension RerankWork {
    /// Before texts are encoded, each for itself.
    func reading(_ texts: [[Int32]]) throws {
        let tokens = texts.reduce(0) { $0 + $1.count }
        try begin(readingAtMost: tokens)
        cost.calls += texts.count
        cost.promptTokens += tokens
        cost.readTokens += tokens
    }
}
