import Ranking
import Search
import TestSupport
import Testing

@Suite struct WeightedTermsTests {
    private static let words = ["cat", "dog", "berry", "river", "stone", "rainbow"]

    @Test("A query's own terms with their counts score as its text does, to the last bit")
    func counted() throws {
        let index = try SparseCorpus(passages: 200, words: Self.words, seed: 3).index()
        for text in ["cat", "cat dog cat", "zebra river stone stone", "zebra", ""] {
            let terms = WeightedTerms(counting: TermAnalyzer().terms(of: text))
            let counted = SparseTerms(terms, in: [index])
            let plain = SparseTerms(text, in: [index])
            let queries = [counted, plain].map { SparseQuery($0, segment: 0, of: index, parameters: .init()) }
            #expect(queries[0].ceiling == queries[1].ceiling)
            #expect(queries[0].scores() == queries[1].scores() && queries[0].best(20) == queries[1].best(20))
        }
    }

    @Test("Scores are the weighted sum of the terms' own") func weighted() throws {
        let corpus = SparseCorpus(passages: 300, words: Self.words, isSkewed: true, seed: 5)
        let index = try corpus.index()
        var random = SeededGenerator(seed: 9)
        for _ in 0..<20 {
            let items = (Self.words + ["zebra"]).filter { _ in random.unit() < 0.6 }
                .map { WeightedTerms.Term($0, weight: Float(random.unit() * 3)) }
            var expected = [Double](repeating: 0, count: 300)
            for item in items {
                for (place, score) in corpus.naive(item.term, k1: 0.9, b: 0.4).enumerated() {
                    expected[place] += Double(item.weight) * score
                }
            }
            let query = SparseQuery(
                SparseTerms(WeightedTerms(items), in: [index]), segment: 0, of: index, parameters: .init())
            #expect(zip(query.scores(), expected).allSatisfy { abs(Double($0) - $1) < 1e-4 })
            #expect(query.scores().allSatisfy { $0 <= query.ceiling * 1.0001 })
            let order = query.scores().enumerated().filter { $0.element > 0 }
                .sorted { ($0.element, $1.offset) > ($1.element, $0.offset) }.prefix(7)
            #expect(query.best(7).map { Int($0.id) } == order.map(\.offset))
            for part in query.explain(Int32(order.first?.offset ?? 0)) {
                #expect(part.weight == items.first { $0.term == part.term }?.weight)
            }
        }
    }

    @Test("New terms follow the query's own, the heaviest first; what weighs nothing is left out") func reweighted() {
        let terms = WeightedTerms(counting: ["b", "a", "b"])
        #expect(terms.terms == [.init("b", weight: 2), .init("a", weight: 1)])
        let changed = terms.reweighted(["a": 0.5, "b": -1, "d": 0.25, "c": 0.25, "e": 3, "f": 0])
        #expect(
            changed.terms == [
                .init("a", weight: 0.5), .init("e", weight: 3), .init("c", weight: 0.25), .init("d", weight: 0.25),
            ])
        #expect(changed.weight(of: "e") == 3 && changed.weight(of: "b") == 0)
    }
}
