import Decoding
import FMIndex
import Foundation

/// The untrained n-gram generator: a mixture of copying the query's words and of the corpus' own
/// next-token counts.
///
///     p(t | s, q) = go * next(t | s) + (1 - go) * (gate * copy(t | s, q) + (1 - gate) * count(s t) / count(s))
///     copy(t | s, q) = follow * [t begins a word behind s's last one in q] + (1 - follow) * share(t)
///
/// `share(t)` is that of the query's words that begin with `t`, by their rarity ln(N / count(w)). A word
/// that is being copied goes on: `go` is the probability that s's last word is copied and not at its end,
/// and `next(t | s)` says how it may go on, by the shares of the words that do. So the pieces of a word are
/// one choice, not many. An n-gram's log-odds against the corpus grow with every word that the query
/// explains, and do not grow with tokens that the corpus alone predicts: such tokens only carry the phrase
/// on. The first word is always copied.
package struct AnchoredNgramModel: StepModel {
    package typealias Options = AnchoredNgramOptions

    package struct State: Sendable {
        /// The rows of the prefix in each index of the corpus' counts.
        var rows: [FMIndex.Rows]
        /// How often it occurs in the corpus.
        var count: Int
        var place: QueryWords.Place
        var isEmpty: Bool
    }

    /// What may be generated at all is the same in all segments.
    private let constraint: NgramConstraint
    private let options: Options
    private let words: QueryWords
    private let counts: CorpusCounts
    private let start: [FMIndex.Rows]
    /// The shares of copying at the first step.
    private let firstStep: [(token: Int32, logProb: Float)]

    /// - Parameters:
    ///   - constraints: one for each segment, in the order of `counts`.
    ///   - query: the query's tokens.
    ///   - borders: which tokens continue a word.
    init(
        _ constraints: [NgramConstraint], query: [Int32], borders: WordBorders, options: Options = Options(),
        counts: CorpusCounts
    ) {
        let constraint = constraints[0]
        self.constraint = constraint
        self.options = options
        self.counts = counts
        let own = constraints.map(\.initialState.rows)
        start =
            own
            + counts.deleted.map {
                own.allSatisfy(\.isEmpty) ? FMIndex.Rows(low: 0, high: 0) : $0.rows(of: constraint.lead)
            }
        words = QueryWords(query, borders, limit: options.maximumQueryTokens, total: counts.size.tokens) { words in
            zip(words, counts.counts(of: words)).map { word, count in
                word.allSatisfy(constraint.allows) ? count : 0
            }
        }
        firstStep = words.starts.map { ($0.token, log($0.share)) }
    }

    /// - Parameter startsWord: whether a word may start with a token.
    package init(
        constraint: NgramConstraint, query: [Int32], startsWord: (Int32) -> Bool, options: Options = Options()
    ) {
        self.init(
            [constraint], query: query,
            borders: WordBorders(
                bound: constraint.index.vocabularyBound, marks: constraint.marks, startsWord: startsWord),
            options: options, counts: CorpusCounts([constraint.index]))
    }

    package var initialState: State {
        State(rows: start, count: counts.sum(start.map(\.count)), place: .init(), isEmpty: true)
    }

    package func advance(_ state: State, by token: Int32) -> State {
        let rows = counts.all.indices.map { counts.all[$0].extend(state.rows[$0], by: token) }
        let count = counts.sum(rows.map(\.count))
        let place = state.isEmpty ? words.start(token) : step(state, token, count).place
        return State(rows: rows, count: count, place: place, isEmpty: false)
    }

    private func step(_ state: State, _ token: Int32, _ count: Int) -> (probability: Float, place: QueryWords.Place) {
        words.step(
            state.place, token, corpus: Float(max(0, count)) / Float(max(1, state.count)),
            gate: options.gate, follow: options.follow)
    }

    /// The tokens that have any probability after each state, in no particular order: the most frequent in the
    /// corpus, and all of the query's that follow.
    ///
    /// The counts of tokens are asked for together, over all states.
    package func score(_ states: [State], into scores: inout StepScores) {
        let going = states.indices.filter { !states[$0].isEmpty }
        let rows = states.map(\.rows)
        var found = [[CorpusCounts.Follower]](repeating: [], count: states.count)
        var others: [(sequence: Int, token: Int32)] = []
        for (place, top) in zip(going, counts.followers(of: going.map { rows[$0] }, options.continuations)) {
            found[place] = top
            // All followers are at hand when there are fewer than were asked for.
            guard top.count == options.continuations else { continue }
            let next = words.continuations(states[place].place)
            let starts = words.starts.lazy.map(\.token).filter { !next.contains($0) }
            others += (next + starts).lazy.filter { token in !top.contains { $0.token == token } }
                .map { (place, $0) }
        }
        for (item, count) in zip(others, counts.counts(of: others, after: rows)) {
            found[item.sequence].append(.init(token: item.token, count: count))
        }
        for (place, state) in states.enumerated() {
            guard !state.isEmpty else {
                scores.addSparse(firstStep)
                continue
            }
            var row: [(token: Int32, logProb: Float)] = []
            row.reserveCapacity(found[place].count)
            for item in found[place] where item.count > 0 && constraint.allows(item.token) {
                let probability = step(state, item.token, item.count).probability
                if probability > 0 { row.append((item.token, log(probability))) }
            }
            scores.addSparse(row)
        }
    }
}

/// The anchored generator of one query. It has no use for marks: all prompts of a view are alike.
package struct AnchoredNgramGenerator: NgramGenerator {
    private let models: [NgramView: AnchoredNgramModel]
    private let body: AnchoredNgramModel

    package var predicts: Bool { false }

    /// - Parameters:
    ///   - constraints: of each segment one a view, in one order; that of bodies at least.
    ///   - query: the query's tokens.
    ///   - borders: which tokens continue a word.
    ///   - counts: of the corpus, whose segments come in the same order.
    package init(
        _ constraints: [[NgramConstraint]], query: [Int32], borders: WordBorders, options: AnchoredNgramModel.Options,
        counts: CorpusCounts
    ) {
        func model(_ view: NgramView) -> AnchoredNgramModel? {
            let own = constraints.compactMap { $0.first { $0.view == view } }
            guard own.count == constraints.count else { return nil }
            return AnchoredNgramModel(own, query: query, borders: borders, options: options, counts: counts)
        }
        models = Dictionary(
            uniqueKeysWithValues: NgramView.allCases.compactMap { view in model(view).map { (view, $0) } })
        body =
            models[.body]
            ?? AnchoredNgramModel(
                constraints.map { $0[0] }, query: query, borders: borders, options: options, counts: counts)
    }

    package var readsMarks: Bool { false }

    package func model(_ prompt: NgramPrompt) -> AnchoredNgramModel { models[prompt.view] ?? body }
}
