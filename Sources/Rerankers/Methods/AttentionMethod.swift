import Tensors
import Transformers

/// Scores passages by the attention that the end of a prompt gives to their tokens (in-context reranking, Chen et al. 2025): all passages
/// are read once, then the query's end and that of a query that says nothing.
///
///     c(t) = attention of the query's end to token t - attention of the empty query's end
///     s(d) = sum of c(t) over the tokens t of d with c(t) > mean - 2 deviations
///
/// No token is generated. Attention is shared among all that was read, so scores are of one prompt.
struct AttentionMethod: RerankMethod {
    private let asker: PromptAsker
    private let windows: WindowOrder
    private let headWeights: [[Float]]?

    static let entry = RerankMethods.Entry(
        "attention", "a window at once, by the attention that the query gives to it",
        ["window", "stride", "passes", "heads", "passageTokens", "prompt"]
    ) { model, options in
        guard model.language.model.configuration.encoder == nil else {
            throw RerankMethods.Fault.needs("a model without an encoder", method: "attention")
        }
        let prompt = RerankPrompt(
            before: "Here are {count} paragraphs.\n\n", passage: "[{rank}] {passage}\n\n",
            after: "Find the paragraph that answers the query.\n\nQuery: {query}")
        let window = options.window ?? 20
        let asker = try PromptAsker(model, options.prompt ?? prompt, labels: [], passages: window, options)
        guard asker.asksAfterwards else {
            throw RerankMethods.Fault.needs("a prompt with {query} after the passages", method: "attention")
        }
        return AttentionMethod(
            asker: asker,
            windows: WindowOrder(
                size: window, stride: options.stride ?? max(1, window / 2), passes: options.passes ?? 1),
            headWeights: try options.heads.map { try Self.weights($0, model) })
    }

    private static func weights(_ heads: [[Int]], _ model: PromptedModel) throws -> [[Float]] {
        let shape = model.language.model.headShape
        var weights = Array(repeating: [Float](repeating: 0, count: shape.heads), count: shape.layers)
        for head in heads {
            guard head[0] < shape.layers, head[1] < shape.heads else {
                throw RerankMethods.Fault.range(
                    "heads", expected: "layers below \(shape.layers) and heads below \(shape.heads)")
            }
            weights[head[0]][head[1]] = 1
        }
        return weights
    }

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let passages = asker.passages(candidates, work)
        var places = Array(candidates.indices)
        var scores = [Double](repeating: 0, count: candidates.count)
        try work.whileBudgetLasts {
            try windows.sort(&places) { window in
                let own = try self.scores(query, window.map { passages[$0] }, work)
                for (place, score) in zip(window, own) { scores[place] = score }
                return [Ranked].sorted(own).map { window[$0.place] }
            }
        }
        let isOneWindow = candidates.count <= windows.size && windows.passes == 1 && work.cost.cutShort == 0
        return places.map { Ranked($0, isOneWindow ? scores[$0] : nil) }
    }

    private func scores(_ query: String, _ passages: [PromptWriter.Passage], _ work: RerankWork) throws -> [Double] {
        let shown = passages.enumerated().map { place, passage in
            var passage = passage
            passage.rank = place + 1
            return passage
        }
        let prompts = [query, PromptAsker.contentFreeQuery].map { asker.prompt($0, shown, labelled: false) }
        let tail = prompts[0].tail
        let whole = prompts.map { Array($0.pieces.joined()) }
        try work.begin(readingAtMost: tail + prompts.reduce(0) { $0 + $1.count - tail })
        let session = try asker.model.language.model.session(
            [Array(whole[0].prefix(tail))], team: ThreadTeam(threads: asker.model.threads))
        session.read([session.initialState])
        let ends = whole.map { session.advance(session.initialState, by: Array($0.dropFirst(tail))) }
        let attention = session.attention(from: ends, headWeights: headWeights)
        work.cost.calls += 1
        work.cost.promptTokens += prompts.reduce(0) { $0 + $1.count }
        work.cost.readTokens += prompts.reduce(tail) { $0 + $1.count - tail }
        guard attention.allSatisfy({ $0.count == tail }) else { return passages.map { _ in 0 } }
        return prompts[0].spans.map { span in
            Self.score(span.map { Double(attention[0][$0]) - Double(attention[1][$0]) })
        }
    }

    /// The sum of a passage's tokens, without those that lie more than two sample deviations below their mean.
    static func score(_ tokens: [Double]) -> Double {
        guard tokens.count > 1 else { return tokens.first ?? 0 }
        let mean = tokens.reduce(0, +) / Double(tokens.count)
        let deviation = (tokens.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(tokens.count - 1)).squareRoot()
        return tokens.filter { $0 > mean - 2 * deviation }.reduce(0, +)
    }
}
