import Tensors
import Transformers

/// Scores each passage by the cosine of its vector with that of one text which lists the best passages and asks the query (E2Rank, Liu et al.
/// 2025): what the search found first says what is meant. Made for encoders that were trained to read such texts; others see no more than
/// feedback.
///
/// The list has as many tokens as the encoder reads besides the query, shared evenly.
struct ListEmbeddingMethod: RerankMethod {
    private let model: EncodingModel
    private let window: Int

    static let entry = RerankMethods.Entry(
        "e2rank", "each passage by the cosine with a list of the best and the query", ["window"],
        usualModel: RerankSpec.usualEncoder,
        of: { model, options in
            guard case .encoder(let own) = model else {
                throw RerankMethods.Fault.needs("an encoder of sentences, such as all-MiniLM-L6-v2", method: "e2rank")
            }
            return ListEmbeddingMethod(model: own, window: options.window ?? 20)
        })

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let encoder = model.encoder
        let passages = candidates.map { encoder.tokens(of: $0.text, as: .passage) }
        let list = tokens(query, passages)
        var ranked: [Ranked] = []
        try work.whileBudgetLasts {
            try work.reading([list] + passages)
            let own = encoder.encode(tokens: [list])
            let vectors = encoder.encodeAll(tokens: passages)
            ranked = .sorted(
                candidates.indices.map { row in
                    zip(own.row(0), vectors.row(row)).reduce(0) { $0 + Double($1.0) * Double($1.1) }
                })
        }
        return ranked
    }

    /// The list's tokens: what opens a text, the passages' beginnings, the query, and what closes a text.
    package func tokens(_ query: String, _ passages: [[Int32]]) -> [Int32] {
        let asked = model.encoder.tokens(of: query, as: .query)
        // Special tokens stand at both ends of what an encoder reads.
        let listed = passages.prefix(window).map { Array($0.dropFirst().dropLast()) }
        var room = max(0, model.encoder.maxTokens - asked.count)
        var list = Array(asked.prefix(1))
        for (place, passage) in listed.enumerated() {
            let own = passage.prefix(room / (listed.count - place))
            list += own
            room -= own.count
        }
        return list + asked.dropFirst()
    }
}
