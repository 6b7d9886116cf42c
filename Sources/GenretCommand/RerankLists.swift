import Corpora
import Engine
import Foundation
import Memory
import Rerankers
import Search

/// The lists of queries that are ordered anew, with their texts.
struct RerankLists {
    let queries: [Corpora.Query]
    /// The lists as they came.
    private(set) var first = TRECRun(tag: "first")
    private let texts: (_ ids: [Identifier]) throws -> [String?]
    /// What the texts are of, in messages.
    private let source: String

    init(
        index: String?, corpus: String?, given: TRECRun?, queries: [Corpora.Query], depth: Int, hits: Int = 1,
        threads: Int = 1
    ) throws {
        self.queries = given.map { given in queries.filter { given.results[$0.id] != nil } } ?? queries
        guard !self.queries.isEmpty else {
            throw ErrorMessage.Failure(
                sentence:
                    "none of the queries is in the run; its first is \(given?.queryIDs.first?.string ?? "")"
            )
        }
        if let given {
            for query in self.queries { first.set(given.results[query.id] ?? [], query: query.id) }
        }
        source = index ?? corpus ?? ""
        if let index {
            let engine = try Engine.open(index, threads: threads, waitsForChecks: true)
            texts = { ids in
                try engine.passages(ids: ids.map(\.string)).map {
                    $0.map { RerankCandidate(id: "", title: $0.title, text: $0.text).text }
                }
            }
            guard given == nil else { return }
            for query in self.queries {
                first.set(try Self.search(engine, query.text, hits: hits), query: query.id)
            }
        } else {
            let known = try Self.read(corpus ?? "", first, depth: depth)
            texts = { ids in ids.map { known[$0] } }
        }
    }

    /// An index's own list; an empty query has an empty one.
    private static func search(_ engine: Engine, _ query: String, hits: Int) throws(EngineError) -> [TRECRun.Entry] {
        do {
            return try engine.rank(query, hits: hits).hits.map {
                TRECRun.Entry(passage: Identifier($0.id), score: Double($0.score))
            }
        } catch {
            guard case .emptyQuery = error else { throw error }
            return []
        }
    }

    /// The texts of a corpus that the first of a run's lists name.
    private static func read(_ path: String, _ run: TRECRun, depth: Int) throws -> [Identifier: String] {
        let wanted = Set(run.results.values.flatMap { $0.prefix(depth).map(\.passage) })
        var texts: [Identifier: String] = [:]
        var reader = try CorpusReader(path: path)
        while let passage = try reader.next() {
            let id = Identifier(passage.id)
            if wanted.contains(id) {
                texts[id] = RerankCandidate(id: "", title: passage.title, text: passage.text).text
            }
        }
        return texts
    }

    /// The first of a query's list, with texts.
    func candidates(of query: Corpora.Query, depth: Int) throws -> [RerankCandidate] {
        let entries = Array((first.results[query.id] ?? []).prefix(depth))
        return try zip(entries, texts(entries.map(\.passage))).map { entry, text in
            guard let text else {
                throw ErrorMessage.Failure(
                    sentence:
                        "\(source): it has no passage \"\(entry.passage.string)\", which the run names for the query \(query.id.string)"
                )
            }
            return RerankCandidate(id: entry.passage.string, text: text, firstScore: entry.score)
        }
    }

    /// A query's list after reranking: scores fall strictly, so that every reader of a run keeps the order.
    func list(_ outcome: RerankOutcome, of query: Corpora.Query) -> [TRECRun.Entry] {
        let entries = first.results[query.id] ?? []
        var last = Double.infinity
        func entry(_ place: Int, _ score: Double?) -> TRECRun.Entry {
            let wanted = score ?? (last.isFinite ? last - 1 : 0)
            // Runs are also read in single precision.
            last = wanted < last && Float(wanted) < Float(last) ? wanted : Double(Float(last).nextDown)
            return TRECRun.Entry(passage: entries[place].passage, score: last)
        }
        return outcome.entries.map { entry($0.place, $0.score) }
            + entries.indices.dropFirst(outcome.entries.count).map { entry($0, nil) }
    }
}

/// Texts to order that stand in a file of their own.
enum RerankDocuments {
    private struct Document: Decodable {
        var id: String?
        var _id: String?
        var docid: String?
        var title: String?
        var text: String
    }

    /// A text's new place, as reranking services say it.
    struct Line: Encodable {
        var index: Int
        var id: String
        var score: Double?

        private enum CodingKeys: String, CodingKey {
            case index, id
            case score = "relevance_score"
        }
    }

    static func read(_ path: String) throws -> [RerankCandidate] {
        var candidates: [RerankCandidate] = []
        for (number, line) in try TextLines.read(path).enumerated() where !line.allSatisfy(\.isWhitespace) {
            guard line.first == "{" else {
                candidates.append(RerankCandidate(id: "\(number + 1)", text: line))
                continue
            }
            guard let document = try? JSONDecoder().decode(Document.self, from: Data(line.utf8)) else {
                throw ErrorMessage.Failure(sentence: "\(path):\(number + 1): no JSON object with a text")
            }
            candidates.append(
                RerankCandidate(
                    id: document.id ?? document._id ?? document.docid ?? "\(number + 1)", title: document.title ?? "",
                    text: document.text))
        }
        guard !candidates.isEmpty else { throw ErrorMessage.Failure(sentence: "\(path): there is no text in it") }
        return candidates
    }
}
