import Decoding
import FMIndex

/// Retrieval by generated n-grams (SEAL): beam search under the FM-index, key weights, evidence.
public struct NgramRetriever: Sendable {
    public struct Options: Sendable, Codable, Equatable {
        /// The number of beams.
        public var beams = 15
        /// The longest generated n-gram, in tokens.
        public var keyLength = 9
        /// Whether n-grams inside passages are generated.
        public var decodesBodies = true
        /// The longest generated title or pseudo-query, in tokens, its end included.
        public var titleLength = 15
        public var decodesTitles = true
        /// Whether titles that were not finished are keys too, as n-grams at a passage's start.
        public var keepsPartialTitles = false
        /// Whether pseudo-queries are generated, in an index whose passages carry any.
        public var decodesPseudoQueries = true
        /// Whether the query's own word n-grams, up to `queryWords` words, are keys too.
        public var addsQueryKeys = true
        public var queryWords = 3
        /// Whether keys are scored with the prompt they are weighed under, where that differs from the
        /// one they were generated with.
        public var rescores = true
        /// A key's score is divided by its length to this power.
        public var lengthPenalty: Float = 0
        /// How many single tokens of the first step weigh in.
        public var topUnigrams = 5000
        /// Whether the best single tokens become keys, as many as there are others.
        public var addsBestUnigrams = true
        /// Whether each step's probabilities are shared out among the allowed tokens only.
        public var renormalizes = false
        /// Whether the search drops what cannot become a key that weighs anything; nil where a model's
        /// steps are dear. The keys that weigh stay the same, but single tokens that become keys are fewer
        /// where keys without weight are not counted.
        public var dropsWeightless: Bool?
        /// A sequence that occurs at most so often is not continued.
        public var stopAtCount = 0
        /// Keys that occur more often are dropped; nil keeps all.
        public var maximumCount: Int?
        public var deviations: SEALDeviations = []
        public var model = AnchoredNgramModel.Options()
        public var weighting = KeyWeighting()
        public var evidence = EvidenceScorer.Options()

        public init() {}
    }

    /// A query as the n-gram retriever reads it: its tokens, word by word.
    public struct Query: Sendable {
        public var words: [[Int32]]
        /// The query's word n-grams as tokens, with all their spellings, where they are more than the
        /// words put together (a tokenizer that tells capitals apart); nil otherwise.
        public var phrases: [[Int32]]?
        /// Other forms of each word; empty where none are known.
        public var forms: [[[Int32]]]
        /// Runs of words with no space between, such as "v1.2.3" or "QX-7743/ZZ": a name that punctuation
        /// cuts into words is one name.
        public var runs: [[Int32]]

        public init(
            words: [[Int32]], phrases: [[Int32]]? = nil, forms: [[[Int32]]] = [], runs: [[Int32]] = []
        ) {
            self.words = words
            self.phrases = phrases
            self.forms = forms
            self.runs = runs
        }

        public var tokens: [Int32] { words.flatMap { $0 } }

        /// Every run of up to `limit` words, each once.
        func phrases(upTo limit: Int) -> [[Int32]] {
            var all = phrases ?? []
            if phrases == nil {
                for start in words.indices.prefix(Self.maximumWords) {
                    for count in 1...max(1, limit) where start + count <= words.count {
                        all.append(words[start..<start + count].flatMap { $0 })
                    }
                }
            }
            var seen: Set<[Int32]> = []
            return all.filter { seen.insert($0).inserted }
        }

        /// Runs start in the first so many words; a longer query is a document.
        private static let maximumWords = 256
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
        /// The part of the time from keys to passages.
        public var evidenceTime: Duration
    }

    public let index: FMIndex
    let excluded: Set<Int32>
    private let constraints: [NgramConstraint]
    /// Which tokens of the index continue a word.
    let borders: WordBorders

    /// - Parameters:
    ///   - excluded: tokens that are never generated (unknown word, marks).
    ///   - startsWord: whether a token may start a key; one that may not continues the word before.
    public init(index: FMIndex, excluded: Set<Int32>, startsWord: (Int32) -> Bool) {
        self.index = index
        self.excluded = excluded
        constraints = NgramView.allCases.map { NgramConstraint(index: index, excluded: excluded, view: $0) }
        borders = WordBorders(
            bound: index.vocabularyBound, marks: constraints[0].marks, startsWord: startsWord)
    }

    /// The best `k` passages, with the keys behind them, by the untrained generator.
    public func search(_ query: Query, k: Int, options: Options = Options()) -> Result {
        let constraints = constraints(options)
        let generator = AnchoredNgramGenerator(
            body: constraints[0], others: constraints, query: query.tokens, borders: borders,
            options: options.model)
        return search(query, generator: generator, k: k, options: options)
    }

    /// The best `k` passages, with the keys behind them.
    public func search(
        _ query: Query, generator: some NgramGenerator, k: Int, options: Options = Options()
    ) -> Result {
        let generated = generate(query, generator: generator, options: options)
        return rank(generated, query: query, k: k, options: options)
    }

    /// The keys of a query, not yet weighed.
    func generate(
        _ query: Query, generator: some NgramGenerator, options: Options
    ) -> GeneratedKeys {
        keySearch(options, vocabulary: generator.vocabularySize).generated(query, generator: generator)
    }

    /// The best `k` passages by keys that were generated with the same options, but for the constants of
    /// weights and evidence.
    func rank(_ generated: GeneratedKeys, query: Query, k: Int, options: Options) -> Result {
        let found = keySearch(options).weighed(generated)
        let start = ContinuousClock.now
        let scorer = EvidenceScorer(
            index: index, keys: found.keys, unigrams: found.unigrams, options: options.evidence,
            deviations: options.deviations, borders: borders(options))
        let documents = Array(scorer.search().prefix(k))
        let evidenceTime = ContinuousClock.now - start
        return Result(
            documents: documents, scorer: scorer, ceiling: scorer.score(tokens: query.tokens),
            keyCount: found.keys.count,
            invalidKeys: index.rows(of: found.keys.map(\.tokens)).count(where: \.isEmpty),
            evidenceTime: evidenceTime)
    }

    private func keySearch(_ options: Options, vocabulary: Int? = nil) -> KeySearch {
        KeySearch(
            index: index, constraints: constraints(options), options: options,
            counts: CorpusCounts([index]), borders: borders(options), vocabulary: vocabulary)
    }

    /// The borders that keys keep to.
    func borders(_ options: Options) -> WordBorders {
        options.deviations.contains(.cutWords) ? .none : borders
    }

    /// The constraint of each view, in the order of the views.
    func constraints(_ options: Options) -> [NgramConstraint] {
        var constraints = constraints
        if !options.deviations.isDisjoint(with: [.freeFirstTitleToken, .passedDocumentEnds]) {
            constraints = NgramView.allCases.map {
                NgramConstraint(
                    index: index, excluded: excluded, view: $0, deviations: options.deviations)
            }
        }
        for place in constraints.indices { constraints[place].stopAtCount = options.stopAtCount }
        return constraints
    }
}
