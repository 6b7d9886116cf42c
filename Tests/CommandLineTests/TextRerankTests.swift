import BuiltTool
import Foundation
import Testing

/// `genret rerank` and `genret judge`, with a tiny model that has nothing to say.
@Suite("Reranking by a language model, from outside") struct TextRerankTests {
    private static let model = Tool.root + "/Tests/RerankersTests/Fixtures/tiny_chat.gguf"
    private static let documents = """
        Bread needs flour and water.
        {"id": "sky", "title": "The sky", "text": "It is blue by day."}
        {"_id": "glass", "text": "Glass is sand."}

        """

    private struct Place: Decodable {
        var index: Int
        var id: String
        var relevance_score: Double?
    }

    @Test("Documents of a file are ordered, none lost", arguments: ["first", "likelihood", "setwise,top=2", "yesno"])
    func documents(method: String) throws {
        let file = try Tool.write("documents.jsonl", Self.documents)
        let name = method.split(separator: ",", maxSplits: 1)
        let spec = ([String(name[0]) + ":" + Self.model] + name.dropFirst().map(String.init)).joined(separator: ",")
        let outcome = try Tool.run(
            "rerank", "--query", "why is the sky blue", "--documents", file, "--method", spec, "--json")
        outcome.expectSuccess()
        let places = try outcome.output.split(separator: "\n").map {
            try JSONDecoder().decode(Place.self, from: Data($0.utf8))
        }
        #expect(places.map(\.index).sorted() == [0, 1, 2])
        #expect(Set(places.map(\.id)) == ["1", "sky", "glass"])
        let scores = places.compactMap(\.relevance_score)
        #expect(zip(scores, scores.dropFirst()).allSatisfy { $0 >= $1 })
        #expect(
            try Tool.run("rerank", "--query", "why is the sky blue", "--documents", file, "--method", spec, "--json")
                .output == outcome.output)
    }

    /// Reranks the sample's first passages.
    private func arguments(_ output: String, _ more: String...) throws -> [String] {
        try [
            "rerank", Tool.index.get(), "--queries", Tool.sample, "--qrels", Tool.sample, "--sample", "5", "--depth",
            "4", "-k", "12", "-q", "-o",
            output,
        ] + more
    }

    @Test("A run keeps every passage, and several methods stand in a table") func runs() throws {
        let folder = Tool.fresh("reranked")
        let outcome = try Tool.run(
            arguments(folder, "--method", "first:\(Self.model)", "likelihood:\(Self.model)", "--json"))
        outcome.expectSuccess()
        #expect(outcome.output.split(separator: "\n").count == 3)
        let first = Tool.fresh("first.trec")
        try Tool.run(
            "search", Tool.index.get(), "--queries", Tool.sample, "-k", "12", "-q", "-o", first
        ).expectSuccess()
        func lists(_ path: String) throws -> [String: [String]] {
            var lists: [String: [String]] = [:]
            for line in try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n") {
                let parts = line.split(separator: " ")
                lists[String(parts[0]), default: []].append(String(parts[2]))
            }
            return lists
        }
        let before = try lists(first)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.count == 2 && names.allSatisfy { $0.hasSuffix(".trec") })
        for name in names {
            let after = try lists("\(folder)/\(name)")
            #expect(after.count == 5)
            for (query, list) in after {
                #expect(list.sorted() == before[query]?.sorted())
                #expect(Array(list.dropFirst(4)) == before[query].map { Array($0.dropFirst(4)) })
            }
        }
    }

    @Test("A search's best are ordered by a model's method") func searches() throws {
        struct Answer: Decodable {
            struct Candidate: Decodable { var docid: String }
            var candidates: [Candidate]
        }
        func ids(_ more: String...) throws -> [String] {
            let outcome = try Tool.run(
                ["query", Tool.index.get(), "how do I feed a starter", "-k", "9", "--json"] + more)
            outcome.expectSuccess()
            return try JSONDecoder().decode(Answer.self, from: Data(outcome.output.utf8)).candidates.map(\.docid)
        }
        let usual = try ids()
        let ordered = try ids("--rerank", "likelihood:\(Self.model),depth=5")
        #expect(Set(ordered.prefix(5)) == Set(usual.prefix(5)) && ordered.dropFirst(5) == usual.dropFirst(5))
        #expect(ordered != usual)
        #expect(try ids("--rerank", "likelihood:\(Self.model),depth=5", "--rerank", "0") != usual)
        #expect(try ids("--rerank", "first:\(Self.model),depth=1") == usual)
        for method in ["nonsense", "first,children=2", "first,depth=0"] {
            let outcome = try Tool.run("query", Tool.index.get(), "bread", "--rerank", method)
            #expect(outcome.code == 64 && outcome.errors.contains("rerankWith"))
        }
        try Tool.run("query", Tool.index.get(), "bread", "--rerank", "first:no-such-model").expectSentence(
            64, containing: "no-such-model", "not installed")
    }

    @Test("A server reads the models of its methods before it serves") func serves() throws {
        try Tool.run("serve", Tool.index.get(), "--rerank-with", "likelihood:\(Self.model)", "--check").expectSuccess()
        try Tool.run("serve", Tool.index.get(), "--rerank-with", "first:no-such-model", "--check").expectSentence(
            64, containing: "no-such-model", "not installed")
    }

    @Test("A job goes on where it was cut, and another job's journal is refused") func resumes() throws {
        let whole = Tool.fresh("whole.trec")
        try Tool.run(arguments(whole, "--method", "yesno:\(Self.model)")).expectSuccess()
        #expect(!FileManager.default.fileExists(atPath: whole + ".journal"))
        let cut = Tool.fresh("cut.trec")
        try "another job\n".write(toFile: cut + ".journal", atomically: true, encoding: .utf8)
        try Tool.run(arguments(cut, "--method", "yesno:\(Self.model)")).expectSentence(
            1, containing: "another job", "journal")
    }

    @Test("What cannot be asked for is one sentence") func faults() throws {
        let file = try Tool.write("documents.txt", "a\nb\n")
        func rerank(_ method: String, _ more: String...) throws -> Tool.Outcome {
            try Tool.run(["rerank", "--query", "x", "--documents", file, "--method", method] + more)
        }
        for (method, words) in [
            ("cleverest", "cleverest"), ("first,children=3", "children"), ("setwise,children=many", "children=many"),
            ("first,window", "window"), ("yesno,prompt=/nowhere.json", "/nowhere.json"),
        ] {
            let outcome = try rerank(method)
            #expect(outcome.code == 64 && outcome.errors.contains(words), "\(method): \(outcome.errors)")
        }
        try rerank("monot5:\(Self.model)").expectSentence(64, containing: "encoder")
        try rerank("setwise:\(Self.model),children=40").expectSentence(64, containing: "at most 26")
        try rerank("first:/no/model").expectSentence(1, containing: "/no/model")
        let prompt = try Tool.write("prompt.json", #"{"passage": "{passage} {nonsense}"}"#)
        let outcome = try rerank("yesno:\(Self.model),prompt=\(prompt)")
        #expect(outcome.code == 64 && outcome.errors.contains("{nonsense}"))
    }

    @Test("A judge's grades are marked as its own, and compared with people's") func judges() throws {
        let place = Tool.fresh("grades.qrels")
        let outcome = try Tool.run(
            "judge", Tool.index.get(), "--queries", Tool.sample, "--qrels", Tool.sample, "--sample", "4", "--model",
            Self.model, "-q", "-o",
            place, "--json")
        outcome.expectSuccess()
        let lines = try String(contentsOfFile: place, encoding: .utf8).split(separator: "\n").map {
            $0.split(separator: " ")
        }
        #expect(
            !lines.isEmpty
                && lines.allSatisfy { $0.count == 4 && $0[1] == "llm" && ["0", "1", "2", "3"].contains($0[3]) })
        struct Report: Decodable { var pairs: Int }
        #expect(try JSONDecoder().decode(Report.self, from: Data(outcome.output.utf8)).pairs == lines.count)
        let utilities = Tool.fresh("abstentions.tsv")
        try Tool.run(
            "judge", Tool.index.get(), "--queries", Tool.sample, "--qrels", Tool.sample, "--sample", "4", "--model",
            Self.model, "-q",
            "--abstention", "-o", utilities
        ).expectSuccess()
        for line in try String(contentsOfFile: utilities, encoding: .utf8).split(separator: "\n") {
            let parts = line.split(separator: "\t")
            #expect(parts.count == 3 && Double(parts[2]).map { (0...1).contains($0) } == true)
        }
    }
}
