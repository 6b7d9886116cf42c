import Ranking

extension SegmentSet {
    /// What the retrievers of one query found.
    package struct Lists: Sendable {
        package var lists: [Fusion.List] = []
        package var ngram: SegmentedNgramRetriever.Result?
        package var docidCount = 0
        package var invalidDocids = 0
        package var seconds: [RetrieverKind: Double] = [:]
    }

    /// Runs the retrievers that are asked for and can run, in the order of their kinds; one list each.
    ///
    /// - Parameters:
    ///   - generator: what n-grams are generated with; nil is the untrained generator.
    ///   - docids: the trained docids that are generated; nil generates the untrained ones.
    package func retrieve(
        _ query: EncodedQuery, kinds: some Sequence<RetrieverKind>, depth: Int, options: SearchOptions,
        generator: TrainedGenerator? = nil, docids: TrainedDocids? = nil
    ) -> Lists {
        var result = Lists()
        for kind in kinds {
            let start = ContinuousClock.now
            switch kind {
            case .ngram: retrieveNgrams(query, depth, options, generator, &result)
            case .docid:
                if let docids {
                    retrieveDocids(docids, query, depth, options, &result)
                } else {
                    retrieveDocids(query, depth, options, &result)
                }
            case .dense: retrieveDense(query, depth, &result)
            case .bm25: retrieveTerms(query, depth, options, &result)
            }
            guard result.lists.last?.kind == kind else { continue }
            result.seconds[kind] = Engine.seconds(since: start)
        }
        return result
    }

    private func retrieveNgrams(
        _ query: EncodedQuery, _ depth: Int, _ options: SearchOptions, _ generator: TrainedGenerator?,
        _ result: inout Lists
    ) {
        let untrained = options.ngramOptions(nil)
        var trained = options.ngramOptions(generator?.tuning)
        trained.dropsWeightless = trained.dropsWeightless ?? true
        let found =
            if let source = query.source, let ngrams = generator?.ngrams(source) {
                ngram.search(query.ngrams, generator: ngrams, k: depth, options: trained)
            } else {
                ngram.search(query.ngrams, k: depth, options: untrained)
            }
        // A full list hides what lies below it; a short one holds all there is.
        let absent = found.documents.count < depth ? 0 : found.documents.last?.score ?? 0
        result.lists.append(
            .init(kind: .ngram, documents: found.documents, ceiling: found.ceiling, absent: absent))
        result.ngram = found
    }

    private func retrieveDocids(
        _ query: EncodedQuery, _ depth: Int, _ options: SearchOptions, _ result: inout Lists
    ) {
        guard let vector = query.vector else { return }
        let retrievers = segments.compactMap { $0.docids(options.docid.scheme) }
        guard retrievers.count == segments.count else { return }
        let found = retrievers.map { $0.search(vector, k: depth, options: options.docid) }
        let documents = places.merged(found.map(\.documents), k: depth)
        result.lists.append(
            .init(kind: .docid, documents: documents, ceiling: 1, absent: documents.last?.score ?? 0))
        result.docidCount = found.reduce(0) { $0 + $1.docidCount }
        result.invalidDocids = found.reduce(0) { $0 + $1.invalidDocids }
    }

    private func retrieveDocids(
        _ docids: TrainedDocids, _ query: EncodedQuery, _ depth: Int, _ options: SearchOptions,
        _ result: inout Lists
    ) {
        let weight = options.planAhead ?? docids.planAhead
        let plan = weight > 0 ? self.plan(query.text, weight: weight, options.bm25) : nil
        guard let found = docids.search(query, plan: plan, k: depth, beams: options.docid.beams) else { return }
        result.lists.append(
            .init(kind: .docid, documents: found.documents, ceiling: 1, absent: found.documents.last?.score ?? 0))
        result.docidCount = found.docidCount
        result.invalidDocids = found.invalidDocids
    }

    /// What BM25 says of every passage, as a share of the query's terms at full weight.
    package func plan(
        _ text: String, weight: Float, _ parameters: SparseIndex.Parameters
    ) -> DocidPlan {
        let terms = SparseTerms(text, in: sparse)
        let scale = terms.ceiling > 0 ? 1 / terms.ceiling : 0
        let scores = sparse.enumerated().flatMap { segment, index in
            SparseQuery(terms, segment: segment, of: index, parameters: parameters).scores()
        }
        return .init(scores: scores.map { $0 * scale }, weight: weight)
    }

    private func retrieveDense(_ query: EncodedQuery, _ depth: Int, _ result: inout Lists) {
        guard let vector = query.vector else { return }
        let dense = segments.compactMap(\.dense)
        guard dense.count == segments.count else { return }
        var scores = dense[0].similarities(vector)
        for index in dense.dropFirst() { scores += index.similarities(vector) }
        let all = scores
        result.lists.append(
            .init(kind: .dense, documents: TopDocuments.best(depth, of: all), ceiling: 1) { all[Int($0)] })
    }

    private func retrieveTerms(
        _ query: EncodedQuery, _ depth: Int, _ options: SearchOptions, _ result: inout Lists
    ) {
        let terms = SparseTerms(query.text, in: sparse)
        let queries = sparse.enumerated().map { segment, index in
            SparseQuery(terms, segment: segment, of: index, parameters: options.bm25)
        }
        let documents = places.merged(queries.map { $0.best(depth) }, k: depth)
        let places = places
        result.lists.append(
            .init(kind: .bm25, documents: documents, ceiling: terms.ceiling) { document in
                let (segment, local) = places.locate(document)
                return queries[segment].score(of: local)
            })
    }
}
