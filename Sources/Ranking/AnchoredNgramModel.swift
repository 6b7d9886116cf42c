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

    /// Of a corpus in several segments, so many are asked what follows a prefix: those that hold it most often.
    static let askedSegments = 8

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

    /// The tokens that have any probability after each state, in no particular order.
    ///
    /// The counts of tokens are asked for together, over all states.
    package func score(_ states: [State], into scores: inout StepScores) {
        var rows = states.map { _ in Considered() }
        for (place, state) in states.enumerated() where !state.isEmpty {
            rows[place] = frequent(after: state)
            guard !rows[place].isWhole else { continue }
            let going = words.continuations(state.place)
            let other = words.starts.lazy.map(\.token).filter { !going.contains($0) }
            rows[place].others = (going + other).filter { !rows[place].frequent.contains($0) }
        }
        let found = count(rows, after: states)
        for (place, state) in states.enumerated() {
            guard !state.isEmpty else {
                scores.addSparse(firstStep)
                continue
            }
            var row: [(token: Int32, logProb: Float)] = []
            row.reserveCapacity(found[place].count)
            for (token, count) in found[place] where count > 0 && constraint.allows(token) {
                let probability = step(state, token, count).probability
                if probability > 0 { row.append((token, log(probability))) }
            }
            scores.addSparse(row)
        }
    }

    /// What is considered behind a prefix.
    private struct Considered {
        /// Frequent in the segments that were asked.
        var frequent: [Int32] = []
        /// How often each occurs there, where one index holds the whole corpus.
        var counts: [Int] = []
        /// Tokens of the query.
        var others: [Int32] = []
        /// Whether nothing else follows.
        var isWhole = false
    }

    private func frequent(after state: State) -> Considered {
        var considered = Considered()
        guard counts.all.count > 1 else {
            let top = counts.all[0].topTokens(of: state.rows[0], options.continuations)
            considered.frequent = top.map(\.token)
            considered.counts = top.map(\.count)
            // All continuations are at hand when there are fewer than were asked for.
            considered.isWhole = top.count < options.continuations
            return considered
        }
        let holding = counts.indexes.indices.filter { !state.rows[$0].isEmpty }
        let asked = holding.sorted { a, b in
            let (first, second) = (state.rows[a].count, state.rows[b].count)
            return first != second ? first > second : a < b
        }.prefix(Self.askedSegments)
        considered.isWhole = asked.count == holding.count
        for segment in asked {
            let top = counts.indexes[segment].topTokens(of: state.rows[segment], options.continuations)
            if top.count == options.continuations { considered.isWhole = false }
            for item in top where !considered.frequent.contains(item.token) { considered.frequent.append(item.token) }
        }
        return considered
    }

    /// How often the considered tokens follow: the most frequent `continuations` of those that are, and all others.
    private func count(_ rows: [Considered], after states: [State]) -> [[(token: Int32, count: Int)]] {
        var asked: [(state: Int, token: Int32)] = []
        for (place, row) in rows.enumerated() {
            if row.counts.isEmpty { asked += row.frequent.map { (place, $0) } }
            asked += row.others.map { (place, $0) }
        }
        let tokens = asked.map(\.token)
        var sums = [Int](repeating: 0, count: asked.count)
        for (place, index) in counts.all.enumerated() {
            var longer = asked.map { states[$0.state].rows[place] }
            index.extend(&longer, by: tokens)
            for item in sums.indices { sums[item] += counts.sign(place) * max(0, longer[item].count) }
        }
        var next = 0
        return rows.map { row in
            var frequent = row.frequent.enumerated().map { place, token -> (token: Int32, count: Int) in
                if !row.counts.isEmpty { return (token, row.counts[place]) }
                defer { next += 1 }
                return (token, sums[next])
            }
            if frequent.count > options.continuations {
                frequent.sort { $0.count != $1.count ? $0.count > $1.count : $0.token < $1.token }
                frequent.removeSubrange(options.continuations...)
            }
            let others = row.others.map { token in
                defer { next += 1 }
                return (token: token, count: sums[next])
            }
            return frequent + others
        }
    }
}

/// The anchored generator of one query. It has no use for marks: all prompts of a view are alike.
package struct AnchoredNgramGenerator: NgramGenerator {
    private let models: [NgramView: AnchoredNgramModel]
    private let body: AnchoredNgramModel

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
