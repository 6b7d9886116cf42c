import Foundation
import Rerankers
import Testing

/// Methods against implementations that share nothing with them: Fixtures/make_reranker_fixture.py.
@Suite("Rerankers, against their papers written out") struct ReferenceTests {
    private struct Case: Decodable {
        var query: String
        var passages: [String]
        var scores: [String: [Double]]
        var orders: [String: [Int]]
    }

    private static let cases = Result {
        try JSONDecoder().decode(
            [Case].self, from: Data(contentsOf: TinyChat.folder.appending(path: "rerankers.json")))
    }

    private func outcome(_ method: String, _ item: Case) throws -> RerankOutcome {
        let candidates = item.passages.enumerated().map { RerankCandidate(id: "\($0)", text: $1) }
        return try TinyChat.method(method).rerank(item.query, candidates, RerankWork())
    }

    @Test(
        "The same scores",
        arguments: [
            "yesno", "yesno,calibrate=false", "prorank", "graded", "likelihood", "pairwise,strategy=all", "first",
            "attention",
            "attention,heads=0.1+1.3",
        ])
    func scores(method: String) throws {
        var compared = 0
        for item in try Self.cases.get() {
            guard let expected = item.scores[method] else { continue }
            let outcome = try outcome(method, item)
            for entry in outcome.entries {
                let score = try #require(entry.score)
                #expect(
                    abs(score - expected[entry.place]) < 1e-4, "\(item.query) \(entry.place): \(score), \(expected)")
                compared += 1
            }
            // By the reference's scores; none of the fixture's are nearer than the tolerance.
            let order = expected.indices.sorted { (expected[$0], $1) > (expected[$1], $0) }
            #expect(outcome.entries.map(\.place) == order)
        }
        #expect(compared >= 12)
    }

    @Test(
        "The same orders",
        arguments: [
            "pairwise,top=3", "setwise,top=4", "setwise,children=2,top=2", "first,window=4,stride=2", "permutation",
            "reasoning,reasoningTokens=6,top=3", "reasoning,reasoningTokens=0,children=2,top=2",
        ])
    func orders(method: String) throws {
        for item in try Self.cases.get() {
            guard let expected = item.orders[method] else { continue }
            #expect(try outcome(method, item).entries.map(\.place) == expected, "\(item.query)")
        }
    }

    /// Groups, by `first` over each of them, which is compared above.
    @Test("Groups are means over random groups, until the order is sure") func groups() throws {
        for (number, item) in try Self.cases.get().enumerated() {
            let (size, rounds, seed) = (3, 4, UInt64(number + 1))
            let candidates = item.passages.enumerated().map { RerankCandidate(id: "\($0)", text: $1) }
            let first = try TinyChat.method("first,calibrate=true,window=\(size)")
            let outcome = try TinyChat.method("group,group=\(size),permutations=\(rounds)").rerank(
                item.query, candidates, RerankWork(seed: seed))
            let drawing = RerankWork(seed: seed)
            var found = [[Double]](repeating: [], count: candidates.count)
            rounds: for _ in 0..<rounds {
                let order = candidates.indices.shuffled(using: &drawing.random)
                for start in stride(from: 0, to: order.count, by: size) {
                    let group = Array(order[start..<min(order.count, start + size)])
                    guard group.count > 1 else { continue }
                    let own = try first.rerank(item.query, group.map { candidates[$0] }, RerankWork())
                    for entry in own.entries { found[group[entry.place]].append(try #require(entry.score)) }
                }
                // Sure where each passage was seen twice and neighbours differ by two standard errors.
                guard found.allSatisfy({ $0.count > 1 }) else { continue }
                let sorted = found.map { values -> (mean: Double, error: Double) in
                    let mean = values.reduce(0, +) / Double(values.count)
                    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count - 1)
                    return (mean, variance / Double(values.count))
                }.sorted { $0.mean > $1.mean }
                if zip(sorted, sorted.dropFirst()).allSatisfy({
                    $0.mean - $1.mean > 2 * ($0.error + $1.error).squareRoot()
                }) {
                    break rounds
                }
            }
            for entry in outcome.entries where entry.isReached {
                let values = found[entry.place]
                #expect(abs((entry.score ?? .nan) - values.reduce(0, +) / Double(values.count)) < 1e-6)
            }
            #expect(outcome.entries.count(where: \.isReached) == found.count { !$0.isEmpty })
        }
    }
}
