import Corpora
import Foundation
import Testing

/// What trec_eval and scipy say, written by `Fixtures/make_trec_eval_fixture.py`.
struct Fixture: Decodable {
    struct Case: Decodable {
        let level: Int
        let qrels: [String: [String: Int]]
        let run: [String: [String: Double]]
        let expected: [String: [String: Double]]

        var judgements: Qrels {
            var result = Qrels()
            for (query, grades) in qrels.sorted(by: { $0.key < $1.key }) {
                for (passage, grade) in grades {
                    result.set(grade, query: Identifier(query), passage: Identifier(passage))
                }
            }
            return result
        }

        var ranking: TRECRun {
            var result = TRECRun(tag: "fixture")
            for (query, scores) in run.sorted(by: { $0.key < $1.key }) {
                result.set(scores.map { .init(passage: Identifier($0.key), score: $0.value) }, query: Identifier(query))
            }
            return result
        }
    }

    struct Sample: Decodable {
        let first: [Double]
        let second: [Double]
        let t: Double
        let p: Double
        let permutation: Double
    }

    struct Student: Decodable {
        let t: Double
        let degrees: Int
        let p: Double
    }

    let cases: [Case]
    let samples: [Sample]
    let students: [Student]

    static func load() throws -> Fixture {
        let folder = try #require(Bundle.module.url(forResource: "Fixtures", withExtension: nil))
        let data = try Data(contentsOf: folder.appendingPathComponent("trec_eval.json"))
        return try JSONDecoder().decode(Fixture.self, from: data)
    }
}
