import Decoding
import FMIndex
import Foundation

/// The untrained n-gram generator: a mixture of copying from the query and of the corpus' own
/// next-token counts.
///
///     p(t | s, q) = gate * copy(t | s, q) + (1 - gate) * count(s t) / count(s)
///     copy(t | s, q) = follow * [t follows s's last token in q] + (1 - follow) * rarity(t) / sum
///
/// `rarity(t) = ln(N / count(t))` over the query's distinct tokens. So an n-gram's log-odds against
/// the corpus grow with every token that the query explains, and do not grow with tokens that the
/// corpus alone predicts: such tokens only carry the phrase on. The first token is always copied.
public struct AnchoredNgramModel: StepModel {
    public struct Options: Sendable, Codable, Equatable {
        /// The share of copying after the first token.
        public var gate: Float = 0.5
        /// The share of copying that continues the query's own order.
        public var follow: Float = 0.5
        /// How many of the most frequent next tokens of the corpus are considered.
        public var continuations = 8
        /// How many distinct query tokens, the rarest first, are considered.
        public var maximumQueryTokens = 64

        public init() {}
    }

    public struct State: Sendable {
        var rows: FMIndex.Rows
        var last: Int32
        var isEmpty: Bool
    }

    let constraint: NgramConstraint
    let options: Options
    /// The query's distinct tokens that occur in the corpus, with their share of copying.
    private let copied: [(token: Int32, share: Float)]
    let shareOfCopied: [Int32: Float]
    private let followers: [Int32: [Int32]]

    /// The shares of copying at the first step, where only tokens that start a word count.
    let firstStep: [(token: Int32, logProb: Float)]

    /// - Parameters:
    ///   - query: the query's tokens.
    ///   - startsWord: whether an n-gram may start with a token.
    ///   - counts: of the whole corpus, where the constraint's index is a segment of it.
    public init(
        constraint: NgramConstraint, query: [Int32], startsWord: (Int32) -> Bool,
        options: Options = Options(), counts: CorpusCounts? = nil
    ) {
        self.constraint = constraint
        self.options = options
        let counts = counts ?? CorpusCounts([constraint.index])
        let total = Float(counts.size.tokens + 1)
        var rarity: [Int32: Float] = [:]
        for token in query where rarity[token] == nil && constraint.allows(token) {
            let count = counts.count(ofToken: token)
            if count > 0 { rarity[token] = max(log(total / Float(count)), 1e-3) }
        }
        let rarest = rarity.sorted { ($0.value, $1.key) > ($1.value, $0.key) }
            .prefix(options.maximumQueryTokens)
        let sum = rarest.reduce(Float(0)) { $0 + $1.value }
        copied = rarest.map { (token: $0.key, share: $0.value / sum) }
        let starts = rarest.filter { startsWord($0.key) }
        let startSum = starts.reduce(Float(0)) { $0 + $1.value }
        firstStep = starts.map { (token: $0.key, logProb: log($0.value / startSum)) }
        shareOfCopied = Dictionary(uniqueKeysWithValues: copied.map { ($0.token, $0.share) })
        let kept = shareOfCopied
        var followers: [Int32: [Int32]] = [:]
        for (token, next) in zip(query, query.dropFirst())
        where kept[next] != nil && !(followers[token]?.contains(next) ?? false) {
            followers[token, default: []].append(next)
        }
        self.followers = followers
    }

    public var initialState: State {
        State(rows: constraint.initialState.rows, last: -1, isEmpty: true)
    }

    public func advance(_ state: State, by token: Int32) -> State {
        State(rows: constraint.index.extend(state.rows, by: token), last: token, isEmpty: false)
    }

    /// The tokens that have any probability after each state, in no particular order.
    ///
    /// The counts of the query's tokens are asked for together, over all states.
    public func score(_ states: [State], into scores: inout StepScores) {
        let index = constraint.index
        var rows: [[(token: Int32, logProb: Float)]] = []
        var open: [(state: Int, token: Int, first: Int)] = []
        var asked: [FMIndex.Rows] = []
        var tokens: [Int32] = []
        for (place, state) in states.enumerated() {
            guard !state.isEmpty else {
                rows.append(firstStep)
                continue
            }
            let total = Float(state.rows.count)
            let frequent = index.topTokens(of: state.rows, options.continuations)
            // All continuations are at hand when there are fewer than were asked for.
            let isWhole = frequent.count < options.continuations
            var row: [(token: Int32, logProb: Float)] = []
            row.reserveCapacity(frequent.count + 4)
            for item in frequent where constraint.allows(item.token) {
                let share = shareOfCopied[item.token]
                let corpus = Float(item.count) / total
                row.append(
                    (
                        item.token,
                        share.map { logProb(item.token, $0, after: state.last, corpus) }
                            ?? log((1 - options.gate) * corpus)
                    ))
            }
            rows.append(row)
            guard !isWhole else { continue }
            for (copy, item) in copied.enumerated() where !frequent.contains(where: { $0.token == item.token }) {
                open.append((place, copy, tokens.count))
                asked.append(state.rows)
                tokens.append(item.token)
            }
        }
        index.extend(&asked, by: tokens)
        for item in open where !asked[item.first].isEmpty {
            let state = states[item.state]
            let copy = copied[item.token]
            let corpus = Float(asked[item.first].count) / Float(state.rows.count)
            rows[item.state].append(
                (copy.token, logProb(copy.token, copy.share, after: state.last, corpus)))
        }
        for row in rows { scores.addSparse(row) }
    }

    func logProb(_ token: Int32, _ share: Float, after last: Int32, _ corpus: Float) -> Float {
        var copy = share
        if let next = followers[last] {
            let follows: Float = next.contains(token) ? 1 / Float(next.count) : 0
            copy = options.follow * follows + (1 - options.follow) * share
        }
        return log(options.gate * copy + (1 - options.gate) * corpus)
    }
}

/// The anchored generator of one query. It has no use for marks: all prompts of a view are alike.
public struct AnchoredNgramGenerator: NgramGenerator {
    private let models: [NgramView: AnchoredNgramModel]
    private let body: AnchoredNgramModel

    /// - Parameters:
    ///   - constraints: the constraint of each view that may be asked for; one for bodies at least.
    ///   - query: the query's tokens.
    ///   - startsWord: whether an n-gram may start with a token.
    ///   - counts: of the whole corpus, where the constraints' index is a segment of it.
    public init(
        body: NgramConstraint, others: [NgramConstraint], query: [Int32], startsWord: (Int32) -> Bool,
        options: AnchoredNgramModel.Options, counts: CorpusCounts? = nil
    ) {
        func model(_ constraint: NgramConstraint) -> AnchoredNgramModel {
            AnchoredNgramModel(
                constraint: constraint, query: query, startsWord: startsWord, options: options,
                counts: counts)
        }
        self.body = model(body)
        var models: [NgramView: AnchoredNgramModel] = [:]
        for constraint in others where models[constraint.view] == nil {
            models[constraint.view] = constraint.view == .body ? self.body : model(constraint)
        }
        self.models = models
    }

    public var readsMarks: Bool { false }

    public func model(_ prompt: NgramPrompt) -> AnchoredNgramModel { models[prompt.view] ?? body }
}
