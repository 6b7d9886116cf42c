import Transformers

/// Asks a model about passages by one prompt: what all methods that read labels have in common.
struct PromptAsker: Sendable {
    let model: PromptedModel
    let labels: AnswerLabels
    let writer: PromptWriter

    /// A query that says nothing: what the model answers to it is what the passages, or their places, do by themselves (Zhao et al.
    /// 2021).
    static let contentFreeQuery = "N/A"
    /// Of a passage, where nothing else is said: 128 words or so.
    static let usualPassageTokens = 160

    /// - Parameters:
    ///   - labels: the usual ones; the prompt's own take their place.
    ///   - passages: the most that a prompt holds; together they leave room for the rest of the prompt.
    init(
        _ model: PromptedModel, _ prompt: RerankPrompt, labels usual: [String], passages: Int, _ options: RerankOptions
    ) throws {
        self.model = model
        let texts = options.prompt?.labels ?? usual
        labels = try AnswerLabels(texts, model.language)
        let prompt = options.prompt ?? prompt
        let wanted = options.passageTokens ?? Self.usualPassageTokens
        let empty = PromptWriter(model.language, prompt, passageTokens: 0)
        let blank = (0..<passages).map { PromptWriter.Passage(tokens: [], label: $0 < texts.count ? texts[$0] : "") }
        let fixed = empty.write("", blank, labels: texts).count + Self.queryRoom
        let room = model.context.map { max(1, ($0 - fixed) / max(1, passages)) } ?? .max
        writer = PromptWriter(
            model.language, prompt, passageTokens: min(wanted, room), queryTokens: Self.queryRoom)
    }

    /// The most tokens of a query.
    private static let queryRoom = 128

    /// The passages of candidates, each tokenised once, with its rank and its first score scaled to 0 to 100.
    func passages(_ candidates: [RerankCandidate], _ work: RerankWork) -> [PromptWriter.Passage] {
        let scores = candidates.compactMap(\.firstScore)
        let (least, most) = (scores.min() ?? 0, scores.max() ?? 0)
        return candidates.enumerated().map { place, candidate in
            let (tokens, isCut) = writer.passage(candidate.text)
            if isCut { work.cost.truncated += 1 }
            let share = most > least ? ((candidate.firstScore ?? least) - least) / (most - least) : 0
            return PromptWriter.Passage(tokens: tokens, rank: place + 1, score: Int((100 * share).rounded()))
        }
    }

    /// A prompt about passages, which get the labels in their order where `labelled`.
    func prompt(
        _ query: String, _ passages: [PromptWriter.Passage], labelled: Bool, shared: Int = 1
    ) -> PromptWriter.Written {
        var passages = passages
        if labelled {
            for place in passages.indices { passages[place].label = labels.texts[place] }
        }
        var written = writer.write(
            query, passages, labels: labelled ? Array(labels.texts.prefix(passages.count)) : labels.texts)
        written.shared = shared
        return written
    }

    /// The logits of the first labels after each prompt, up to a constant a prompt.
    func logits(
        _ prompts: [PromptWriter.Written], count: Int, _ reader: PromptReader, _ work: RerankWork
    ) throws -> [[Double]] {
        try reader.logits(of: labels.prefix(count), after: prompts, answerStart: writer.answerStart, work)
            .map { labels.logits($0, count) }
    }

    /// Whether a prompt tells the query after the passages, so that one reading of these serves several queries.
    var asksAfterwards: Bool {
        !writer.prompt.before.contains("{query}") && !(writer.prompt.system ?? "").contains("{query}")
    }
}

/// Letters that name passages.
enum PassageLabels {
    static let letters = (0..<26).map { String(UnicodeScalar(UInt8(65 + $0))) }
}
