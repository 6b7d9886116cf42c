/// Scores passages in several random groups (GroupRank, 2025, with letters' log-probabilities in the place of written grades): the mean
/// of what a group's answer says of a passage, less what its place says by itself. Rounds end early when the order is sure: when
/// neighbours differ by more than two standard errors.
struct GroupMethod: RerankMethod {
    private let groups: LabelledGroups
    private let rounds: Int

    static let entry = RerankMethods.Entry(
        "group", "random groups, the mean over several rounds",
        ["group", "permutations", "calibrate", "passageTokens", "prompt"]
    ) { model, options in
        var own = options
        own.permutations = nil
        return GroupMethod(
            groups: try LabelledGroups(
                model, FirstTokenMethod.prompt, size: options.group ?? 5, calibrates: true, own),
            rounds: options.permutations ?? 3)
    }

    func rank(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) throws -> [Ranked] {
        let asked = groups.asked(query, candidates, work)
        var tally = [Tally](repeating: Tally(), count: candidates.count)
        try work.whileBudgetLasts {
            for _ in 0..<rounds {
                let order = candidates.indices.shuffled(using: &work.random)
                for first in stride(from: 0, to: order.count, by: groups.size) {
                    let group = Array(order[first..<min(order.count, first + groups.size)])
                    // A group of one would say nothing.
                    for (place, score) in zip(group, try asked.scoresInOrder(group)) where group.count > 1 {
                        tally[place].add(score)
                    }
                }
                if Self.isSure(tally) { return }
            }
        }
        let scored = tally.indices.filter { tally[$0].count > 0 }
        return [Ranked].sorted(scored.map { tally[$0].mean }).map { Ranked(scored[$0.place], $0.score) }
    }

    /// Whether no two neighbours of the order could change places by chance.
    private static func isSure(_ tally: [Tally]) -> Bool {
        guard tally.allSatisfy({ $0.count > 1 }) else { return false }
        let sorted = tally.sorted { $0.mean > $1.mean }
        return zip(sorted, sorted.dropFirst()).allSatisfy { better, worse in
            better.mean - worse.mean > 2 * (better.squaredError + worse.squaredError).squareRoot()
        }
    }

    private struct Tally {
        var count = 0
        private var sum = 0.0
        private var squares = 0.0

        mutating func add(_ value: Double) {
            count += 1
            sum += value
            squares += value * value
        }

        var mean: Double { count > 0 ? sum / Double(count) : 0 }
        /// Of the mean.
        var squaredError: Double {
            let n = Double(count)
            return max(0, squares - sum * sum / n) / (n - 1) / n
        }
    }
}
