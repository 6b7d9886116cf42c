import Docids
import Memory
import Search

/// Retrieval by generated docids of sentences, with look-ahead: one segment, whose own numbers the passages have here.
///
/// A sentence scores
///
///     s = (1 - w) · similarity(query, sentence) + w · b(passage)
///
/// where b is the share of the query's terms that BM25 gives its passage, and a prefix of docids the same with its code vector and
/// the best b below it (PAG, Zeng et al. 2024). A passage scores as its best sentence. Of every length the best prefixes
/// stay, those that lead to a leaf wait for the end, and then all sentences of the leaves that stayed are compared.
///
/// What lies ahead is known of the best passages of BM25 alone; the score of what is found is exact.
package struct SentenceDocidSearch: Sendable {
    /// A query as this search reads it.
    package struct Query {
        package var vector: [Float]
        /// The query's terms in the segment, and the weight w; nil: w is 0.
        package var terms: (query: SparseQuery, weight: Float)?
        /// The sentences that may be found; nil for all.
        package var passing: PassingDocids?
        /// The passages that they are of.
        package var passages: PlaceSet?

        package init(vector: [Float], terms: (query: SparseQuery, weight: Float)? = nil) {
            (self.vector, self.terms) = (vector, terms)
        }
    }

    package let sentences: SentenceCodes

    /// For so many of BM25's best passages it is known what lies ahead.
    private static let ahead = 500
    /// Sentences that are compared to the end, for each passage that is asked for: as many as a passage has at most.
    private static let sentencesPerPassage = 16

    package init(_ sentences: SentenceCodes) { self.sentences = sentences }

    private var codes: LeafCodes { sentences.codes }

    /// The sentences of passages, with the prefixes that lead to them; O(sentences).
    package func docids(of passages: PlaceSet) -> PassingDocids {
        let own = PlaceSet(capacity: sentences.owners.count) { passages.contains(Int(sentences.owners[Int32($0)])) }
        return PassingDocids(own, of: codes)
    }

    /// The best `k` passages found: score falling, then number rising.
    package func search(
        _ query: Query, k: Int, beams: Int, cancellation: Cancellation = .never
    ) -> DocidResult<Int32> {
        guard k > 0, codes.count > 0 else { return DocidResult(passages: [], docidCount: 0, invalidDocids: 0) }
        let scorer = scorer(query, planning: true)
        var best = TopK<Int32>(capacity: Self.sentencesPerPassage * k)
        var compared = 0
        for leaf in leaves(scorer, query.passing, beams, cancellation) {
            let below = codes.documents(of: leaf)
            let first = below.isEmpty ? 0 : codes.place(of: below[0])
            let products = codes.rows.products(scorer.query, first..<first + below.count)
            for (place, similarity) in products.enumerated() {
                let own = scorer.similarityWeight * similarity
                guard own + scorer.highest >= best.threshold,
                    query.passing?.documents.contains(Int(below[place])) ?? true
                else { continue }
                compared += 1
                best.offer(below[place], score: own + scorer.bound(of: sentences.owners[below[place]]))
            }
        }
        let generated = best.sorted()
        var found: Set<Int32> = []
        var top = TopK<Int32>(capacity: k)
        for sentence in generated where found.insert(sentences.owners[sentence.id]).inserted {
            let passage = sentences.owners[sentence.id]
            top.offer(passage, score: score(of: passage, scorer))
        }
        let invalid = generated.prefix(k).count { codes.document(of: codes.docid(of: $0.id)) != $0.id }
        return DocidResult(passages: top.sorted(), docidCount: compared, invalidDocids: invalid)
    }

    /// The score of any passage, which is that of its best sentence.
    package func scores(_ query: Query) -> @Sendable (Int32) -> Float {
        let scorer = scorer(query, planning: false)
        return { [self] in score(of: $0, scorer) }
    }

    private func score(of passage: Int32, _ scorer: Scorer) -> Float {
        let best = sentences.owners.entries(of: passage).reduce(-Float.infinity) {
            max($0, scorer.similarity(of: Int32($1)))
        }
        return best + scorer.share(of: passage)
    }

    /// Gives a passage's best sentence, by its place among the passage's, and the path of its docid with the log-probability of each
    /// step and examples that are passages; prefixes are scored once for all passages that are asked for.
    package func paths(_ query: Query, inverseTemperature: Float) -> (Int32) -> (sentence: Int, steps: [DocidStep]) {
        let scorer = scorer(query, planning: true)
        let model = AnchoredDocidModel(
            paths: codes,
            nodeScores: zip(codes.similarities(to: query.vector), scorer.ahead).map {
                scorer.similarityWeight * $0 + $1
            }, leaves: SentenceLeaves(scorer: scorer, owners: sentences.owners), inverseTemperature: inverseTemperature)
        return { passage in
            let own = sentences.owners.entries(of: passage)
            let best = own.max { scorer.similarity(of: Int32($0)) < scorer.similarity(of: Int32($1)) }
            return best.map { sentence in
                let steps = model.path(codes.docid(of: Int32(sentence)))
                return (sentence - own.lowerBound, steps.naming { sentences.owners[$0] })
            } ?? (0, [])
        }
    }

    /// The leaves that the beam leads to.
    private func leaves(
        _ scorer: Scorer, _ passing: PassingDocids?, _ beams: Int, _ cancellation: Cancellation
    ) -> [Int] {
        if codes.isLeaf(0) { return [0] }
        var (leaves, frontier) = ([Int](), [0])
        while !frontier.isEmpty, !cancellation.isRaised {
            // Ties go to the node that comes first.
            var best = TopK<Int32>(capacity: beams)
            for node in frontier {
                let children = codes.children(of: node)
                for (child, similarity) in zip(children, codes.centroids.products(scorer.query, children))
                where passing?.contains(node: child) ?? true {
                    best.offer(Int32(child), score: scorer.similarityWeight * similarity + scorer.ahead[child])
                }
            }
            frontier = []
            for node in best.sorted() {
                if codes.isLeaf(Int(node.id)) { leaves.append(Int(node.id)) } else { frontier.append(Int(node.id)) }
            }
        }
        return leaves
    }
}

