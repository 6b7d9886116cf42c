import Corpora
import Foundation
import Memory
import Rerankers
import Storage

/// Orders many queries' candidates by one method. What is done is kept in a journal beside the output, so that the same job goes on
/// where it was interrupted.
struct RerankJob {
    let spec: RerankSpec
    let lists: RerankLists
    let depth: Int
    let budget: RerankWork.Budget
    let seed: UInt64
    /// Nil, and "-", keep no journal.
    let output: String?
    /// What else decides the outcome.
    let identity: String
    let monitor: WorkMonitor

    /// - Parameter method: is made when there is anything to do.
    func run(_ method: () throws -> any RerankMethod) throws -> (TRECRun, RerankCost) {
        var run = TRECRun(tag: spec.method)
        var cost = RerankCost()
        let depth = spec.depth ?? depth
        let journal = try journalPath.map { try RerankJournal($0, of: header) }
        let begun = ContinuousClock.now
        var made: (any RerankMethod)?
        for (number, query) in lists.queries.enumerated() {
            if let done = journal?.known[query.id.string] {
                run.set(done.entries.map { .init(passage: Identifier($0.id), score: $0.score) }, query: query.id)
                cost = cost + done.cost
                continue
            }
            try monitor.cancellation.throwIfRaised()
            let method = try made ?? method()
            made = method
            let work = RerankWork(
                budget: budget, seed: seed, query: UInt64(truncatingIfNeeded: number),
                cancellation: monitor.cancellation)
            let candidates = try lists.candidates(of: query, depth: depth)
            let list = lists.list(try method.rerank(query.text, candidates, work), of: query)
            run.set(list, query: query.id)
            cost = cost + work.cost
            try journal?.add(query.id.string, list, work.cost)
            monitor.report(
                WorkProgress(
                    stage: spec.method, fraction: Double(number + 1) / Double(lists.queries.count), count: number + 1,
                    unit: "queries", seconds: (ContinuousClock.now - begun) / .seconds(1),
                    isFinished: number + 1 == lists.queries.count))
        }
        return (run, cost)
    }

    private var journalPath: String? { output.flatMap { $0 == "-" ? nil : $0 + ".journal" } }

    /// Removes the journal of a job whose run is written.
    func forget() {
        if let journalPath { try? FileManager.default.removeItem(atPath: journalPath) }
    }

    /// What a journal must have been made of for its lines to count.
    private var header: String {
        var hash = SHA256()
        for query in lists.queries {
            hash.update("\(query.id)\0\(query.text)\0")
            for entry in lists.first.results[query.id] ?? [] { hash.update("\(entry.passage)\0\(entry.score)\0") }
        }
        return "\(spec) \(depth) \(budget) \(seed) \(identity) \(hash.hex())"
    }
}
