import Memory
import Tensors
import Transformers

/// Reads the prompts of one query. What they begin with alike, piece by piece, is read once and kept: a state of the decoder from which
/// each goes on. The logits are those of the prompts read one by one, to the last bit.
///
/// A model with an encoder reads each prompt for itself, some of them together.
final class PromptReader {
    /// What was read: the pieces up to here.
    private final class Node {
        let state: DecoderState
        var children: [[Int32]: Node] = [:]

        init(_ state: DecoderState) { self.state = state }
    }

    private let language: LanguageModel
    private let team: ThreadTeam
    private let sharesPrefixes: Bool
    private var roots: [[Int32]: (session: GenerationSession, node: Node)] = [:]

    /// Tokens that are read in one step, as far as prompts are not longer: enough for the products to have many rows.
    private static let stepTokens = 1024

    /// - Parameter sharesPrefixes: whether what prompts begin with alike is kept; without, each is read whole.
    init(_ language: LanguageModel, team: ThreadTeam, sharesPrefixes: Bool = true) {
        (self.language, self.team, self.sharesPrefixes) = (language, team, sharesPrefixes)
    }

    /// Lets go of all states but those of the first pieces.
    func forget() { for root in roots.values { root.node.children = [:] } }

    /// The logits of some tokens after each prompt, up to a constant a prompt.
    ///
    /// - Parameters:
    ///   - answerStart: what a decoder beside an encoder has written before.
    /// - Throws: ``RerankWork/Spent`` before anything is read; `ModelError` where a prompt is too long.
    func logits(
        of tokens: [Int32], after prompts: [PromptWriter.Written], answerStart: [Int32] = [], _ work: RerankWork
    ) throws -> [[Float]] {
        try begin(prompts, work)
        if language.model.configuration.encoder != nil {
            return try encoded(tokens, prompts, answerStart, work)
        }
        var rows: [[Float]] = []
        for prompts in steps(prompts) {
            let (session, states) = try leaves(of: prompts, work)
            rows += session.logits(of: tokens, after: states)
        }
        return rows
    }

    /// The log-probability of one text after each prompt: the sum over its tokens.
    func logProbs(
        of tokens: [Int32], after prompts: [PromptWriter.Written], _ work: RerankWork
    ) throws -> [Double] {
        // The last token of the text is only looked for.
        try begin(prompts, more: max(0, tokens.count - 1) * prompts.count, work)
        if language.model.configuration.encoder != nil {
            let start = language.model.configuration.tokens.start.map { [$0] } ?? []
            return try steps(prompts).flatMap { prompts in
                work.cost.readTokens += prompts.reduce(0) { $0 + $1.count }
                let session = try language.model.session(
                    prompts.map { Array($0.pieces.joined()) }, starts: start, team: team)
                return session.logProbs(underAllSources: tokens).map(Double.init)
            }
        }
        return try steps(prompts).flatMap { prompts in
            let (session, states) = try leaves(of: prompts, work)
            return session.logProbs(of: tokens, after: states).map(Double.init)
        }
    }

    /// - Parameter more: tokens that are read besides the prompts.
    private func begin(_ prompts: [PromptWriter.Written], more: Int = 0, _ work: RerankWork) throws {
        let whole = prompts.reduce(more) { $0 + $1.count }
        try work.begin(readingAtMost: whole)
        work.cost.readTokens += more
        work.cost.calls += prompts.count
        work.cost.promptTokens += whole
    }

    /// Prompts that are read together: those that follow each other and begin with the same piece.
    private func steps(_ prompts: [PromptWriter.Written]) -> [ArraySlice<PromptWriter.Written>] {
        var (steps, first, tokens): ([ArraySlice<PromptWriter.Written>], Int, Int) = ([], 0, 0)
        for (place, prompt) in prompts.enumerated() {
            tokens += prompt.pieces.dropFirst(prompt.shared).reduce(0) { $0 + $1.count }
            let isLast = place == prompts.count - 1 || prompts[place + 1].pieces.first != prompt.pieces.first
            if tokens >= Self.stepTokens || isLast {
                steps.append(prompts[first...place])
                (first, tokens) = (place + 1, 0)
            }
        }
        return steps
    }

    /// The states at the ends of prompts that begin with the same piece; all but their last pieces are read.
    private func leaves(
        of prompts: ArraySlice<PromptWriter.Written>, _ work: RerankWork
    ) throws -> (GenerationSession, [DecoderState]) {
        guard let first = prompts.first?.pieces.first else { throw ModelError.malformed(path: "", reason: "no prompt") }
        let root: (session: GenerationSession, node: Node)
        if sharesPrefixes, let known = roots[first] {
            root = known
        } else {
            let session = try language.model.session([first], team: team)
            root = (session, Node(session.initialState))
            work.cost.readTokens += first.count
            if sharesPrefixes { roots[first] = root }
        }
        let longest = root.session.maximumLength ?? .max
        var states: [DecoderState] = []
        for prompt in prompts {
            guard prompt.count <= longest else {
                throw ModelError.malformed(
                    path: language.model.configuration.type,
                    reason: "\(prompt.count) tokens; the model reads \(longest)")
            }
            if !sharesPrefixes {
                let whole = Array(prompt.pieces.dropFirst().joined())
                work.cost.readTokens += whole.count
                states.append(whole.isEmpty ? root.node.state : root.session.advance(root.node.state, by: whole))
                continue
            }
            var node = root.node
            for piece in prompt.pieces.prefix(prompt.shared).dropFirst() {
                if let next = node.children[piece] {
                    node = next
                } else {
                    root.session.read([node.state])
                    let next = Node(root.session.advance(node.state, by: piece))
                    work.cost.readTokens += piece.count
                    node.children[piece] = next
                    node = next
                }
            }
            let last = Array(prompt.pieces.dropFirst(max(1, prompt.shared)).joined())
            guard !last.isEmpty else {
                states.append(node.state)
                continue
            }
            root.session.read([node.state])
            work.cost.readTokens += last.count
            states.append(root.session.advance(node.state, by: last))
        }
        return (root.session, states)
    }

    /// By a model with an encoder, whose decoder has written `answerStart`.
    private func encoded(
        _ tokens: [Int32], _ prompts: [PromptWriter.Written], _ answerStart: [Int32], _ work: RerankWork
    ) throws -> [[Float]] {
        try steps(prompts).flatMap { prompts in
            let session = try language.model.session(prompts.map { Array($0.pieces.joined()) }, team: team)
            work.cost.readTokens += prompts.reduce(0) { $0 + $1.count }
            let states = prompts.indices.map { place in
                let start = session.initialState(ofSource: place - prompts.startIndex)
                return answerStart.isEmpty ? start : session.advance(start, by: answerStart)
            }
            return session.logits(of: tokens, after: states)
        }
    }
}
