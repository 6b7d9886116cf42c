/// Gives the best of a fusion better scores, where retrievers compared queries with what only stands in for a passage.
public protocol ScoreRefiner: Sendable {
    /// Better scores of passages by one retriever's measure.
    ///
    /// - Returns: for each passage, nil where its score is as good as it gets.
    func scores(of passages: [PassageIndex], for query: Query) throws -> [Float?]

    /// What takes the place of a list's evidence of the same name, where some passages' scores were refined; nil for none.
    func evidence(refined: Set<PassageIndex>) -> (any Evidence)?
}

extension ScoreRefiner {
    public func evidence(refined: Set<PassageIndex>) -> (any Evidence)? { nil }
}

/// Refines the scores of a fusion's best, before everything is fused again.
///
/// What is not among them keeps its order below them: the scores of others are lowered alike, by as little as that takes. A score that
/// only stands in for a better one is no reason to pass what is known better.
public struct RefineStage: Sendable {
    public var refiner: any ScoreRefiner
    /// How many of the fusion's best.
    public var depth: Int

    public init(_ refiner: any ScoreRefiner, depth: Int) { (self.refiner, self.depth) = (refiner, depth) }

    /// Changes the scores of all lists whose scores are of the refiner's measure, and the lists' order by them.
    ///
    /// - Returns: how many passages were refined.
    func apply(to lists: inout [RankedList], _ fusion: Fusion, for query: Query) throws -> Int {
        let refinable = lists.indices.filter { lists[$0].isRefinable && fusion.weight(of: lists[$0], among: lists) > 0 }
        guard !refinable.isEmpty else { return 0 }
        let best = fusion.fuse(lists).prefix(depth).map(\.passage)
        var refined: [PassageIndex: Float] = [:]
        for (passage, score) in zip(best, try refiner.scores(of: best, for: query)) { refined[passage] = score }
        guard !refined.isEmpty else { return 0 }
        let evidence = refiner.evidence(refined: Set(refined.keys))
        for place in refinable {
            lists[place].refine(refined)
            if let evidence, lists[place].evidence?.name == evidence.name { lists[place].evidence = evidence }
        }
        let excess = excess(lists, fusion, best: Set(best))
        // A list that knows no score below its end cannot tell the best there from others.
        let lowered = refinable.filter { lists[$0].exactScore != nil }
        let weight = lowered.reduce(Float(0)) { sum, place in
            sum + fusion.weight(of: lists[place], among: lists) / (lists.count == 1 ? 1 : lists[place].ceiling)
        }
        guard excess > 0, weight > 0 else { return refined.count }
        for place in lowered { lists[place].lower(by: excess / weight, but: Set(best)) }
        return refined.count
    }

    /// By how much the best of the others is above the worst of the best; a hair more, for what rounding makes of it.
    private func excess(_ lists: [RankedList], _ fusion: Fusion, best: Set<PassageIndex>) -> Float {
        guard fusion.method == .weighted || lists.count == 1 else { return 0 }
        let fused = fusion.fuse(lists)
        guard let least = fused.last(where: { best.contains($0.passage) })?.score,
            let most = fused.first(where: { !best.contains($0.passage) })?.score, most >= least
        else { return 0 }
        return (most - least) * (1 + 1e-4) + 1e-6
    }
}

extension RankedList {
    /// Puts better scores in the place of those that some passages have, or would have; a list that knows no score below its end gets
    /// the passages that it lacks.
    mutating func refine(_ refined: [PassageIndex: Float]) {
        if exactScore == nil {
            let known = Set(passages.map(\.id))
            passages += refined.filter { !known.contains($0.key) }.map { Scored($0.key, score: $0.value) }
        }
        change { refined[$0] ?? $1 }
    }

    /// Lowers all scores but some, also those that passages outside of the list would have.
    mutating func lower(by difference: Float, but kept: Set<PassageIndex>) {
        change { kept.contains($0) ? $1 : $1 - difference }
    }

    private mutating func change(_ score: @escaping @Sendable (PassageIndex, Float) -> Float) {
        for place in passages.indices { passages[place].score = score(passages[place].id, passages[place].score) }
        passages.sort { Scored.precedes($0, $1) }
        if let exact = exactScore { exactScore = { score($0, exact($0)) } }
    }
}
