import BuiltTool
import Foundation
import Testing

/// What people expect of any command line.
@Suite struct MannersTests {
    /// Whether a query's answer has escape sequences, with variables of the environment added.
    private func hasStyles(_ variables: [String: String]) throws -> Bool {
        let process = try Tool.process([
            "query", Tool.index.get(), "sourdough starter", "-k", "1", "-q", "--retrievers", "bm25",
        ])
        process.environment = (process.environment ?? ProcessInfo.processInfo.environment)
            .filter { $0.key != "NO_COLOR" && $0.key != "CLICOLOR_FORCE" }.merging(variables) { $1 }
        let outcome = try Tool.finished(process)
        outcome.expectSuccess()
        #expect(outcome.output.hasPrefix(" 1 "))
        return outcome.output.contains("\u{1B}")
    }

    @Test("Colours are forced, and NO_COLOR is stronger") func colours() throws {
        #expect(try !hasStyles([:]))
        #expect(try hasStyles(["CLICOLOR_FORCE": "1"]))
        #expect(try !hasStyles(["CLICOLOR_FORCE": "0"]))
        #expect(try !hasStyles(["CLICOLOR_FORCE": "1", "NO_COLOR": "1"]))
        #expect(try hasStyles(["CLICOLOR_FORCE": "1", "NO_COLOR": ""]))
    }

    @Test("A mistyped command is told the nearest one; the version has three names") func names() throws {
        try Tool.run("qury", "x", "y").expectSentence(64, containing: "\"qury\"", "did you mean \"query\"?")
        try Tool.run("frobnicate").expectSentence(64, containing: "\"frobnicate\"", "genret --help")
        let version = try Tool.run("--version").output
        #expect(try Tool.run("version").output == version && Tool.run("-V").output == version)
    }

    private struct Event: Decodable {
        struct Problem: Decodable {
            var code: String
            var detail: String
        }

        var event: String
        var stage: String?
        var text: String?
        var problem: Problem?
    }

    /// Standard error, every line of which must be an event.
    private func events(_ outcome: Tool.Outcome) throws -> [Event] {
        try outcome.errors.split(separator: "\n").map { try JSONDecoder().decode(Event.self, from: Data($0.utf8)) }
    }

    @Test("Programs hear of long work by events") func events() throws {
        let place = Tool.fresh("index")
        let built = try Tool.run("index", Tool.sample, "-o", place, "--no-encoder", "--progress", "json")
        #expect(built.code == 0 && built.output.hasPrefix(place))
        let heard = try events(built)
        #expect(heard.last?.event == "finished")
        #expect(Set(heard.dropLast().map(\.event)) == ["progress", "note"])
        #expect(heard.contains { $0.event == "progress" && $0.stage == "reading" })
        let again = try Tool.run("index", Tool.sample, "-o", place, "--no-encoder", "--progress", "json")
        #expect(again.code == 1 && again.output.isEmpty)
        let problem = try #require(events(again).last?.problem)
        #expect(problem.code == "conflict" && problem.detail.contains("--force"))
        let silent = try Tool.run("delete", place, "sourdough-starter", "--progress", "none")
        silent.expectSuccess()
        #expect(silent.errors.isEmpty)
        let torn = try Tool.run("compact", place, "-q", "--progress", "line")
        #expect(torn.code == 64 && torn.errors.contains("--progress line"))
    }

    @Test("Without a query the lines of standard input are asked") func lines() throws {
        let process = try Tool.process(["query", Tool.index.get(), "-k", "1", "--json"])
        let input = try FileHandle(
            forReadingFrom: URL(filePath: Tool.write("q.txt", "sourdough\n\nfigure eight knot\n")))
        process.standardInput = input
        let outcome = try Tool.finished(process)
        outcome.expectSuccess()
        #expect(outcome.output.split(separator: "\n").count == 2)
        try Tool.run("query", Tool.index.get()).expectSentence(1, containing: "standard input holds no query")
    }

    @Test("A shell takes its completions", arguments: ["bash", "zsh", "fish"]) func completions(shell: String) throws {
        let outcome = try Tool.run("completions", shell)
        outcome.expectSuccess()
        for word in ["encoder-budget", "query", "sync"] { #expect(outcome.output.contains(word)) }
        guard let path = ["/bin/", "/usr/bin/"].map({ $0 + shell }).first(where: FileManager.default.isExecutableFile)
        else { return }
        let check = Process()
        check.executableURL = URL(filePath: path)
        check.arguments = ["-n", try Tool.write("completions", outcome.output)]
        try check.run()
        check.waitUntilExit()
        #expect(check.terminationStatus == 0)
    }

    @Test("-k is --hits, and -q leaves answers alone") func short() throws {
        let index = try Tool.index.get()
        let quiet = try Tool.run("query", index, "water and flour", "-k", "2", "-q")
        quiet.expectSuccess()
        #expect(quiet.output.contains("\n 2 ") && !quiet.output.contains("\n 3 "))
        #expect(!quiet.output.contains(" ms"))
        #expect(try Tool.run("query", index, "water and flour", "--hits", "2").output.contains("2 hits in "))
    }
}
