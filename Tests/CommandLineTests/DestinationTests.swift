import BuiltTool
import Foundation
import Testing

/// Where indexes go, and what may not be lost by it.
@Suite struct DestinationTests {
    private static let corpus = "{\"_id\": \"a\", \"text\": \"Bread needs flour.\"}\n"

    private func index(_ corpus: String, _ place: String, _ more: String...) throws -> Tool.Outcome {
        try Tool.run(["index", corpus, "-o", place, "--no-encoder", "-q"] + more)
    }

    private func names(_ folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
    }

    @Test(
        "A folder with somebody else's manifest stays",
        arguments: ["{\"name\": \"a web app\"}", "{}", "not JSON", "{\"format\": 2}"])
    func strangeFolder(manifest: String) throws {
        let corpus = try Tool.write("corpus.jsonl", Self.corpus)
        let place = URL(filePath: try Tool.write("manifest.json", manifest)).deletingLastPathComponent().path
        try Data("thesis".utf8).write(to: URL(filePath: place + "/thesis.tex"))
        for force in [[], ["--force"]] {
            let outcome = try Tool.run(["index", corpus, "-o", place, "--no-encoder", "-q"] + force)
            outcome.expectSentence(1, containing: place, "not an index")
            #expect(try names(place) == ["manifest.json", "thesis.tex"])
        }
    }

    @Test("Files beside an index's own are kept when it is replaced, and the corpus among them") func filesBeside()
        throws
    {
        let place = Tool.fresh("index")
        try index(try Tool.write("corpus.jsonl", Self.corpus), place).expectSuccess()
        let own = try names(place)
        try Data(Self.corpus.utf8).write(to: URL(filePath: place + "/corpus.jsonl"))
        try FileManager.default.createDirectory(atPath: place + "/notes", withIntermediateDirectories: true)
        try Data("x".utf8).write(to: URL(filePath: place + "/notes/a.txt"))
        try index(place + "/corpus.jsonl", place, "--force").expectSuccess()
        // A writer's lock file stays.
        #expect(try names(place) == (own + [".lock", "corpus.jsonl", "notes"]).sorted())
        #expect(try names(place + "/notes") == ["a.txt"])
        try Tool.run("inspect", place, "--verify").expectSuccess()
        // What stands in folders of its own stays too.
        let segment = try #require(names(place).first { $0.hasPrefix("segment-") })
        let inside = place + "/\(segment)/letter.txt"
        try Data("x".utf8).write(to: URL(filePath: inside))
        try index(
            try Tool.write("other.jsonl", Self.corpus + Self.corpus.replacing("\"a\"", with: "\"z\"")), place, "--force"
        )
        .expectSuccess()
        #expect(FileManager.default.fileExists(atPath: inside))
    }

    @Test("A link leads to the index that is replaced") func link() throws {
        let corpus = try Tool.write("corpus.jsonl", Self.corpus)
        let folder = URL(filePath: corpus).deletingLastPathComponent().path
        try FileManager.default.createDirectory(atPath: folder + "/far", withIntermediateDirectories: true)
        try FileManager.default.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "far/index")
        try index(corpus, folder + "/link").expectSuccess()
        try index(corpus, folder + "/link", "--force").expectSuccess()
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/link") == "far/index")
        #expect(try names(folder + "/far") == ["index"])
        try Tool.run("query", folder + "/link", "bread").expectSuccess()
        try FileManager.default.createSymbolicLink(atPath: folder + "/loop", withDestinationPath: "loop")
        try index(corpus, folder + "/loop").expectSentence(1, containing: "levels of symbolic links")
        #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder + "/loop") == "loop")
        try index(corpus, "-").expectUsage()
    }

    @Test("The default name is the corpus' whole name, beside a corpus that one stands in") func defaultName() throws {
        let corpus = try Tool.write("my.notes.v2.jsonl.extra.jsonl", Self.corpus)
        let folder = URL(filePath: corpus).deletingLastPathComponent()
        func run(_ path: String, in place: URL) throws {
            let process = try Tool.process(["index", path, "--no-encoder", "-q"])
            process.currentDirectoryURL = place
            process.standardOutput = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
        }
        try run(corpus, in: folder)
        #expect(try names(folder.path).contains("my.notes.v2.jsonl.extra.genret"))
        let notes = folder.appending(path: "notes.2026")
        try FileManager.default.createDirectory(at: notes.appending(path: "deep"), withIntermediateDirectories: true)
        try Data("Bread needs flour.".utf8).write(to: notes.appending(path: "a.txt"))
        try run(".", in: notes)
        #expect(try names(notes.path) == ["a.txt", "deep"] && names(folder.path).contains("notes.2026.genret"))
    }

    @Test("Options that cannot act are refused") func uselessOptions() throws {
        let corpus = try Tool.write("corpus.jsonl", Self.corpus)
        for options in [["--generator", "x"], ["--train-minutes", "5"], ["--encoder", "x"]] {
            try Tool.run(["index", corpus, "--no-encoder"] + options).expectUsage()
        }
        try Tool.run("index", corpus, "--generator", "none", "--train-minutes", "1").expectUsage()
        let index = try Tool.index.get()
        try Tool.run("query", index, "bread", "--docids", "rq").expectSentence(1, containing: "docid cannot run")
        try Tool.run("query", index, "bread", "--plan-ahead", "0.5").expectSentence(1, containing: "docid cannot run")
    }

    @Test("Queries that find nothing, hold no word, or name a second index") func queries() throws {
        let index = try Tool.index.get()
        let nothing = try Tool.run("query", index, "zzzzqqqq")
        #expect(nothing.code == 1 && nothing.output.contains("nothing found") && nothing.errors.isEmpty)
        for text in ["...", "?!", " — ", "«»"] {
            try Tool.run("query", index, text).expectSentence(1, containing: "at least one word")
        }
        try Tool.run("query", index, index, "bread").expectSentence(64, containing: "is an index, too")
    }

    @Test("Folders of models that are none are named as what they are") func modelFolders() throws {
        let index = try Tool.index.get()
        for command in ["docid", "generator", "dense"] {
            let missing = Tool.fresh("nope")
            try Tool.run(command, "set", index, missing).expectSentence(1, containing: "\(missing): no such folder")
        }
    }
}
