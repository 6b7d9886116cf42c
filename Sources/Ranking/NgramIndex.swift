import FMIndex
import Memory
import Search

/// Retrieval by generated n-grams (SEAL): beam search under the FM-indexes of all segments, key weights,
/// evidence.
///
/// Keys are generated, scored, counted and weighed over the whole corpus, and evidence is gathered with the same
/// keys everywhere.
package struct NgramIndex: Sendable {
    package struct Result: Sendable {
        /// Score falling, then passage rising.
        package var passages: [ScoredPassage]
        package var evidence: NgramEvidence
        /// The evidence that the query's own text would have: what a perfect passage scores.
        package var ceiling: Float
        /// How many keys were generated or taken from the query.
        package var keyCount: Int
        /// How many of those the segments, asked anew, do not hold. Zero unless something is broken.
        package var invalidKeys: Int
        /// The part of the time from keys to passages.
        package var evidenceTime: Duration
    }

    package let segments: [NgramSegment]
    package let places: SegmentPlaces
    private let counts: CorpusCounts

    /// - Parameter segments: at least one, in the order of the corpus.
    package init(_ segments: [NgramSegment]) {
        precondition(!segments.isEmpty)
        self.segments = segments
        places = SegmentPlaces(counts: segments.map(\.index.documentCount))
        counts = CorpusCounts(segments.map(\.index), without: segments.compactMap(\.deleted))
    }

    /// How often a sequence of tokens occurs in passages that are not deleted.
    package func count(of tokens: [Int32]) -> Int { counts.count(of: tokens) }

    /// The best `k` passages, with the keys behind them, by the untrained generator.
    ///
    /// - Parameters:
    ///   - filter: keys are generated only where a passage that passes holds them, and only such passages are found;
    ///     counts and weights stay those of the corpus.
    ///   - threads: that the segments may share; the result does not depend on it.
    ///   - cancellation: asked between the steps of beam searches; where it is raised, there are fewer keys.
    package func search(
        _ query: NgramQuery, k: Int, options: NgramOptions = NgramOptions(), floor: TermFloor? = nil,
        filter: PassageFilter = .all, threads: Int = 1, cancellation: Cancellation = .never
    ) -> Result {
        let generator = AnchoredNgramGenerator(
            segments.map { $0.constraints(options, passing: nil) }, query: query.tokens, borders: segments[0].borders,
            options: options.model, counts: counts)
        return search(
            query, generator: generator, k: k, options: options, floor: floor, filter: filter, threads: threads,
            cancellation: cancellation)
    }

    private func passing(_ filter: PassageFilter) -> [PassingRows?] {
        filter.memo.value(where: { $0.count == segments.count }) {
            // What is deleted changes no result, however much it is: only a filter may pass few.
            let isFilter = segments.indices.contains { !segments[$0].isLiving(filter[$0]) }
            let tokens = segments.indices.reduce(0) { $0 + segments[$1].tokenCount(of: filter[$1]) }
            let areFew = isFilter && PassingRows.areFew(tokens: tokens, of: counts.size.tokens)
            return segments.indices.map { segments[$0].rows(of: filter[$0], areFew: areFew) }
        }
    }

    /// The best `k` passages, with the keys behind them.
    ///
    /// - Parameter generator: gives a sequence the same score whatever segment it is generated from.
    package func search(
        _ query: NgramQuery, generator: some NgramGenerator, k: Int, options: NgramOptions = NgramOptions(),
        floor: TermFloor? = nil, filter: PassageFilter = .all, threads: Int = 1, cancellation: Cancellation = .never
    ) -> Result {
        let keys = generate(
            query, generator: generator, options: floor == nil ? options : options.increments.applied(to: options),
            filter: filter, cancellation: cancellation)
        return rank(keys, query: query, k: k, options: options, floor: floor, filter: filter, threads: threads)
    }

    /// The keys of a query, not yet weighed.
    ///
    /// - Parameter generator: gives a sequence the same score whatever segment it is generated from.
    package func generate(
        _ query: NgramQuery, generator: some NgramGenerator, options: NgramOptions, filter: PassageFilter = .all,
        cancellation: Cancellation = .never
    ) -> GeneratedKeys {
        keySearch(options, passing(filter), vocabulary: generator.vocabularySize, cancellation: cancellation)
            .generated(query, from: generator)
    }

    /// The best `k` passages by keys that were generated with the same options, but for the constants of
    /// weights and evidence.
    ///
    /// - Parameter floor: what the query's terms give by themselves, where keys add to that; nil where they are all there is.
    package func rank(
        _ generated: GeneratedKeys, query: NgramQuery, k: Int, options: NgramOptions, floor: TermFloor? = nil,
        filter: PassageFilter = .all, threads: Int = 1
    ) -> Result {
        let options = floor == nil ? options : options.increments.applied(to: options)
        let search = keySearch(options, segments.map { _ in nil })
        let found =
            floor.map { KeySearch.Found(keys: search.incremented(generated, over: $0), unigrams: [:]) }
            ?? search.weighed(generated)
        let start = ContinuousClock.now
        let tokens = found.keys.map(\.tokens)
        let rows = counts.indexes.map { $0.rows(of: tokens) }
        let passing = passing(filter)
        let keys = EvidenceKeys(
            found.keys, occurrences: Self.occurrences(rows, passing), unigrams: found.unigrams,
            vocabulary: counts.vocabularyBound)
        let scorers = segments.indices.map { place in
            EvidenceScorer(
                index: segments[place].index, evidence: keys, rows: rows[place], passing: passing[place],
                options: options.evidence, deviations: options.deviations, borders: segments[place].borders(options),
                size: counts.size)
        }
        let evidence = NgramEvidence(scorers: scorers, places: places)
        let passages =
            floor.map { evidence.search(k, over: $0, filter: filter, threads: threads) }
            ?? Array(evidence.search(threads: threads).prefix(k))
        let evidenceTime = ContinuousClock.now - start
        return Result(
            passages: passages, evidence: evidence,
            ceiling: (floor?.search.ceiling ?? 0) + evidence.score(tokens: query.tokens), keyCount: found.keys.count,
            invalidKeys: tokens.indices.count { key in rows.allSatisfy { $0[key].isEmpty } },
            evidenceTime: evidenceTime)
    }

    /// How often each key occurs in the passages that pass a filter; nil where they are not few.
    private static func occurrences(_ rows: [[FMIndex.Rows]], _ passing: [PassingRows?]) -> [Int]? {
        var sums = [Int](repeating: 0, count: rows[0].count)
        for (rows, passing) in zip(rows, passing) {
            for key in rows.indices {
                guard let count = passing?.count(in: rows[key]) else { return nil }
                sums[key] += count
            }
        }
        return sums
    }

    private func keySearch(
        _ options: NgramOptions, _ passing: [PassingRows?], vocabulary: Int? = nil, cancellation: Cancellation = .never
    ) -> KeySearch {
        KeySearch(
            constraints: zip(segments, passing).map { $0.constraints(options, passing: $1) }, options: options,
            counts: counts,
            borders: segments[0].borders(options), vocabulary: vocabulary, cancellation: cancellation)
    }
}
