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
        var rows: FMIndex.Rows
        var place: QueryWords.Place
        var isEmpty: Bool
    }

    let constraint: NgramConstraint
    let options: Options
    let words: QueryWords
    /// The shares of copying at the first step.
    let firstStep: [(token: Int32, logProb: Float)]

    /// - Parameters:
    ///   - query: the query's tokens.
    ///   - borders: which tokens continue a word.
    ///   - counts: of the whole corpus, where the constraint's index is a segment of it.
    init(
        constraint: NgramConstraint, query: [Int32], borders: WordBorders, options: Options = Options(),
        counts: CorpusCounts? = nil
    ) {
        self.constraint = constraint
        self.options = options
        let counts = counts ?? CorpusCounts([constraint.index])
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
            constraint: constraint, query: query,
            borders: WordBorders(
                bound: constraint.index.vocabularyBound, marks: constraint.marks, startsWord: startsWord),
            options: options)
    }

    package var initialState: State {
        State(rows: constraint.initialState.rows, place: .init(), isEmpty: true)
    }

    package func advance(_ state: State, by token: Int32) -> State {
        let rows = constraint.index.extend(state.rows, by: token)
        let place = state.isEmpty ? words.start(token) : step(state, token, rows.count).place
        return State(rows: rows, place: place, isEmpty: false)
    }

    private func step(_ state: State, _ token: Int32, _ count: Int) -> (probability: Float, place: QueryWords.Place) {
        words.step(
            state.place, token, corpus: Float(max(0, count)) / Float(max(1, state.rows.count)),
            gate: options.gate, follow: options.follow)
    }

    /// The tokens that have any probability after each state, in no particular order.
    ///
    /// The counts of the query's tokens are asked for together, over all states.
    package func score(_ states: [State], into scores: inout StepScores) {
        let index = constraint.index
        var rows: [[(token: Int32, logProb: Float)]] = []
        var open: [(state: Int, first: Int)] = []
        var asked: [FMIndex.Rows] = []
        var tokens: [Int32] = []
        for (place, state) in states.enumerated() {
            guard !state.isEmpty else {
                rows.append(firstStep)
                continue
            }
            let frequent = index.topTokens(of: state.rows, options.continuations)
            // All continuations are at hand when there are fewer than were asked for.
            let isWhole = frequent.count < options.continuations
            var row: [(token: Int32, logProb: Float)] = []
            row.reserveCapacity(frequent.count + 4)
            for item in frequent where constraint.allows(item.token) {
                let probability = step(state, item.token, item.count).probability
                if probability > 0 { row.append((item.token, log(probability))) }
            }
            rows.append(row)
            guard !isWhole else { continue }
            let going = words.continuations(state.place)
            let other = words.starts.lazy.map(\.token).filter { !going.contains($0) }
            for token in going + other where !frequent.contains(where: { $0.token == token }) {
                open.append((place, tokens.count))
                asked.append(state.rows)
                tokens.append(token)
            }
        }
        index.extend(&asked, by: tokens)
        for item in open where !asked[item.first].isEmpty {
            let token = tokens[item.first]
            let probability = step(states[item.state], token, asked[item.first].count).probability
            if probability > 0 { rows[item.state].append((token, log(probability))) }
        }
        for row in rows { scores.addSparse(row) }
    }
}

/// The anchored generator of one query. It has no use for marks: all prompts of a view are alike.
package struct AnchoredNgramGenerator: NgramGenerator {
    private let models: [NgramView: AnchoredNgramModel]
    private let body: AnchoredNgramModel

    /// - Parameters:
    ///   - constraints: the constraint of each view that may be asked for; one for bodies at least.
    ///   - query: the query's tokens.
    ///   - borders: which tokens continue a word.
    ///   - counts: of the whole corpus, where the constraints' index is a segment of it.
    package init(
        body: NgramConstraint, others: [NgramConstraint], query: [Int32], borders: WordBorders,
        options: AnchoredNgramModel.Options, counts: CorpusCounts? = nil
    ) {
        func model(_ constraint: NgramConstraint) -> AnchoredNgramModel {
            AnchoredNgramModel(
                constraint: constraint, query: query, borders: borders, options: options, counts: counts)
        }
        self.body = model(body)
        var models: [NgramView: AnchoredNgramModel] = [:]
        for constraint in others where models[constraint.view] == nil {
            models[constraint.view] = constraint.view == .body ? self.body : model(constraint)
        }
        self.models = models
    }

    package var readsMarks: Bool { false }

    package func model(_ prompt: NgramPrompt) -> AnchoredNgramModel { models[prompt.view] ?? body }
}
