import Engine
import Foundation
import Ranking

/// Answers as JSON.
struct ResultJSON: Encodable {
    struct Part: Encodable {
        var rank: Int?
        var score: Float?
        var contribution: Float
    }

    struct Rerank: Encodable {
        var logLikelihood: Float?
        var interaction: Float?
        var contribution: Float
    }

    struct Candidate: Encodable {
        var rank: Int
        var docid: String
        var score: Float
        var title: String
        var text: String
        var snippet: String
        /// UTF-8 byte ranges of the snippet.
        var matches: [[Int]]
        var retrievers: [String: Part]
        var rerank: Rerank?
        var keys: [Explanation.KeyEvidence]?
        var path: [Explanation.DocidStep]?
    }

    struct Query: Encodable { var text: String }

    var query: Query
    var candidates: [Candidate]
    var milliseconds: Double

    init(_ result: SearchResult, _ hits: [PresentedHit]) {
        query = Query(text: result.query)
        milliseconds = 1000 * result.diagnostics.seconds
        candidates = hits.map { item in
            Candidate(
                rank: item.hit.rank, docid: item.hit.id, score: item.hit.score, title: item.title,
                text: item.text, snippet: item.snippet.text,
                matches: item.snippet.matches.map { [$0.lowerBound, $0.upperBound] },
                retrievers: Dictionary(
                    uniqueKeysWithValues: item.hit.parts.map {
                        ($0.kind.rawValue, Part(rank: $0.rank, score: $0.score, contribution: $0.contribution))
                    }),
                rerank: item.hit.rerank.map {
                    Rerank(
                        logLikelihood: $0.signals?.logLikelihood, interaction: $0.signals?.interaction,
                        contribution: $0.contribution)
                },
                keys: item.explanation?.keys, path: item.explanation?.docid)
        }
    }

    func text(isLine: Bool = false) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if !isLine { encoder.outputFormatting.insert(.prettyPrinted) }
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
