import Memory
import Search

/// Evidence over a floor: `score(d) = floor(d) + sum of r(n, C) w(n)`.
extension NgramEvidence {
    /// The best `k` of the passages that hold a rare key or are among the floor's best `fullScore`: score falling, then passage
    /// rising.
    ///
    /// The first `k` of the floor are read first: the last of them is no better than the last of the result. Of the others those
    /// are read whose bound reaches it, which is the floor and the weights of all keys that may be there. So the result is exact,
    /// and the same on any number of threads and however the corpus is cut.
    package func search(_ k: Int, over floor: TermFloor, filter: PassageFilter = .all, threads: Int = 1)
        -> [ScoredPassage]
    {
        guard k > 0, let options = scorers.first?.options else { return [] }
        let reach = max(k, options.fullScore)
        let grounded = floor.search.best(reach, filter, threads: threads)
        // What is not among them has no higher floor.
        let least = grounded.count < reach ? 0 : grounded.last?.score ?? 0
        var known = [[Int32: Float]](repeating: [:], count: scorers.count)
        var first = [[Int32]](repeating: [], count: scorers.count)
        for (rank, item) in grounded.enumerated() {
            let (segment, local) = places.locate(item.passage)
            known[segment][local] = item.score
            if rank < k { first[segment].append(local) }
        }
        let begun = read(first, floor, threads)
        let best = places.merged(begun, k: k)
        let threshold = best.count < k ? -.infinity : best.last?.score ?? -.infinity
        let (floors, wereRead) = (known, first)
        let others = Parallel.map(count: scorers.count, threads: threads) { segment in
            let done = Set(wereRead[segment])
            return scorers[segment].bounds(over: floors[segment], least: least)
                .filter { $0.score >= threshold && !done.contains($0.id) }.map(\.id)
        }
        let rest = read(others, floor, threads)
        return places.merged(zip(begun, rest).map { ($0 + $1).sorted(by: Scored.precedes) }, k: k)
    }

    /// The score of a passage, whether it was found or not.
    package func score(of passage: PassageIndex, over floor: TermFloor) -> Float {
        let (segment, local) = places.locate(passage)
        return floor.search.queries[segment].score(of: local) + scorers[segment].increments(of: local)
    }

    /// The scores of passages, each segment's in order.
    private func read(_ passages: [[Int32]], _ floor: TermFloor, _ threads: Int) -> [[Scored<Int32>]] {
        bySegment(threads) { scorer, segment, workspace in
            passages[segment].map { local in
                Scored(
                    local, score: floor.search.queries[segment].score(of: local) + scorer.score(local, &workspace, nil))
            }.filter { $0.score > 0 }.sorted(by: Scored.precedes)
        }
    }
}

extension EvidenceScorer {
    /// What the keys add to a passage.
    func increments(of local: Int32) -> Float {
        var workspace = makeWorkspace()
        return score(local, &workspace, nil)
    }

    /// What no score exceeds of the passages that hold a rare key or whose floor is known.
    ///
    /// - Parameter least: what no floor that is not known exceeds.
    fileprivate func bounds(over floors: [Int32: Float], least: Float) -> [Scored<Int32>] {
        // Sums in another order differ in their last bits.
        let tolerance: Float = 1.0001
        let frequent = keys.indices.filter { occurrences[$0] > options.maxHits }.reduce(Float(0)) {
            $0 + keys[$1].weight
        }
        var rest = floors
        var all = weightBounds().map { item in
            Scored(item.id, score: ((rest.removeValue(forKey: item.id) ?? least) + item.score + frequent) * tolerance)
        }
        for (local, floor) in rest { all.append(Scored(local, score: (floor + frequent) * tolerance)) }
        return all
    }
}
