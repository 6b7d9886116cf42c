import Decoding
import FMIndex

/// Beam search in the views of the corpus.
extension KeySearch {
    /// A prefix that beam search met.
    struct Generated {
        var tokens: [Int32]
        var logProb: Float
        /// How often it occurs in the corpus.
        var count: Int
        /// Whether it is a whole title or pseudo-query.
        var isComplete: Bool
    }

    func bodies(_ source: KeySource<some NgramGenerator>) -> [Key] {
        generate(.body, source).map { Key(tokens: $0.tokens, kind: .body, logProb: $0.logProb, count: $0.count) }
    }

    func titles(_ source: KeySource<some NgramGenerator>) -> [Key] {
        let kept = generate(.title, source).filter { $0.isComplete || options.keepsPartialTitles }
        let tokens = kept.map { [index.documentEnd] + $0.tokens }
        // A search that was free to start anywhere has counted what is no title's start.
        let isBound = !options.deviations.contains(.freeFirstTitleToken)
        let found = isBound ? kept.map(\.count) : counts.counts(of: tokens)
        return zip(kept, zip(tokens, found)).compactMap { item, pair in
            let (tokens, count) = pair
            guard count > 0, !isUnreachable(item.tokens, count: count) else { return nil }
            return Key(tokens: tokens, kind: .title, logProb: item.logProb, count: count)
        }
    }

    /// Whether the reference could not have met a title: it is the last passage's alone.
    private func isUnreachable(_ title: [Int32], count: Int) -> Bool {
        guard options.deviations.contains(.unreachableLastTitle), count == 1, let last = counts.indexes.last
        else { return false }
        return last.extract(last.documentCount - 1).starts(with: title)
    }

    func pseudoQueries(_ source: KeySource<some NgramGenerator>) -> [Key] {
        guard let queryStart = index.queryStart else { return [] }
        return generate(.pseudoQuery, source).filter(\.isComplete).map {
            Key(
                tokens: [queryStart] + $0.tokens, kind: .pseudoQuery, logProb: $0.logProb, count: $0.count)
        }
    }

    /// What a beam search over the whole corpus meets in one view.
    private func generate(_ view: NgramView, _ source: KeySource<some NgramGenerator>) -> [Generated] {
        let prompt = NgramPrompt(view)
        let parts = constraints(of: view)
        switch source {
        case .everywhere(let generator):
            return search(generator.model(prompt), under: parts.map { $0.limited(to: vocabulary) }, view)
        case .bySegment(let generators, let scores):
            let met = zip(generators, parts).flatMap { generator, part in
                search(generator.model(prompt), under: [part.limited(to: vocabulary)], view)
            }
            return merged(met, view, scores)
        }
    }

    /// Beam search under what any of the constraints allows.
    private func search(
        _ model: some StepModel, under constraints: [NgramConstraint], _ view: NgramView
    ) -> [Generated] {
        func run<Rule: Constraint>(_ constraint: Rule, _ count: (Rule.State) -> Int) -> [Generated] {
            BeamSearch(beams(view), cancellation: cancellation).run(model, constraint).map {
                Generated(
                    tokens: $0.tokens, logProb: $0.logProb, count: count($0.state), isComplete: $0.isComplete)
            }
        }
        let found =
            constraints.count == 1
            ? run(constraints[0]) { $0.rows.count } : run(UnionNgramConstraint(constraints)) { $0.count }
        // Rows are also those of passages that are deleted, and not those of segments that a filter leaves nothing of.
        guard !counts.deleted.isEmpty || constraints.contains(where: { $0.passing != nil }) else { return found }
        let lead = constraints[0].lead
        return zip(found, counts.counts(of: found.map { lead + $0.tokens })).map { item, count in
            var item = item
            item.count = count
            return item
        }
    }

    /// Beam search once more over all that the segments' searches met: a segment's own beam holds what is
    /// best there, not what is best in the corpus.
    private func merged(
        _ met: [Generated], _ view: NgramView, _ scores: PrefixScores
    ) -> [Generated] {
        let lead = constraints(of: view)[0].lead
        let prefixes = CountedPrefixes(met.map(\.tokens), in: counts, after: lead)
        var logProbs = [Float](repeating: -.infinity, count: prefixes.parents.count)
        if !options.renormalizes {
            logProbs = scores(prefixes, view)
        } else {
            for (item, node) in zip(met, prefixes.nodes) where logProbs[Int(node)] == -.infinity {
                logProbs[Int(node)] = item.logProb
            }
        }
        let titleEnd = index.titleEnd
        let kept = prefixes.beamSearch(logProbs, beams: options.beams) { view != .body && $0 == titleEnd }
        return kept.map { node in
            Generated(
                tokens: prefixes.sequence(node), logProb: logProbs[node], count: prefixes.counts[node],
                isComplete: view != .body && prefixes.tokens[node] == titleEnd)
        }
    }

    private func beams(_ view: NgramView) -> BeamSearch.Options {
        var beams = BeamSearch.Options(
            beams: options.beams,
            maximumLength: view == .body ? options.keyLength : options.titleLength)
        beams.renormalizes = options.renormalizes
        beams.minimumLogProb = minimumLogProb
        return beams
    }

    /// The log-probabilities of sequences inside passages; one that falls to `minimum` or below need not be
    /// told from -infinity.
    func logProbs(
        of sequences: [[Int32]], minimum: Float, _ source: KeySource<some NgramGenerator>
    ) -> [Float] {
        switch source {
        case .everywhere(let generator):
            let model = generator.model(NgramPrompt(.body))
            return model.logProbs(of: sequences, from: model.initialState, minimum: minimum)
        case .bySegment(_, let scores):
            let prefixes = CountedPrefixes(sequences, in: counts)
            let all = scores(prefixes, .body)
            return prefixes.nodes.map { all[Int($0)] }
        }
    }
}
