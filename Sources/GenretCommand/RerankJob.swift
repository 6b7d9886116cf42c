import Corpora
import Foundation
import Memory
import Rerankers

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
        var digest = lists.queries.map { query in
            let list = (lists.first.results[query.id] ?? []).map { "\($0.passage.string) \($0.score)" }
            return ([query.id.string, query.text] + list).joined(separator: "\n")
        }.joined(separator: "\n\n").hashed
        digest = "\(spec) \(depth) \(budget) \(seed) \(identity) \(digest)"
        return digest
    }
}

extension String {
    /// FNV-1a, 64 bits: tells apart what is not the same, and nothing else.
    fileprivate var hashed: String {
        String(utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }, radix: 16)
    }
}

/// The queries that a job has done, a line of JSON each, in a file that goes when the job is done.
final class RerankJournal {
    struct Line: Codable {
        struct Entry: Codable {
            var id: String
            var score: Double
        }

        var query: String
        var entries: [Entry]
        var cost: RerankCost
    }

    private(set) var known: [String: Line] = [:]
    private let path: String
    private let file: FileHandle

    /// Opens a journal, or begins one: another job's is an error.
    init(_ path: String, of header: String) throws {
        self.path = path
        let manager = FileManager.default
        if let bytes = manager.contents(atPath: path) {
            let lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: true)
            guard lines.first.map({ String(decoding: $0, as: UTF8.self) }) == header else {
                throw ErrorMessage.Failure(
                    sentence: "\(path): the journal of another job; finish that one, or remove the file")
            }
            for line in lines.dropFirst() {
                // The last line may have been cut short.
                guard let line = try? JSONDecoder().decode(Line.self, from: Data(line)) else { continue }
                known[line.query] = line
            }
        } else {
            let folder = URL(filePath: path).deletingLastPathComponent()
            try? manager.createDirectory(at: folder, withIntermediateDirectories: true)
            guard manager.createFile(atPath: path, contents: Data((header + "\n").utf8)) else {
                throw CorpusError.unwritable(path: path, reason: String(cString: strerror(errno)))
            }
        }
        guard let file = FileHandle(forUpdatingAtPath: path) else {
            throw CorpusError.unwritable(path: path, reason: String(cString: strerror(errno)))
        }
        self.file = file
        let end = try file.seekToEnd()
        if end > 0 {
            try file.seek(toOffset: end - 1)
            if try file.read(upToCount: 1) != Data([0x0A]) { try file.write(contentsOf: Data([0x0A])) }
        }
    }

    func add(_ query: String, _ list: [TRECRun.Entry], _ cost: RerankCost) throws {
        let line = Line(query: query, entries: list.map { .init(id: $0.passage.string, score: $0.score) }, cost: cost)
        try file.write(contentsOf: JSONEncoder().encode(line) + [0x0A])
    }
}
