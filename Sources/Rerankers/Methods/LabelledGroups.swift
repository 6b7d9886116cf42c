import Foundation
import Memory

/// Groups of passages in one prompt, each with a letter: how probable each letter is as the answer.
struct LabelledGroups: Sendable {
    let asker: PromptAsker
    let calibrates: Bool
    let permutations: Int
    /// The most passages of a group.
    let size: Int

    init(
        _ model: PromptedModel, _ prompt: RerankPrompt, size: Int, calibrates: Bool, permutations: Int = 1,
        _ options: RerankOptions
    ) throws {
        let labels = options.prompt?.labels ?? PassageLabels.letters
        guard size <= labels.count else {
            throw RerankMethods.Fault.range("the number of passages in a prompt", expected: "at most \(labels.count)")
        }
        asker = try PromptAsker(
            model, prompt, labels: Array(labels.prefix(size)), passages: size, options.without(labelsBeyond: size))
        self.size = size
        self.calibrates = options.calibrate ?? calibrates
        self.permutations = options.permutations ?? permutations
    }

    func asked(_ query: String, _ candidates: [RerankCandidate], _ work: RerankWork) -> Asked {
        Asked(self, query, asker.passages(candidates, work), work)
    }

    /// The groups of one query.
    final class Asked {
        private let groups: LabelledGroups
        private let query: String
        private let passages: [PromptWriter.Passage]
        private let work: RerankWork
        private let reader: PromptReader

        init(_ groups: LabelledGroups, _ query: String, _ passages: [PromptWriter.Passage], _ work: RerankWork) {
            (self.groups, self.query, self.passages, self.work) = (groups, query, passages, work)
            reader = groups.asker.model.reader()
        }

        /// A score for each of a group's passages: the log-probability of its letter among theirs, the mean over orders; calibrated,
        /// less that after a query that says nothing.
        func scores(_ group: [Int]) throws -> [Double] {
            guard group.count > 1 else { return group.map { _ in 0 } }
            var sums = [Double](repeating: 0, count: group.count)
            for round in 0..<groups.permutations {
                let order = round == 0 ? Array(group.indices) : group.indices.shuffled(using: &work.random)
                for (place, score) in zip(order, try scoresInOrder(order.map { group[$0] })) { sums[place] += score }
            }
            return sums.map { $0 / Double(groups.permutations) }
        }

        /// The same for one order, which is shown as it is.
        func scoresInOrder(_ group: [Int]) throws -> [Double] {
            let asker = groups.asker
            let own = group.map { passages[$0] }
            let queries = groups.calibrates ? [query, PromptAsker.contentFreeQuery] : [query]
            let shared = groups.calibrates && asker.asksAfterwards ? group.count + 1 : 1
            let prompts = queries.map { asker.prompt($0, own, labelled: true, shared: shared) }
            let answers = try asker.logits(prompts, count: group.count, reader, work).map(Self.logProbs)
            // No other group begins like this one.
            reader.forget()
            return group.indices.map { answers[0][$0] - (groups.calibrates ? answers[1][$0] : 0) }
        }

        private static func logProbs(_ logits: [Double]) -> [Double] {
            let most = logits.max() ?? 0
            let total = most + log(logits.reduce(0) { $0 + exp($1 - most) })
            return logits.map { $0 - total }
        }
    }
}

extension RerankOptions {
    /// With as many of the prompt's labels as a group has passages.
    fileprivate func without(labelsBeyond count: Int) -> RerankOptions {
        var options = self
        if let labels = prompt?.labels { options.prompt?.labels = Array(labels.prefix(count)) }
        return options
    }
}
