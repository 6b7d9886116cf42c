import Engine
import Evaluation
import Foundation
import Ranking
import Testing
import Transformers

/// All four retrievers, where the encoder is on this machine.
@Suite(.enabled(if: Sample.hasEncoder, "the default encoder is not in the model cache"))
struct EncoderTests {
    private func options(
        _ retrievers: Set<RetrieverKind>, scheme: DocidRetriever.Scheme = .tree, k: Int = 10
    ) -> SearchOptions {
        var options = SearchOptions()
        options.retrievers = retrievers
        options.docid.scheme = scheme
        options.k = k
        return options
    }

    @Test("All retrievers run, and generate what exists") func questions() throws {
        let engine = try Sample.full.get().engine
        #expect(engine.availableRetrievers == Set(RetrieverKind.allCases))
        #expect(engine.encoderProblem == nil)
        for scheme in DocidRetriever.Scheme.allCases {
            for query in try Sample.queries() {
                let result = try engine.search(query.text, options(Set(RetrieverKind.allCases), scheme: scheme))
                #expect(result.diagnostics.retrievers == RetrieverKind.allCases)
                #expect(result.diagnostics.docids > 0 && result.diagnostics.keys > 0)
                #expect(result.diagnostics.invalidKeys == 0 && result.diagnostics.invalidDocids == 0)
                #expect(result.hits.count == 10)
                for (a, b) in zip(result.hits, result.hits.dropFirst()) {
                    #expect(a.score > b.score || (a.score == b.score && a.id > b.id))
                }
            }
        }
    }

    @Test("A hundred beams find the dense ranking", arguments: DocidRetriever.Scheme.allCases)
    func docidsAreDense(scheme: DocidRetriever.Scheme) throws {
        let engine = try Sample.full.get().engine
        for query in try Sample.queries() {
            let dense = try engine.search(query.text, options([.dense])).hits
            let docid = try engine.search(query.text, options([.docid], scheme: scheme)).hits
            #expect(docid.map(\.id) == dense.map(\.id), "\(query.id)")
            for (a, b) in zip(docid, dense) { #expect(abs(a.score - b.score) < 1e-5) }
        }
    }

    @Test("Every retriever answers the questions well", arguments: [
        (.bm25, 0.72), (.ngram, 0.68), (.dense, 0.9), (.docid, 0.9),
    ] as [(RetrieverKind, Double)])
    func quality(retriever: RetrieverKind, floor: Double) throws {
        let value = try Sample.full.get().engine.measure(.ndcgCut(10), options([retriever]))
        #expect(value > floor)
        #expect(value < 1)
    }

    @Test("The merged ranking answers as well as the best retriever") func fusion() throws {
        let engine = try Sample.full.get().engine
        let merged = try engine.measure(.ndcgCut(10), options(Set(RetrieverKind.allCases)))
        #expect(merged > 0.9)
    }

    @Test("Paths of docids are explained") func paths() throws {
        let engine = try Sample.full.get().engine
        for scheme in DocidRetriever.Scheme.allCases {
            for query in try Sample.queries().prefix(10) {
                let found = try engine.present(query.text, options([.docid], scheme: scheme), explaining: true)
                for hit in found.hits {
                    let explanation = try #require(hit.explanation)
                    #expect(explanation.scheme == scheme.rawValue)
                    #expect(explanation.docid.count >= 2)
                    #expect(explanation.docid.allSatisfy { $0.logProb <= 1e-5 })
                }
                #expect(Set(found.hits.compactMap { $0.explanation?.docid.map(\.token) }).count == found.hits.count)
            }
        }
    }

    @Test("Without its encoder the index still answers") func encoderAbsent() throws {
        let folder = try TemporaryFolder()
        try Sample.full.get().write(to: folder.path("index"))
        let nothing = ModelCache(directory: URL(filePath: folder.path("no-models")))
        let engine = try Engine.open(folder.path("index"), models: nothing)
        #expect(engine.availableRetrievers == [.ngram, .bm25])
        #expect(engine.encoderProblem?.contains(KnownModel.defaultEncoder) == true)
        #expect(try engine.search("sourdough starter").diagnostics.retrievers == [.ngram, .bm25])
        #expect(throws: EngineError.self) { try engine.search("bread", options([.dense, .docid])) }
    }

    @Test("The same corpus and options give the same bytes") func determinism() throws {
        let first = try Sample.full.get().files
        let second = try BuiltIndex(corpus: Sample.path, encoder: KnownModel.defaultEncoder).files
        #expect(first.count == 7 && Set(first.keys) == Set(second.keys))
        for (name, bytes) in first { #expect(second[name] == bytes, "\(name)") }
    }
}
