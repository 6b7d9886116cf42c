import Memory
import Tensors
import Text
import Transformers

/// Lets the model write an order, as "[B] > [A] > [C]" (RankGPT, Sun et al. 2023), one window after the other. It can only write what
/// can be read: after a bracket one of the letters that are left, then what stands between two. So no answer is malformed, and none
/// leaves out a passage.
struct PermutationMethod: RerankMethod {
    private let asker: PromptAsker
    private let windows: WindowOrder
    private let top: Int

    static let entry = RerankMethods.Entry(
        "permutation", "the model writes an order of a window",
        ["window", "stride", "passes", "top", "passageTokens", "prompt"]
    ) { model, options in
        let window = options.window ?? 20
        let labels = options.prompt?.labels ?? PassageLabels.letters
        guard window <= labels.count else {
            throw RerankMethods.Fault.range("window", expected: "at most \(labels.count)")
        }
        var own = options
        own.prompt?.labels = nil
        return PermutationMethod(
            asker: try PromptAsker(
                model, FirstTokenMethod.prompt, labels: Array(labels.prefix(window)), passages: window, own),
            windows: WindowOrder(
                size: window, stride: options.stride ?? max(1, window / 2), passes: options.passes ?? 1),
            top: options.top ?? window)
    }

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let passages = asker.passages(candidates, work)
        let writer = AnswerWriter(asker.model, asker.labels)
        var places = Array(candidates.indices)
        try work.whileBudgetLasts {
            try windows.sort(&places) { window in
                let prompt = asker.prompt(query, window.map { passages[$0] }, labelled: true)
                let order = try writer.order(prompt, count: window.count, top: top, work)
                return order.map { window[$0] }
            }
        }
        return places.map { Ranked($0) }
    }
}

/// Writes answers in which letters stand where they may, and nothing else is the model's to choose.
struct AnswerWriter {
    private let model: PromptedModel
    private let labels: AnswerLabels
    /// Between two letters of an order.
    private let between: [Int32]

    init(_ model: PromptedModel, _ labels: AnswerLabels) {
        (self.model, self.labels) = (model, labels)
        between = model.language.tokenizer.encode("] > [", addSpecialTokens: false).ids
    }

    /// An order of a prompt's passages: the most probable letter of those that are left, again and again.
    ///
    /// - Parameter top: how many are written; the others follow as they were.
    func order(
        _ prompt: PromptWriter.Written, count: Int, top: Int, _ work: RerankWork
    ) throws -> [Int] {
        let steps = min(top, count)
        try work.begin(readingAtMost: prompt.count + steps * (1 + between.count))
        work.cost.calls += 1
        work.cost.promptTokens += prompt.count
        work.cost.readTokens += prompt.count
        let session = try model.language.model.session(
            [Array(prompt.pieces.joined())], team: ThreadTeam(threads: model.threads))
        var state = session.initialState
        var left = Array(0..<count)
        var order: [Int] = []
        while order.count < steps, let last = left.last {
            // The last that is left needs no question.
            if left.count == 1 {
                order.append(last)
                left = []
                break
            }
            let tokens = left.flatMap { labels.tokens[$0] }
            let row = session.logits(of: tokens, after: [state])[0]
            let best = tokens.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
            guard let label = left.first(where: { labels.tokens[$0].contains(tokens[best]) }) else { break }
            order.append(label)
            left.removeAll { $0 == label }
            state = session.advance(state, by: [tokens[best]] + between)
            work.cost.generatedTokens += 1 + between.count
        }
        return order + left
    }

    /// Lets the model think as long as it may, greedily, then answer with one letter.
    ///
    /// - Returns: which of the prompt's passages it names.
    func reasoned(
        _ prompt: PromptWriter.Written, count: Int, thinkingAtMost most: Int, end: [Int32], answer: [Int32],
        _ work: RerankWork
    ) throws -> Int {
        try work.begin(readingAtMost: prompt.count + most + answer.count)
        work.cost.calls += 1
        work.cost.promptTokens += prompt.count
        work.cost.readTokens += prompt.count
        let session = try model.language.model.session(
            [Array(prompt.pieces.joined())], team: ThreadTeam(threads: model.threads))
        let ends = Set(model.language.model.configuration.tokens.ends)
        let all = (0..<Int32(session.vocabularySize)).filter {
            !model.language.tokenizer.isSpecial($0) || ends.contains($0)
        }
        var (state, written) = (session.initialState, [Int32]())
        while written.count < most {
            let row = session.logits(of: all, after: [state])[0]
            let best = all[row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }]
            if ends.contains(best) { break }
            written.append(best)
            state = session.advance(state, by: best)
            if written.suffix(end.count) == end[...] { break }
        }
        work.cost.generatedTokens += written.count + answer.count
        state = session.advance(state, by: answer)
        let logits = labels.logits(session.logits(of: labels.prefix(count), after: [state])[0], count)
        return logits.indices.reduce(0) { logits[$1] > logits[$0] ? $1 : $0 }
    }
}
