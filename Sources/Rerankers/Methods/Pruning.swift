/// Which of a list's passages are worth scoring by a method that looks at each alone, after candidate pruning and early exit (Martinico et
/// al. 2025).
struct Pruning: Sendable {
    /// Those whose first score lies further below the best than this share of all scores' range are left out; nil leaves none out.
    var alpha: Double?
    /// Ends after so many passages in a row that did not enter the best; nil goes through all.
    var patience: Int?
    /// Of the best.
    var top = 10

    init(_ options: RerankOptions) {
        (alpha, patience, top) = (options.alpha, options.patience, options.top ?? 10)
    }

    /// How many of the first candidates are looked at at all: at least the best few.
    func reach(_ candidates: [RerankCandidate]) -> Int {
        let scores = candidates.compactMap(\.firstScore)
        guard let alpha, scores.count == candidates.count, let most = scores.max(), let least = scores.min() else {
            return candidates.count
        }
        let worth = scores.prefix { most - $0 <= alpha * (most - least) }.count
        return min(candidates.count, max(worth, top))
    }

    /// Scores passages, some at a time, until the rest is not worth it or the budget ends.
    ///
    /// - Parameters:
    ///   - batch: passages that are scored together.
    ///   - score: scores of a part of the list.
    /// - Returns: scores of the first passages.
    func scores(
        _ candidates: [RerankCandidate], batch: Int, _ work: RerankWork, _ score: (Range<Int>) throws -> [Double]
    ) throws -> [Double] {
        let reach = reach(candidates)
        var (scores, best, idle): ([Double], [Double], Int) = ([], [], 0)
        // What ends early must look at each before the next.
        let step = patience != nil || work.isBounded ? 1 : batch
        try work.whileBudgetLasts {
            for first in stride(from: 0, to: reach, by: step) {
                let own = try score(first..<min(reach, first + step))
                scores += own
                guard let patience, let last = own.last else { continue }
                if best.count < top || last > best[best.count - 1] {
                    best = Array((best + [last]).sorted(by: >).prefix(top))
                    idle = 0
                } else {
                    idle += 1
                    if idle >= patience { return }
                }
            }
        }
        return scores
    }
}