extension SentenceDocidSearch {
    /// What a query makes of prefixes and sentences.
    struct Scorer: @unchecked Sendable {
        let codes: LeafCodes
        let query: CodedQuery
        let terms: SparseQuery?
        /// 1 - w.
        let similarityWeight: Float
        /// w over what BM25 could give at most.
        let termScale: Float
        /// Of each node, w · the best b below that is known; empty where nothing was planned.
        var ahead: [Float] = []
        /// w · b of BM25's best passages.
        var planned: [Int32: Float] = [:]
        /// w · b that no other passage exceeds, and that no passage exceeds.
        var rest: Float = 0
        var highest: Float = 0

        /// What w · b of a passage does not exceed.
        func bound(of passage: Int32) -> Float { planned[passage] ?? rest }

        /// (1 - w) · similarity of a sentence.
        func similarity(of sentence: Int32) -> Float {
            similarityWeight * codes.rows.product(query, codes.place(of: sentence))
        }

        /// w · b of a passage; O(log postings) a term.
        func share(of passage: Int32) -> Float { termScale * (terms?.score(of: passage) ?? 0) }
    }

    private func scorer(_ query: Query, planning: Bool) -> Scorer {
        let weight = query.terms?.weight ?? 0
        let ceiling = query.terms?.query.ceiling ?? 0
        let isUsed = weight > 0 && ceiling > 0
        var scorer = Scorer(
            codes: codes, query: codes.query(query.vector), terms: isUsed ? query.terms?.query : nil,
            similarityWeight: 1 - weight, termScale: isUsed ? weight / ceiling : 0)
        guard planning else { return scorer }
        scorer.ahead = [Float](repeating: 0, count: codes.nodeCount)
        guard let terms = scorer.terms else { return scorer }
        let best = terms.best(Self.ahead, passing: query.passages)
        scorer.highest = scorer.termScale * (best.first?.score ?? 0)
        scorer.rest = best.count == Self.ahead ? scorer.termScale * (best.last?.score ?? 0) : 0
        scorer.planned.reserveCapacity(best.count)
        for passage in best.reversed() {
            let own = scorer.termScale * passage.score
            scorer.planned[passage.id] = own
            // The best comes last, and so stays.
            for entry in sentences.owners.entries(of: passage.id) {
                for node in codes.ancestors(of: Int32(entry)) { scorer.ahead[node] = own }
            }
        }
        return scorer
    }
}

/// Whole docids score their sentences.
private struct SentenceLeaves: DocidLeaves {
    let scorer: SentenceDocidSearch.Scorer
    let owners: EntryPassages

    func score(_ sentence: Int32) -> Float { scorer.similarity(of: sentence) + scorer.share(of: owners[sentence]) }
}
