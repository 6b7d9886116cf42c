import Corpora
import Engine
import Evaluation
import Foundation
import Ranking
import SampleIndexes
import Search
import TestSupport
import Testing
import Transformers

/// All four retrievers, where the encoder is on this machine.
@Suite(.enabled(if: Sample.hasEncoder, "the default encoder is not in the model cache"))
struct EncoderTests {
    static let all: [ComponentID] = ["ngram", "docid", "dense", "bm25"]
    static let sources: [DocidRetriever.Source] = [.tree, .rq]

    private func options(_ retrievers: [ComponentID], _ docids: DocidRetriever.Source = .tree) -> SearchOptions {
        var options = SearchOptions(retrievers)
        options[DocidRetriever.self].docids = docids
        return options
    }

    @Test("All retrievers run, and generate what exists", arguments: sources)
    func questions(docids: DocidRetriever.Source) throws {
        let engine = try Sample.full.get().engine
        #expect(try engine.warm().isEmpty)
        for query in try Sample.queries() {
            let result = try engine.rank(query.text, options: options(Self.all, docids))
            #expect(result.retrievers == Self.all && result.notes.isEmpty)
            #expect(result.count("docids") > 0 && result.count("keys") > 0)
            #expect(result.count("invalidKeys") == 0 && result.count("invalidDocids") == 0)
            #expect(result.hits.count == 10)
            for (a, b) in zip(result.hits, result.hits.dropFirst()) {
                #expect(a.score > b.score || (a.score == b.score && a.id > b.id))
            }
        }
    }

    @Test("A hundred beams find the dense ranking", arguments: sources)
    func docidsAreDense(docids: DocidRetriever.Source) throws {
        let engine = try Sample.full.get().engine
        for query in try Sample.queries() {
            let dense = try engine.rank(query.text, options: options(["dense"])).hits
            let docid = try engine.rank(query.text, options: options(["docid"], docids)).hits
            #expect(docid.map(\.id) == dense.map(\.id), "\(query.id)")
            for (a, b) in zip(docid, dense) { #expect(abs(a.score - b.score) < 1e-5) }
        }
    }

    @Test(
        "Every retriever answers the questions well",
        arguments: [
            ("bm25", 0.72), ("ngram", 0.68), ("dense", 0.9), ("docid", 0.9),
        ] as [(ComponentID, Double)])
    func quality(retriever: ComponentID, floor: Double) throws {
        let value = try Sample.full.get().engine.measure(.ndcgCut(10), options([retriever]))
        #expect(value > floor)
        #expect(value < 1)
    }

    @Test("The fused ranking answers as well as the best retriever") func fusion() throws {
        let engine = try Sample.full.get().engine
        #expect(try engine.measure(.ndcgCut(10), options(Self.all)) > 0.9)
    }

    @Test("Paths of docids are explained", arguments: sources) func paths(docids: DocidRetriever.Source) throws {
        let engine = try Sample.full.get().engine
        for query in try Sample.queries().prefix(10) {
            let found = try engine.explained(query.text, options(["docid"], docids)).candidates
            var tokens: Set<[Int32]> = []
            for hit in found {
                let path = try #require(hit.explanation?.detail("docid", as: DocidPath.self))
                #expect(path.scheme == docids.rawValue)
                #expect(path.levels.count >= 2)
                #expect(path.levels.allSatisfy { $0.logProb <= 1e-5 })
                tokens.insert(path.levels.map(\.token))
            }
            #expect(tokens.count == found.count)
        }
    }

    @Test("Without its encoder the index still answers, and says so") func encoderAbsent() throws {
        let folder = try TemporaryFolder()
        try Sample.full.get().write(to: folder.path("index"))
        let nothing = ModelCache(directory: URL(filePath: folder.path("no-models")))
        let engine = try Engine.open(folder.path("index"), models: nothing)
        let reason = EngineError.encoderNotInstalled(name: KnownModel.defaultEncoder)
        let note = SearchNote(.absent(["docid", "dense"]), reason: reason)
        #expect(try engine.warm() == [note])
        let result = try engine.rank("sourdough starter")
        #expect(result.retrievers == ["ngram", "bm25"] && result.notes == [note])
        #expect(try engine.search("sourdough starter").notes == [note.description])
        #expect(throws: EngineError.unavailable(["docid", "dense"], because: reason)) {
            try engine.rank("bread", options: options(["dense", "docid"]))
        }
    }
}
