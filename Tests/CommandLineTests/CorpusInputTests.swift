import BuiltTool
import Foundation
import Testing

/// Where a corpus may come from, and what the command says of files.
@Suite struct CorpusInputTests {
    @Test("index says which files it read and which it skipped") func account() throws {
        let folder = URL(filePath: try Tool.write("a.md", "one")).deletingLastPathComponent()
        for name in ["b.txt", "c.py", "d.png", "e.png"] {
            try Data(name.utf8).write(to: folder.appending(path: name))
        }
        let plain = try Tool.run("index", folder.path, "-o", Tool.fresh("index"), "--no-encoder")
        plain.expectSuccess()
        #expect(plain.errors.contains("read 2 files: 1 .md, 1 .txt"))
        #expect(plain.errors.contains("skipped 3 files: 2 .png, 1 .py; --include adds files"))
        let more = try Tool.run(
            "index", folder.path, "-o", Tool.fresh("index"), "--no-encoder", "-q", "--include", "*.py", "--exclude",
            "*.png")
        more.expectSuccess()
        #expect(more.output.contains("3 passages"))
        #expect(more.errors.contains("2 excluded"))
    }

    @Test("a title without a text names the flag") func titleOnly() throws {
        let corpus = try Tool.write(
            "t.jsonl", "{\"_id\":\"a\",\"title\":\"T\",\"text\":\"\"}\n{\"_id\":\"b\",\"text\":\"x\"}\n")
        let outcome = try Tool.run("index", corpus, "-o", Tool.fresh("index"), "--no-encoder", "-q")
        outcome.expectSuccess()
        #expect(outcome.errors.contains("--allow-title-only"))
        let only = try Tool.write("o.jsonl", "{\"_id\":\"a\",\"title\":\"T\",\"text\":\"\"}\n")
        try Tool.run("index", only, "-o", Tool.fresh("index"), "--no-encoder", "-q")
            .expectSentence(1, containing: "no passages found", "--allow-title-only")
    }

    @Test("standard input is a corpus", .timeLimit(.minutes(5)))
    func standardInput() throws {
        let place = Tool.fresh("index")
        let process = try Tool.process(["index", "-", "-o", place, "--no-encoder", "-q"])
        let input = Pipe()
        process.standardInput = input
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        for number in 0..<200 {
            try input.fileHandleForWriting.write(
                contentsOf: Data("{\"id\":\"\(number)\",\"text\":\"loaf \(number)\"}\n".utf8))
        }
        try input.fileHandleForWriting.close()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        #expect(try Tool.run("inspect", place).output.contains("200,"))
    }
}
