import Corpora
import Foundation
import Storage

/// What a study measures on: a corpus, queries and their judgements.
package struct StudyInput: Sendable {
    /// The corpus as it was named; not standard input, since it is read more than once.
    package let corpus: String
    /// The corpus' name in the report.
    package let name: String
    /// All queries that have a relevant passage by the judgements, in the order of their file.
    package let queries: [Query]
    package private(set) var qrels: Qrels
    /// Queries of the file that no judgement calls anything relevant to; they are left out.
    package let unjudged: Int

    /// - Parameter limit: the most queries; which ones is decided by the seed and their ids alone.
    package init(
        corpus: String, queries: [Query], qrels: Qrels, limit: Int? = nil, seed: UInt64 = 1
    ) throws(StudyError) {
        let judged = queries.filter { qrels.judgements[$0.id]?.values.contains { $0 > 0 } ?? false }
        guard !judged.isEmpty else { throw .noQueries }
        unjudged = queries.count - judged.count
        var kept = judged
        if let limit, limit < kept.count {
            let ranked = judged.map { (rank: SampleRank(seed: seed, id: $0.id.string), query: $0) }
            let last = ranked.map(\.rank).sorted()[limit - 1]
            kept = ranked.filter { $0.rank <= last }.map(\.query)
        }
        self.corpus = corpus
        self.queries = kept
        self.qrels = Self.cut(qrels, to: kept)
        name = URL(filePath: corpus).standardizedFileURL.deletingPathExtension().lastPathComponent
    }

    private init(_ other: StudyInput, queries: [Query]) {
        (corpus, name, unjudged) = (other.corpus, other.name, other.unjudged)
        self.queries = queries
        qrels = Self.cut(other.qrels, to: queries)
    }

    /// The same without queries that nothing in the corpus is relevant to.
    func keeping(_ queries: [Query]) -> StudyInput { StudyInput(self, queries: queries) }

    /// The same with some of the queries, judged by some of the passages.
    func keeping(_ queries: [Query], judged: Set<Identifier>) -> StudyInput {
        var other = StudyInput(self, queries: queries)
        other.qrels = Self.cut(qrels, to: queries, where: judged.contains)
        return other
    }

    /// SHA-256 over the queries and their judgements, whatever the order of the files.
    package var digest: String {
        var hash = SHA256()
        for query in queries.sorted(by: { $0.id < $1.id }) {
            hash.update("\(query.id)\0\(query.text)\0")
            for (passage, grade) in (qrels.judgements[query.id] ?? [:]).sorted(by: { $0.key < $1.key }) {
                hash.update("\(passage)\0\(grade)\0")
            }
        }
        return hash.hex()
    }

    /// Passages with a judgement of any of the queries.
    var judgedPassages: Set<Identifier> { Set(qrels.judgements.values.flatMap(\.keys)) }

    private static func cut(
        _ qrels: Qrels, to queries: [Query], where isThere: (Identifier) -> Bool = { _ in true }
    ) -> Qrels {
        var kept = Qrels()
        for query in queries {
            for (passage, grade) in qrels.judgements(of: query.id) where isThere(passage) {
                kept.set(grade, query: query.id, passage: passage)
            }
        }
        return kept
    }
}
