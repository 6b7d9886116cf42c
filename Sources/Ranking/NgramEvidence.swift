import Memory
import Search
import Synchronization

/// The evidence of one query's keys in all segments of an index.
package struct NgramEvidence: Sendable {
    /// One a segment; all have the same keys in the same order, with the counts of the whole corpus.
    let scorers: [EvidenceScorer]
    let places: SegmentPlaces

    /// The keys in the order they are taken.
    package var keys: [Key] { scorers.first?.keys ?? [] }

    /// The passages with evidence: score falling, then passage rising.
    ///
    /// Given the keys, the result is the same however the corpus is cut into segments, on any number of threads: passages that any
    /// segment nominates are cut to the best of all before they are read in full.
    package func search(threads: Int = 1) -> [ScoredPassage] {
        let nominated = bySegment(threads) { scorer, _, workspace in scorer.nominated(&workspace) }
        let fullScore = scorers.first?.options.fullScore ?? 0
        let kept = places.merged(nominated, k: fullScore > 0 ? fullScore : nominated.reduce(0) { $0 + $1.count })
        var chosen = [[Scored<Int32>]](repeating: [], count: scorers.count)
        for item in kept {
            let (segment, local) = places.locate(item.passage)
            chosen[segment].append(Scored(local, score: item.score))
        }
        let open = chosen
        let ranked = bySegment(threads) { scorer, segment, workspace in scorer.ranked(open[segment], &workspace) }
        return places.merged(ranked, k: kept.count)
    }

    /// Work in every segment, with scratch memory for each thread.
    func bySegment(
        _ threads: Int,
        _ body: @Sendable (EvidenceScorer, Int, inout EvidenceScorer.Workspace) -> [Scored<Int32>]
    ) -> [[Scored<Int32>]] {
        guard let first = scorers.first else { return [] }
        let results = Mutex([[Scored<Int32>]](repeating: [], count: scorers.count))
        Parallel.forEach(count: scorers.count, threads: threads, scratch: { first.makeWorkspace() }) {
            workspace, segment in
            let found = body(scorers[segment], segment, &workspace)
            results.withLock { $0[segment] = found }
        }
        return results.withLock { $0 }
    }

    /// The contributions to one passage, in the order they were taken.
    package func explain(_ passage: PassageIndex) -> [EvidenceScorer.Contribution] {
        let (segment, local) = places.locate(passage)
        return scorers[segment].explain(local)
    }

    /// The score that a text of its own would have.
    package func score(tokens: [Int32]) -> Float { scorers.first?.score(tokens: tokens) ?? 0 }
}
