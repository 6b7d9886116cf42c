import Engine
import Foundation
import Ranking
import Search

/// Answers as `--json` prints them: the response's members under the names of Anserini's REST API, with the snippet as
/// a plain text and, when they are asked for, keys and docid path beside it. `--json=v1` prints the response itself.
struct AnswerJSON: Encodable {
    struct Rerank: Encodable {
        var logLikelihood: Float?
        var interaction: Float?
        var contribution: Float
    }

    struct Candidate: Encodable {
        var rank: Int
        var docid: String
        var score: Float
        var title: String?
        var text: String?
        var fields: JSONTree?
        var snippet: String?
        /// UTF-8 byte ranges of the snippet.
        var matches: [[Int]]?
        var retrievers: [ComponentID: SearchResponse.Part]?
        var rerank: Rerank?
        var keys: JSONTree?
        var path: JSONTree?
    }

    var query: SearchResponse.Query
    var candidates: [Candidate]
    var facets: [SearchResponse.Facet]?
    var milliseconds: Double

    init(_ response: SearchResponse) {
        query = response.query
        milliseconds = response.milliseconds
        facets = response.facets
        candidates = response.candidates.map { item in
            Candidate(
                rank: item.rank, docid: item.docid, score: item.score, title: item.title, text: item.text,
                fields: item.fields, snippet: item.snippet?.text, matches: item.matches, retrievers: item.retrievers,
                rerank: item.rerank.map {
                    Rerank(
                        logLikelihood: $0.scores?[LikelihoodReranker.id],
                        interaction: $0.scores?[InteractionReranker.id],
                        contribution: $0.contribution)
                },
                keys: item.explanation.map { $0.details["keys"] ?? .array([]) },
                path: item.explanation.map { $0.details["docid"]?["levels"] ?? .array([]) })
        }
    }

    /// A value's JSON: indented, or on a line.
    static func text(of value: some Encodable, isLine: Bool) throws -> String {
        String(decoding: try JSONTree.bytes(of: value, isIndented: !isLine), as: UTF8.self)
    }
}
