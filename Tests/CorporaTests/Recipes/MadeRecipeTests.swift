import Corpora
import Foundation
import TestSupport
import Testing

@Suite struct NamesRecipeTests {
    private func table(_ folder: TemporaryFolder, _ name: String, rows: Int) throws -> String {
        var text = "package\tversion\tsummary\n"
        for row in 0..<rows {
            let words = (0..<8).map {
                "\(["amber", "birch", "cedar", "delta", "ember", "fjord", "grove"][($0 * 3 + row) % 7])\(["a", "b", "c"][(row / 7 + $0) % 3])"
            }
            text += "item\(row)\t1.0\t\(words.joined(separator: " "))\n"
        }
        text += "item0\t2.0\tthe name of an earlier row once more\nshort\t1\ttoo short\nnotab\n"
        let path = folder.path(name)
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func request(_ folder: TemporaryFolder, _ files: [String], _ output: String) -> CorpusRequest {
        CorpusRequest(folder: URL(filePath: folder.path(output)), files: files, questions: 20, seed: 3)
    }

    @Test("Rows become passages, and some words of them questions") func passages() throws {
        let folder = try TemporaryFolder()
        let files = [try table(folder, "one.tsv", rows: 60), try table(folder, "two.tsv", rows: 30)]
        let recipe = try #require(CorpusRecipes.named("names"))
        let report = try recipe.make(request(folder, files, "out"))
        #expect(report.passages == 90 && report.questions == 20 && report.judgements == 20)
        #expect(report.notes.contains { $0.hasPrefix("2 rows whose name") })
        #expect(report.notes.contains { $0.hasPrefix("2 rows without") })
        var texts: [String: Passage] = [:]
        var reader = try CorpusReader(path: folder.path("out/corpus.jsonl"))
        while let passage = try reader.next() { texts[passage.id] = passage }
        #expect(texts.count == 90 && texts["one/item7"]?.title == "item7" && texts["two/item7"] != nil)
        let queries = try Queries.read(path: folder.path("out/queries.jsonl"))
        let qrels = try Qrels.read(path: folder.path("out/qrels/test.tsv"))
        for query in queries {
            let words = query.text.split(separator: " ").map(String.init)
            #expect(words.count == 4)
            let judged = qrels.judgements(of: query.id)
            #expect(judged.count == 1)
            let passage = try #require(judged.first.flatMap { texts["\($0.passage)"] })
            let own = passage.text.split(separator: " ").map(String.init)
            #expect(words.allSatisfy { own.contains($0) && !passage.title.contains($0) })
        }
    }

    @Test("The same request gives the same bytes; a limit keeps some rows of the same corpus") func limits() throws {
        let folder = try TemporaryFolder()
        let file = try table(folder, "one.tsv", rows: 80)
        let recipe = try #require(CorpusRecipes.named("names"))
        for output in ["a", "b"] { _ = try recipe.make(request(folder, [file], output)) }
        for name in ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"] {
            let (a, b) = (folder.path("a/\(name)"), folder.path("b/\(name)"))
            #expect(try Data(contentsOf: URL(filePath: a)) == Data(contentsOf: URL(filePath: b)))
        }
        func lines(_ name: String) throws -> Set<Substring> {
            try Set(String(contentsOfFile: folder.path("\(name)/corpus.jsonl"), encoding: .utf8).split(separator: "\n"))
        }
        for limit in [1, 13, 80, 500] {
            var some = request(folder, [file], "some")
            some.limit = limit
            let report = try recipe.make(some)
            #expect(report.passages == min(limit, 80))
            #expect(try lines("some").isSubset(of: lines("a")))
        }
    }

    @Test("What cannot be made is told") func errors() throws {
        let folder = try TemporaryFolder()
        let recipe = try #require(CorpusRecipes.named("names"))
        #expect(throws: CorpusError.self) { try recipe.make(request(folder, [], "out")) }
        #expect(throws: CorpusError.self) { try recipe.make(request(folder, [folder.path("absent.tsv")], "out")) }
        try "name\tsummary\nx\tshort\n".write(toFile: folder.path("bare.tsv"), atomically: true, encoding: .utf8)
        #expect(throws: CorpusError.self) { try recipe.make(request(folder, [folder.path("bare.tsv")], "out")) }
        #expect(CorpusRecipes.named("nothing") == nil)
    }
}

@Suite struct SyntheticRecipeTests {
    @Test("Made-up passages are the same however many there are") func passages() throws {
        let folder = try TemporaryFolder()
        let recipe = try #require(CorpusRecipes.named("synthetic"))
        func texts(_ limit: Int, _ output: String) throws -> [String] {
            let place = URL(filePath: folder.path(output))
            let report = try recipe.make(.init(folder: place, limit: limit, questions: 30, seed: 5))
            #expect(report.passages == limit && report.questions == min(30, limit))
            var reader = try CorpusReader(path: folder.path("\(output)/corpus.jsonl"))
            var texts: [String] = []
            while let passage = try reader.next() { texts.append(passage.text) }
            return texts
        }
        let (few, many) = (try texts(1_500, "few"), try texts(2_100, "many"))
        #expect(few.count == 1_500 && many.count == 2_100)
        #expect(few == Array(many.prefix(1_500)))
        let words = many.flatMap { $0.dropLast().split(separator: " ") }
        let mean = Double(words.count) / Double(many.count)
        #expect((40...50).contains(mean))
        // As in real text, some words are much more frequent than others.
        let counts = Dictionary(grouping: words, by: { $0 }).map(\.value.count).sorted(by: >)
        #expect(counts[0] > 30 * counts[counts.count / 2] && counts.count > 3_000)
    }
}
