import Search

/// The evidence of one query's keys in all segments of an index.
package struct NgramEvidence: Sendable {
    /// One a segment; all have the same keys in the same order, with the counts of the whole corpus.
    let scorers: [EvidenceScorer]
    let places: SegmentPlaces

    /// The keys in the order they are taken.
    package var keys: [Key] { scorers.first?.keys ?? [] }

    /// The passages with evidence: score falling, then passage rising.
    ///
    /// Given the keys, the result is the same however the corpus is cut into segments: passages that any
    /// segment nominates are cut to the best of all before they are read in full.
    package func search() -> [ScoredPassage] {
        var workspaces = scorers.map { $0.makeWorkspace() }
        let nominated = scorers.indices.map { scorers[$0].nominated(&workspaces[$0]) }
        let fullScore = scorers.first?.options.fullScore ?? 0
        let kept = places.merged(nominated, k: fullScore > 0 ? fullScore : nominated.reduce(0) { $0 + $1.count })
        var chosen = [[Scored<Int32>]](repeating: [], count: scorers.count)
        for item in kept {
            let (segment, local) = places.locate(item.passage)
            chosen[segment].append(Scored(local, score: item.score))
        }
        let ranked = scorers.indices.map { scorers[$0].ranked(chosen[$0], &workspaces[$0]) }
        return places.merged(ranked, k: kept.count)
    }

    /// The contributions to one passage, in the order they were taken.
    package func explain(_ passage: PassageIndex) -> [EvidenceScorer.Contribution] {
        let (segment, local) = places.locate(passage)
        return scorers[segment].explain(local)
    }

    /// The score that a text of its own would have.
    package func score(tokens: [Int32]) -> Float { scorers.first?.score(tokens: tokens) ?? 0 }
}
