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
        ])
    func orders(method: String) throws {
        for item in try Self.cases.get() {
            guard let expected = item.orders[method] else { continue }
            #expect(try outcome(method, item).entries.map(\.place) == expected, "\(item.query)")
        }
    }
}
