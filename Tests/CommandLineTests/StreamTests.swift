import BuiltTool
import Foundation
import Testing

/// Streams that cannot be written, signals, and text that would command a terminal.
@Suite struct StreamTests {
    private static let corpus =
        "{\"_id\": \"a\", \"text\": \"Bread needs flour.\"}\n{\"_id\": \"b\", \"text\": \"Glass is sand.\"}\n"

    /// Runs a line of the shell in which `$G` is the tool.
    private func shell(_ line: String) throws -> Tool.Outcome {
        let process = try Tool.process([])
        let tool = try #require(process.executableURL)
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", line]
        process.environment?["G"] = tool.path
        let (out, err) = (Pipe(), Pipe())
        process.standardOutput = out
        process.standardError = err
        try process.run()
        let output = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let errors = String(decoding: err.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return .init(
            code: process.terminationStatus, exited: process.terminationReason == .exit, output: output, errors: errors)
    }

    private static let hasFull = FileManager.default.fileExists(atPath: "/dev/full")

    @Test(
        "An index is built whatever becomes of what is said", .enabled(if: hasFull, "there is no /dev/full"),
        arguments: [
            "2>/dev/full", "2>&-", ">&- 2>&- <&-", "2> >(true)",
        ])
    func unwritableErrors(redirection: String) throws {
        let corpus = try Tool.write("corpus.jsonl", Self.corpus)
        let place = Tool.fresh("index")
        let outcome = try shell("$G index \(corpus) -o \(place) --no-encoder \(redirection)")
        let losesOutput = redirection.contains(">&- 2")
        #expect(outcome.exited && (outcome.code != 0) == losesOutput, "\(outcome.code)")
        try Tool.run("inspect", place, "--verify").expectSuccess()
    }

    @Test("Output that is lost is a failure", .enabled(if: hasFull, "there is no /dev/full")) func lostOutput() throws {
        let index = try Tool.index.get()
        for command in [
            "query \(index) bread", "inspect \(index)", "--help", "query \(index) bread --json",
            "delete \(index) sourdough-starter --dry-run -q", "sync \(index) \(Tool.sample) --dry-run -q",
            "refresh \(index) --dry-run -q --queries 1", "merge \(index) \(index) -o x --prefer first --dry-run -q",
        ] {
            let full = try shell("$G \(command) >/dev/full")
            #expect(
                full.exited && full.code == 1 && full.errors == "genret: standard output: No space left on device\n",
                "\(command)")
            #expect(try shell("$G \(command) >&-").code == 1)
            #expect(try shell("$G \(command) | true; exit ${PIPESTATUS[0]}").errors.isEmpty)
        }
        #expect(try shell("$G query \(index) bread <&- >/dev/null").code == 0)
        #expect(try shell("$G query \(Tool.fresh("none")) bread 2>/dev/full").code == 3)
    }

    @Test("A reader that goes away is no error that is told") func closedPipe() throws {
        let index = try Tool.index.get()
        // Questions without end: the first answer that cannot be written ends the work.
        let endless = try shell(
            "yes bread | timeout 20 $G query \(index) - | head -1 >/dev/null; exit ${PIPESTATUS[1]}")
        #expect(endless.code == 141 && !endless.errors.contains("genret"), "\(endless.code) \(endless.errors)")
        let limited = try shell("ulimit -f 1; $G search \(index) --topics \(Tool.sample) -o \(Tool.fresh("run")) -q")
        limited.expectSentence(1, containing: "File too large")
        // More than a pipe holds.
        let outcome = try shell(
            "$G query \(index) 'bread water flour salt oven light sun moon sea air heat day night year' --hits 200 --json --explain | head -c 1; exit ${PIPESTATUS[0]}"
        )
        #expect(outcome.exited && outcome.code == 141 && outcome.errors.isEmpty, "\(outcome.code) \(outcome.errors)")
    }

    @Test("Texts, titles, ids and names of files cannot command a terminal") func controlCharacters() throws {
        let evil =
            "{\"_id\": \"i\\u001b[31m\", \"title\": \"T\\u001b]52;c;eA==\\u0007\", \"text\": \"Glass \\u001b[2J \\u009b2J \\u202e rivers \\r\\u0008\"}\n"
        let corpus = try Tool.write("corpus.jsonl", evil + Self.corpus)
        let place = Tool.fresh("index")
        try Tool.run("index", corpus, "-o", place, "--no-encoder", "-q").expectSuccess()
        for more in [["--explain"], ["--json"], ["--json", "--explain"]] {
            let outcome = try Tool.run(["query", place, "rivers", "--hits", "1"] + more)
            outcome.expectSuccess()
            let scalars = outcome.output.unicodeScalars
            #expect(
                !scalars.contains {
                    ($0.value < 0x20 && $0 != "\n") || (0x7F...0x9F).contains($0.value) || $0 == "\u{202E}"
                })
            if more.contains("--json") {
                // Shown as JSON shows it, so that a program gets what was there.
                let json = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: Any]
                let first = (json?["candidates"] as? [[String: Any]])?.first
                #expect(first?["docid"] as? String == "i\u{1B}[31m")
                #expect((first?["text"] as? String)?.contains("\u{9B}2J \u{202E}") == true)
            } else {
                #expect(outcome.output.contains("i\\u001b[31m") && outcome.output.contains("\\u001b[2J"))
            }
        }
        let missing = try Tool.run("index", Tool.folder + "/\u{1B}[2Jx", "--no-encoder")
        missing.expectSentence(1, containing: "\\u001b[2Jx")
    }

    @Test("Signals end a build at once and leave nothing", arguments: [SIGINT, SIGTERM, SIGHUP])
    func signals(signal: Int32) throws {
        let words = (0..<4_000).map { "w\($0 % 977)x\($0 % 89)" }.joined(separator: " ")
        let lines = (0..<400).map { "{\"_id\": \"\($0)\", \"text\": \"\(words)\"}\n" }.joined()
        let corpus = try Tool.write("corpus.jsonl", lines)
        let folder = URL(filePath: corpus).deletingLastPathComponent().path
        let process = try Tool.process(["index", corpus, "-o", folder + "/index", "--no-encoder", "-q"])
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        // As soon as there is something to clean up.
        for _ in 0..<2_000 {
            if try FileManager.default.contentsOfDirectory(atPath: folder).count > 1 { break }
            usleep(2_000)
        }
        kill(process.processIdentifier, signal)
        kill(process.processIdentifier, signal)
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        #expect(process.terminationReason == .exit && process.terminationStatus == 130)
        #expect(text == "genret: interrupted; no index was written\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["corpus.jsonl"])
    }
}
