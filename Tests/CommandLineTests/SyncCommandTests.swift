import BuiltTool
import Foundation
import Testing

/// `genret sync`: what it says, and how it ends.
@Suite struct SyncCommandTests {
    private struct Notes {
        let place = Tool.fresh("place")
        var folder: String { place + "/notes" }
        var index: String { place + "/notes.genret" }

        init(_ files: [String: String]) throws {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            for (name, text) in files { try write(name, text) }
        }

        func write(_ name: String, _ text: String) throws {
            let url = URL(filePath: folder + "/" + name)
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: url)
        }

        func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder + "/" + name) }

        func sync(_ more: String...) throws -> Tool.Outcome { try Tool.run(["sync", index, folder, "-q"] + more) }

        func make(_ more: String...) throws -> Tool.Outcome {
            try Tool.run(["sync", index, folder, "--no-encoder", "--pseudo-queries", "0", "-q"] + more)
        }
    }

    /// Without the seconds of a change.
    private func timeless(_ text: String) -> String {
        text.replacing(/, [0-9.]+ (s|ms)\n/, with: "\n").replacing(/, [0-9.]+ s, peak memory.*/, with: "")
    }

    @Test("A folder is followed: made, the same, changed") func life() throws {
        let notes = try Notes(["a.md": "# A\n\nOne text.", "sub/b.txt": "Two texts."])
        let would = try notes.make("--dry-run")
        would.expectSuccess()
        #expect(would.output == "\(notes.index): files: would be 2 added; passages: would be 2 added\n")
        #expect(!FileManager.default.fileExists(atPath: notes.index))
        let made = try notes.make()
        made.expectSuccess()
        #expect(
            timeless(made.output).hasPrefix(
                "\(notes.index): files: 2 added; passages: 2 added\n\(notes.index): 2 passages, "))
        let same = try notes.sync()
        same.expectSuccess()
        #expect(same.output == "\(notes.index): nothing to change; 2 files unchanged\n" && same.errors.isEmpty)
        try notes.write("a.md", "# A\n\nAnother text.")
        try notes.remove("sub/b.txt")
        try notes.write("c.txt", "Three texts.")
        let dry = try notes.sync("--dry-run", "--verbose")
        dry.expectSuccess()
        #expect(
            dry.output == """
                added c.txt
                changed a.md
                removed sub/b.txt
                \(notes.index): files: would be 1 added, 1 changed, 1 removed; passages: would be 1 added, 1 replaced, 1 deleted

                """)
        let changed = try notes.sync("--verbose")
        changed.expectSuccess()
        #expect(
            timeless(changed.output) == """
                added c.txt
                changed a.md
                removed sub/b.txt
                \(notes.index): files: 1 added, 1 changed, 1 removed; passages: 1 added, 1 replaced, 1 deleted; 2 passages in 1 segment

                """)
        try Tool.run("verify", notes.index, "--deep").expectSuccess()
        let inspected = try Tool.run("inspect", notes.index)
        #expect(inspected.output.contains("folder         2 files, 2 passages\n"))
        try Tool.run("query", notes.index, "another").expectSuccess()
        // Names that are not there any more, and options of reading that are remembered.
        try notes.sync("--passage-words", "1", "--overlap-words", "0").expectSuccess()
        #expect(try notes.sync().output == "\(notes.index): nothing to change; 2 files unchanged\n")
        let whitespace = try { () throws -> Tool.Outcome in
            try notes.write("c.txt", "Three   texts.\n")
            return try notes.sync()
        }()
        #expect(timeless(whitespace.output).contains("files: 1 changed, 1 unchanged; passages: all as they were; "))
    }

    @Test("An index that was built of the folder is taken up; what is from elsewhere stays") func adoption() throws {
        let notes = try Notes(["a.txt": "One text.", "b.txt": "Two texts."])
        try Tool.run("index", notes.folder, "-o", notes.index, "--no-encoder", "-q").expectSuccess()
        try notes.remove("b.txt")
        let first = try notes.sync()
        first.expectSuccess()
        #expect(
            timeless(first.output).replacing(/, [0-9.]+ s;/, with: ";")
                == "\(notes.index): files: 1 taken up as they are; passages: all as they were; 2 passages in 1 segment; 1 passage from elsewhere stays\n"
        )
        #expect(
            try notes.sync().output
                == "\(notes.index): nothing to change; 1 file unchanged; 1 passage from elsewhere stays\n")
        let other = try Tool.write("x.jsonl", "{\"_id\":\"c.txt#1\",\"text\":\"elsewhere\"}\n")
        try Tool.run("add", notes.index, other, "-q").expectSuccess()
        try notes.write("c.txt", "Three texts.")
        try notes.sync().expectSentence(
            1, containing: notes.index, "there is a passage \"c.txt#1\" that did not come from the folder",
            "c.txt has another")
        try notes.remove("c.txt")
        try Tool.run("part", "remove", notes.index, "folder").expectSuccess()
        let whole = try notes.sync("--claim-all")
        whole.expectSuccess()
        #expect(whole.output.contains("passages: 2 deleted; 1 passages in 1 segment"))
    }

    @Test("What is passed over is said, and not by who is quiet") func passedOver() throws {
        let notes = try Notes([
            "a.txt": "One text.", "b.log": "x", "secret.txt": "Two texts.", ".gitignore": "secret.txt\n",
            "c.jsonl": "{\"_id\":\"1\",\"text\":\"y\"}\n{\"id\":1\n",
        ])
        let loud = try Tool.run("sync", notes.index, notes.folder, "--no-encoder", "--pseudo-queries", "0")
        loud.expectSuccess()
        #expect(loud.errors.contains("genret: read 2 files: 1 .jsonl, 1 .txt\n"))
        #expect(
            loud.errors.contains(
                "genret: skipped 3 in the folder: 1 .log, 1 hidden, 1 ignored by git (secret.txt); --include adds files, --no-gitignore takes what git ignores\n"
            ))
        #expect(loud.errors.contains("genret: skipped \(notes.folder)/c.jsonl:2: "))
        #expect(try notes.sync().errors.isEmpty)
        let all = try notes.sync("--no-gitignore", "--include", "*.log")
        #expect(all.output.contains("files: 2 added, 2 unchanged"))
        try notes.write("d.jsonl", "{nothing\n")
        try notes.sync("--strict").expectSentence(1, containing: "d.jsonl:1: ")
        // The same option of "genret index", off unless it is given.
        let (with, without) = (Tool.fresh("with"), Tool.fresh("without"))
        try Tool.run("index", notes.folder, "-o", with, "--no-encoder", "-q", "--gitignore").expectSuccess()
        try Tool.run("index", notes.folder, "-o", without, "--no-encoder", "-q").expectSuccess()
        #expect(try Tool.run("inspect", with).output.contains("passages   2,"))
        #expect(try Tool.run("inspect", without).output.contains("passages   3,"))
    }

    @Test("What cannot be read is named and stays") func faults() throws {
        let notes = try Notes(["a.txt": "One text.", "b.txt": "Two texts."])
        try notes.make().expectSuccess()
        // The same name, now of a file that is cut short.
        try notes.remove("b.txt")
        try notes.write("b.txt.gz", "\u{1f}")
        var bytes = Data([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1])
        bytes += [5, 0]
        try bytes.write(to: URL(filePath: notes.folder + "/b.txt.gz"))
        let outcome = try notes.sync()
        outcome.expectSuccess()
        #expect(outcome.errors.contains("genret: b.txt.gz: damaged compressed file"))
        #expect(outcome.errors.contains("; it is left out\n"))
        try notes.remove("b.txt.gz")
        try notes.write("c.txt", "Three.")
        try notes.sync().expectSuccess()
    }

    @Test("Mistakes are refused in a sentence, and leave the index as it was") func mistakes() throws {
        let notes = try Notes(["a.txt": "One text."])
        try Tool.run("sync", notes.index, notes.folder + "/none", "-q", "--no-encoder").expectSentence(
            1, containing: "/none: no such file or folder")
        try Tool.run("sync", notes.index, notes.folder + "/a.txt", "-q", "--no-encoder").expectSentence(
            1, containing: "a.txt: cannot be read: it is not a folder")
        let empty = try Notes([".hidden": "x"])
        try empty.make().expectSentence(1, containing: "the folder has nothing to read: 1 hidden passed over")
        let blank = try Notes(["a.txt": "\n\n"])
        try blank.make().expectSentence(1, containing: "no passages found")
        #expect(!FileManager.default.fileExists(atPath: blank.index))
        try notes.make().expectSuccess()
        try notes.make().expectSentence(1, containing: notes.index, "an index stands there already")
        try notes.remove("a.txt")
        try notes.sync().expectSentence(
            1, containing: notes.folder, "nothing to read", "nothing was changed; --allow-empty lets that happen")
        try Tool.run("query", notes.index, "text").expectSuccess()
        let emptied = try notes.sync("--allow-empty")
        emptied.expectSuccess()
        #expect(emptied.output.contains("files: 1 removed; passages: 1 deleted; 0 passages in 1 segment"))
        try notes.sync("--passage-words", "0").expectUsage()
        try notes.sync("--passage-words", "5", "--overlap-words", "5").expectSentence(
            1, containing: "overlap is 5 words")
        try notes.sync("--fanout", "1").expectUsage()
        try Tool.run("sync", "-", notes.folder).expectUsage()
        try Tool.run("sync", notes.index).expectUsage()
        let strange = try Tool.write("manifest.json", "{}")
        try Tool.run("sync", URL(filePath: strange).deletingLastPathComponent().path, notes.folder, "-q")
            .expectSentence(3, containing: "manifest.json")
        try Tool.run("sync", notes.folder, notes.folder, "-q", "--no-encoder").expectSentence(
            1, containing: "is not an index")
    }
}
