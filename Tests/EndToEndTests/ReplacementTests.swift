import BuiltTool
import Foundation
import Memory
import Synchronization
import TestSupport
import Testing

/// Processes that read an index while others replace or change it.
@Suite struct ReplacementTests {
    private let folder: TemporaryFolder
    private let index: String

    init() throws {
        folder = try TemporaryFolder()
        index = folder.path("bread.genret")
    }

    /// A corpus in which every text names its edition, and so does every answer.
    private func corpus(_ edition: String, passages: Int) throws -> String {
        let file = folder.path(edition + ".jsonl")
        let lines = (0..<passages).map {
            "{\"_id\": \"\(edition)-\($0)\", \"title\": \"Bread \($0)\", \"text\": \"Bread number \($0) of the \(edition) edition.\"}\n"
        }
        try Data(lines.joined().utf8).write(to: URL(filePath: file))
        return file
    }

    private func build(_ corpus: String) throws {
        try Tool.run("index", corpus, "-o", index, "--no-encoder", "--pseudo-queries", "0", "-q", "--force")
            .requireSuccess()
    }

    /// An answer's JSON without its time.
    private func answer() throws -> String {
        let found = try Tool.run("query", index, "which bread is number 3", "--json", "--hits", "5")
        guard found.code == 0, found.errors.isEmpty else { throw Tool.Failure("\(found.code): \(found.errors)") }
        return found.output.replacing(/"milliseconds" : [0-9.e-]+/, with: "")
    }

    @Test("Eight readers get the answers of one state or the other while the index is replaced twenty times")
    func readers() throws {
        let corpora = [try corpus("first", passages: 30), try corpus("second", passages: 40)]
        let states = try corpora.reversed().map { corpus in
            try build(corpus)
            return try answer()
        }
        #expect(states[0] != states[1])
        let isDone = Atomic<Bool>(false)
        let faults = Mutex<[String]>([])
        let reads = Mutex([0, 0])
        Parallel.forEach(count: 9, threads: 9) { worker in
            do {
                guard worker == 0 else {
                    while !isDone.load(ordering: .acquiring) {
                        let answer = try answer()
                        guard let state = states.firstIndex(of: answer) else {
                            faults.withLock { $0.append("mixed: \(answer)") }
                            continue
                        }
                        reads.withLock { $0[state] += 1 }
                    }
                    return
                }
                defer { isDone.store(true, ordering: .releasing) }
                for generation in 1...20 { try build(corpora[generation % 2]) }
            } catch {
                faults.withLock { $0.append("\(worker == 0 ? "writer" : "reader"): \(error)") }
            }
        }
        #expect(faults.withLock { $0 } == [])
        let counts = reads.withLock { $0 }
        #expect(counts[0] > 0 && counts[1] > 0)
        try Tool.run("inspect", index, "--verify").requireSuccess()
    }

    @Test(
        "A second writer is refused with one sentence, and the first ends as if alone",
        arguments: [
            ["part", "remove", "INDEX", "docids"], ["queries", "make", "INDEX", "--maker", "title", "-q"],
            ["index", "CORPUS", "-o", "INDEX", "--no-encoder", "-q", "--force"],
            ["part", "estimate", "INDEX", "fusion", "-q"],
        ])
    func writers(command: [String]) throws {
        let other = try corpus("first", passages: 30)
        try build(other)
        let first = try Tool.process(["index", Tool.sample, "-o", index, "--no-encoder", "-q", "--force"])
        first.standardOutput = FileHandle.nullDevice
        try first.run()
        // It says in the lock that it holds it.
        while first.isRunning, (try? Data(contentsOf: URL(filePath: index + "/.lock")))?.isEmpty ?? true { usleep(200) }
        kill(first.processIdentifier, SIGSTOP)
        defer { kill(first.processIdentifier, SIGCONT) }
        let second = try Tool.run(command.map { ["INDEX": index, "CORPUS": other][$0] ?? $0 })
        #expect(second.code == 1 && second.output.isEmpty)
        #expect(
            second.errors
                == "genret: \(index): another process (\(first.processIdentifier)) is changing this index; try again when it has ended\n"
        )
        // Readers are not kept waiting.
        #expect(try answer().contains("first-3"))
        kill(first.processIdentifier, SIGCONT)
        first.waitUntilExit()
        #expect(first.terminationStatus == 0)
        try Tool.run("inspect", index, "--verify").requireSuccess()
        #expect(try Tool.run("query", index, "sourdough starter").requireSuccess().output.contains("sourdough-starter"))
    }
}
