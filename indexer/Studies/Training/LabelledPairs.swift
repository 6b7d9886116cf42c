import Corpora
import Foundation
import Storage

/// Files of queries and judgements that docids are learnt from: never those that a study measures with.
package struct LabelledPairs: Sendable {
    package let queries: String
    package let qrels: String

    package init(queries: String, qrels: String) { (self.queries, self.qrels) = (queries, qrels) }

    /// SHA-256 over what is learnt, whatever the order of the files.
    ///
    /// - Throws: `CorpusError` where a file cannot be read; ``StudyError/option(_:)`` where a query is also measured.
    func digest(without measured: [Query]) throws -> String {
        let judgements = try Qrels.read(path: qrels)
        let held = Set(measured.map(\.id))
        var hash = SHA256()
        for query in try Queries.read(path: queries).sorted(by: { $0.id < $1.id }) {
            let relevant = judgements.judgements(of: query.id).filter { $0.grade > 0 }.map(\.passage).sorted()
            guard !relevant.isEmpty else { continue }
            guard !held.contains(query.id) else {
                throw StudyError.option(
                    "\(qrels): judges query \(query.id), which the study measures with; expected other queries to learn from"
                )
            }
            hash.update("\(query.id)\0\(query.text)\0")
            for passage in relevant { hash.update("\(passage)\0") }
        }
        return hash.hex()
    }
}
