import Search
import TestSupport
import Testing

@Suite struct TopKTests {
    private func sorted(_ items: [ScoredPassage]) -> [ScoredPassage] {
        items.sorted { ($0.score, $1.passage) > ($1.score, $0.passage) }
    }

    @Test("The kept are those that sorting puts first", arguments: [0, 1, 2, 7, 64, 500])
    func matchesSorting(capacity: Int) {
        var random = SeededGenerator(seed: UInt64(capacity))
        for round in 0..<60 {
            // Few distinct scores, so that most are ties; offered in any order.
            let levels = [1, 3, 10, 1000][round % 4]
            let items = (0..<Int32(Int.random(in: 0...300, using: &random))).map {
                Scored(PassageIndex($0), score: Float(Int.random(in: -levels...levels, using: &random)))
            }.shuffled(using: &random)
            var top = TopK<PassageIndex>(capacity: capacity)
            for item in items {
                let before = top.threshold
                top.offer(item)
                // Nothing that the threshold excludes gets in.
                if item.score < before { #expect(!top.sorted().contains(item)) }
            }
            #expect(top.sorted() == Array(sorted(items).prefix(capacity)))
        }
    }

    @Test("The best of a score for every passage") func best() {
        var random = SeededGenerator(seed: 3)
        for _ in 0..<60 {
            let scores = (0..<Int.random(in: 0...200, using: &random)).map { _ -> Float in
                [-.infinity, 0, -1, Float(Int.random(in: 1...5, using: &random))].randomElement(using: &random) ?? 0
            }
            let all = scores.enumerated().map { Scored(PassageIndex($0.offset), score: $0.element) }
            let finite = all.filter { $0.score > -.infinity }
            for k in [0, 1, 10, 500] {
                #expect(TopK.best(k, of: scores) == Array(sorted(finite).prefix(k)))
            }
        }
    }
}
