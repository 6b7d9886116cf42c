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

    func bodies(_ generator: some NgramGenerator) -> [Key] {
        generate(.body, generator).map { Key(tokens: $0.tokens, kind: .body, logProb: $0.logProb, count: $0.count) }
    }

    func titles(_ generator: some NgramGenerator) -> [Key] {
        let kept = generate(.title, generator).filter { $0.isComplete || options.keepsPartialTitles }
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

    func pseudoQueries(_ generator: some NgramGenerator) -> [Key] {
        guard let queryStart = index.queryStart else { return [] }
        return generate(.pseudoQuery, generator).filter(\.isComplete).map {
            Key(
                tokens: [queryStart] + $0.tokens, kind: .pseudoQuery, logProb: $0.logProb, count: $0.count)
        }
    }

    /// What a beam search over the whole corpus meets in one view.
    private func generate(_ view: NgramView, _ generator: some NgramGenerator) -> [Generated] {
        search(
            generator.model(NgramPrompt(view)), under: constraints(of: view).map { $0.limited(to: vocabulary) }, view)
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
        of sequences: [[Int32]], minimum: Float, _ generator: some NgramGenerator
    ) -> [Float] {
        let model = generator.model(NgramPrompt(.body))
        return model.logProbs(of: sequences, from: model.initialState, minimum: minimum)
    }
}
