import Decoding
import FMIndex
import Foundation

/// Retrieval by generated n-grams (SEAL): beam search under the FM-index, key weights, evidence.
public struct NgramRetriever: Sendable {
    public struct Options: Sendable, Codable, Equatable {
        /// The number of beams.
        public var beams = 15
        /// The longest generated n-gram, in tokens.
        public var keyLength = 9
        /// The longest generated title, in tokens, its end included.
        public var titleLength = 15
        public var decodesTitles = true
        /// Whether the query's own word n-grams, up to `queryWords` words, are keys too.
        public var addsQueryKeys = true
        public var queryWords = 3
        /// How many single tokens of the first step weigh in.
        public var topUnigrams = 5000
        /// Whether the best single tokens become keys, as many as there are others.
        public var addsBestUnigrams = true
        public var model = AnchoredNgramModel.Options()
        public var weighting = KeyWeighting()
        public var evidence = EvidenceScorer.Options()

        public init() {}
    }

    /// A query as the n-gram retriever reads it: its tokens, word by word.
    public struct Query: Sendable {
        public var words: [[Int32]]

        public init(words: [[Int32]]) { self.words = words }

        public var tokens: [Int32] { words.flatMap { $0 } }
    }

    public struct Result: Sendable {
        public var documents: [ScoredDocument]
        public var scorer: EvidenceScorer
        /// The evidence that the query's own text would have: what a perfect passage scores.
        public var ceiling: Float
        /// How many keys were generated or taken from the query.
        public var keyCount: Int
        /// How many of those the index, asked anew, does not hold. Zero unless something is broken.
        public var invalidKeys: Int
    }

    public let index: FMIndex
    private let body: NgramConstraint
    private let title: NgramConstraint
    private let startsWord: @Sendable (Int32) -> Bool

    /// - Parameters:
    ///   - excluded: tokens that are never generated (unknown word, marks).
    ///   - startsWord: whether a token may start a key.
    public init(index: FMIndex, excluded: Set<Int32>, startsWord: @escaping @Sendable (Int32) -> Bool) {
        self.index = index
        self.startsWord = startsWord
        body = NgramConstraint(index: index, excluded: excluded)
        title = NgramConstraint(index: index, excluded: excluded, anchor: .title)
    }

    /// The best `k` passages, with the keys behind them.
    public func search(_ query: Query, k: Int, options: Options = Options()) -> Result {
        let tokens = query.tokens
        let model = AnchoredNgramModel(
            constraint: body, query: tokens, startsWord: startsWord, options: options.model)
        var keys = generate(model, constraint: body, kind: .body, options: options)
        if options.addsQueryKeys { keys += queryKeys(query, model: model, options: options) }
        if options.decodesTitles {
            let titleModel = AnchoredNgramModel(
                constraint: title, query: tokens, startsWord: startsWord, options: options.model)
            keys += generate(titleModel, constraint: title, kind: .title, options: options)
        }
        var seen: Set<[Int32]> = []
        keys = keys.filter { seen.insert($0.tokens).inserted }
        for position in keys.indices {
            keys[position].weight = options.weighting.weight(
                logProb: keys[position].logProb, count: keys[position].count,
                corpusTokens: index.tokenCount)
        }
        let unigrams = unigramWeights(model, keys: keys, options: options)
        if options.addsBestUnigrams { keys += bestUnigrams(unigrams, limit: keys.count, model: model) }
        let invalid = keys.count { index.count(of: $0.tokens) == 0 }
        let scorer = EvidenceScorer(index: index, keys: keys, unigrams: unigrams, options: options.evidence)
        return Result(
            documents: Array(scorer.search().prefix(k)), scorer: scorer,
            ceiling: scorer.score(tokens: tokens), keyCount: keys.count, invalidKeys: invalid)
    }

    private func generate(
        _ model: AnchoredNgramModel, constraint: NgramConstraint, kind: Key.Kind, options: Options
    ) -> [Key] {
        let search = BeamSearch(
            .init(
                beams: options.beams,
                maximumLength: kind == .title ? options.titleLength : options.keyLength))
        return search.run(model, constraint).compactMap { hypothesis in
            if kind == .title {
                guard hypothesis.isComplete else { return nil }
                return Key(
                    tokens: [index.documentEnd] + hypothesis.tokens, kind: kind,
                    rows: hypothesis.state.rows, logProb: hypothesis.logProb)
            }
            return Key(
                tokens: hypothesis.tokens, kind: kind, rows: hypothesis.state.rows,
                logProb: hypothesis.logProb)
        }
    }

    /// Every run of up to `queryWords` words of the query that occurs, scored by the model.
    private func queryKeys(_ query: Query, model: AnchoredNgramModel, options: Options) -> [Key] {
        var keys: [Key] = []
        var seen: Set<[Int32]> = []
        for start in query.words.indices.prefix(Self.maximumQueryWords) {
            for count in 1...max(1, options.queryWords) where start + count <= query.words.count {
                let tokens = query.words[start..<start + count].flatMap { $0 }
                guard seen.insert(tokens).inserted, let scored = model.score(sequence: tokens) else { continue }
                keys.append(Key(tokens: tokens, kind: .query, rows: scored.rows, logProb: scored.logProb))
            }
        }
        return keys
    }

    /// Query n-grams start in the first so many words; a longer query is a document.
    private static let maximumQueryWords = 256

    /// log-odds of the single tokens of the first step; those that are keys already count nothing.
    private func unigramWeights(
        _ model: AnchoredNgramModel, keys: [Key], options: Options
    ) -> [Int32: Float] {
        let single = Set(keys.filter { $0.tokens.count == 1 }.compactMap(\.tokens.first))
        var weights: [Int32: Float] = [:]
        let first = model.distribution(after: model.initialState).sorted {
            ($0.logProb, $1.token) > ($1.logProb, $0.token)
        }
        for item in first.prefix(options.topUnigrams) where !single.contains(item.token) {
            weights[item.token] = options.weighting.logOdds(
                logProb: item.logProb, count: index.count(ofToken: item.token),
                corpusTokens: index.tokenCount)
        }
        return weights
    }

    private func bestUnigrams(_ weights: [Int32: Float], limit: Int, model: AnchoredNgramModel) -> [Key] {
        weights.filter { $0.value > 0 }.sorted { ($0.value, $1.key) > ($1.value, $0.key) }.prefix(limit)
            .compactMap { token, weight in
                guard let scored = model.score(sequence: [token]) else { return nil }
                return Key(
                    tokens: [token], kind: .unigram, rows: scored.rows, logProb: scored.logProb,
                    weight: weight)
            }
    }
}
