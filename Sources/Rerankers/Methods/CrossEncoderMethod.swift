import Tensors
import Transformers

/// Scores each passage together with the query by a cross-encoder's head (Nogueira and Cho 2019).
struct CrossEncoderMethod: RerankMethod {
    private let model: CrossEncodingModel
    private let passageTokens: Int
    private let pruning: Pruning

    static let entry = RerankMethods.Entry(
        "crossencoder", "each passage with the query, by an encoder with a head",
        ["passageTokens", "alpha", "patience", "top"],
        of: { model, options in
            guard case .crossEncoder(let own) = model else {
                throw RerankMethods.Fault.needs("an encoder with a head that scores pairs", method: "crossencoder")
            }
            return CrossEncoderMethod(
                model: own, passageTokens: options.passageTokens ?? .max, pruning: Pruning(options))
        })

    private static let batch = 16

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let team = ThreadTeam(threads: model.threads)
        let scores = try pruning.scores(candidates, batch: Self.batch, work) { part in
            let pairs = candidates[part].map { model.encoder.pair(query, $0.text, passageTokens: passageTokens) }
            let tokens = pairs.reduce(0) { $0 + $1.tokens.count }
            try work.begin(readingAtMost: tokens)
            work.cost.calls += pairs.count
            work.cost.promptTokens += tokens
            work.cost.readTokens += tokens
            work.cost.truncated += pairs.count { $0.isCut }
            return model.encoder.scores(pairs.map { ($0.tokens, $0.second) }, team: team).map(Double.init)
        }
        return .sorted(scores)
    }
}
