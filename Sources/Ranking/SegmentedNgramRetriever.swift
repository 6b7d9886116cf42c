import FMIndex

/// Retrieval by generated n-grams from an index of one or more segments.
///
/// Keys are scored, counted and weighed over the whole corpus, and evidence is gathered with the same
/// keys everywhere. A generator whose scores depend on the query alone generates once for all segments.
/// With the untrained one generation is each segment's own: of a token that does not stand in the query a
/// segment considers the continuations that are frequent there.
public struct SegmentedNgramRetriever: Sendable {
    public struct Result: Sendable {
        public var documents: [ScoredDocument]
        public var evidence: SegmentedEvidence
        /// The evidence that the query's own text would have: what a perfect passage scores.
        public var ceiling: Float
        /// How many keys were generated or taken from the query.
        public var keyCount: Int
        /// How many of those the segments, asked anew, do not hold. Zero unless something is broken.
        public var invalidKeys: Int
        /// The part of the time from keys to passages.
        public var evidenceTime: Duration
    }

    public let segments: [NgramRetriever]
    public let places: SegmentPlaces
    private let counts: CorpusCounts

    /// - Parameter segments: at least one, in the order of the corpus.
    public init(_ segments: [NgramRetriever]) {
        self.segments = segments
        places = SegmentPlaces(counts: segments.map(\.index.documentCount))
        counts = CorpusCounts(segments.map(\.index))
    }

    /// How often a sequence of tokens occurs in the corpus.
    public func count(of tokens: [Int32]) -> Int { counts.indexes.reduce(0) { $0 + $1.count(of: tokens) } }

    /// The best `k` passages, with the keys behind them, by the untrained generator.
    public func search(
        _ query: NgramRetriever.Query, k: Int, options: NgramRetriever.Options = .init()
    ) -> Result {
        if segments.count == 1 { return result(segments[0].search(query, k: k, options: options)) }
        let generators = segments.map { segment in
            let constraints = segment.constraints(options)
            return AnchoredNgramGenerator(
                body: constraints[0], others: constraints, query: query.tokens,
                borders: segment.borders, options: options.model, counts: counts)
        }
        let generated = generate(query, generators: generators, options: options) { prefixes, view in
            generators[0].model(NgramPrompt(view)).logProbs(of: prefixes)
        }
        return rank(generated, query: query, k: k, options: options)
    }

    /// The best `k` passages, with the keys behind them.
    ///
    /// - Parameter generator: gives a sequence the same score whatever segment it is generated from.
    public func search(
        _ query: NgramRetriever.Query, generator: some NgramGenerator, k: Int,
        options: NgramRetriever.Options = .init()
    ) -> Result {
        let generated = generate(query, generator: generator, options: options)
        return rank(generated, query: query, k: k, options: options)
    }

    /// The keys of a query, not yet weighed.
    ///
    /// - Parameter generator: gives a sequence the same score whatever segment it is generated from.
    public func generate(
        _ query: NgramRetriever.Query, generator: some NgramGenerator, options: NgramRetriever.Options
    ) -> GeneratedKeys {
        if segments.count == 1 { return segments[0].generate(query, generator: generator, options: options) }
        return generate(query, generators: segments.map { _ in generator }, options: options, scores: nil)
    }

    private func result(_ found: NgramRetriever.Result) -> Result {
        Result(
            documents: found.documents,
            evidence: SegmentedEvidence(scorers: [found.scorer], places: places),
            ceiling: found.ceiling, keyCount: found.keyCount, invalidKeys: found.invalidKeys,
            evidenceTime: found.evidenceTime)
    }

    /// - Parameters:
    ///   - generators: one a segment.
    ///   - scores: nil where the generators give a sequence the same score in every segment.
    private func generate<Generator: NgramGenerator>(
        _ query: NgramRetriever.Query, generators: [Generator], options: NgramRetriever.Options,
        scores: SegmentedKeySearch<Generator>.Scores?
    ) -> GeneratedKeys {
        SegmentedKeySearch(
            searches: segments.map { keySearch($0, options, vocabulary: generators[0].vocabularySize) },
            generators: generators, counts: counts,
            scores: scores, options: options
        ).generated(query)
    }

    private func keySearch(
        _ segment: NgramRetriever, _ options: NgramRetriever.Options, vocabulary: Int? = nil
    ) -> KeySearch {
        KeySearch(
            index: segment.index, constraints: segment.constraints(options), options: options, counts: counts,
            borders: segment.borders(options), vocabulary: vocabulary)
    }

    /// The best `k` passages by keys that were generated with the same options, but for the constants of
    /// weights and evidence.
    public func rank(
        _ generated: GeneratedKeys, query: NgramRetriever.Query, k: Int, options: NgramRetriever.Options
    ) -> Result {
        if segments.count == 1 {
            return result(segments[0].rank(generated, query: query, k: k, options: options))
        }
        let found = keySearch(segments[0], options).weighed(generated)
        let start = ContinuousClock.now
        let tokens = found.keys.map(\.tokens)
        let rows = counts.indexes.map { $0.rows(of: tokens) }
        let vocabulary = counts.vocabularyBound
        let scorers = zip(segments, rows).map { segment, rows in
            var keys = found.keys
            for place in keys.indices { keys[place].rows = rows[place] }
            return EvidenceScorer(
                index: segment.index, keys: keys, unigrams: found.unigrams, options: options.evidence,
                deviations: options.deviations, borders: segment.borders(options), vocabulary: vocabulary,
                size: counts.size)
        }
        let evidence = SegmentedEvidence(scorers: scorers, places: places)
        let documents = Array(evidence.search().prefix(k))
        let evidenceTime = ContinuousClock.now - start
        return Result(
            documents: documents, evidence: evidence,
            ceiling: evidence.score(tokens: query.tokens), keyCount: found.keys.count,
            invalidKeys: tokens.indices.count { key in rows.allSatisfy { $0[key].isEmpty } },
            evidenceTime: evidenceTime)
    }
}
