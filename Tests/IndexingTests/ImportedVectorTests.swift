import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import Memory
import SampleIndexes
import Search
import TestSupport
import Testing

/// Indexes whose vectors come with the corpus.
@Suite struct ImportedVectorTests {
    private static let width = 19

    /// A file of random vectors by id, and the vectors.
    private struct Vectors {
        let path: String
        var rows: [String: [Float]] = [:]

        init(_ ids: [String], in folder: TemporaryFolder, _ name: String, seed: UInt64, width: Int = width) throws {
            path = folder.path(name)
            var random = SeededGenerator(seed: seed)
            var text = ""
            // By id, so in an order of their own.
            for id in ids.shuffled(using: &random) {
                let row = (0..<width).map { _ in Float.random(in: -1...1, using: &random) }
                rows[id] = row
                text += "{\"id\": \"\(id)\", \"vector\": [\(row.map { "\($0)" }.joined(separator: ", "))]}\n"
            }
            try Data(text.utf8).write(to: URL(filePath: path))
        }

        /// A NumPy file of the same, in an order.
        func array(of ids: [String], _ path: String) throws -> String {
            var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (\(ids.count), \(width)), }"
            header += String(repeating: " ", count: 117 - header.utf8.count) + "\n"
            var data = Data([0x93] + Array("NUMPY".utf8) + [1, 0, 118, 0] + Array(header.utf8))
            for id in ids {
                for value in rows[id] ?? [] {
                    withUnsafeBytes(of: value.bitPattern.littleEndian) { data.append(contentsOf: $0) }
                }
            }
            try data.write(to: URL(filePath: path))
            return path
        }

        /// All ids by their cosine to a vector, the best first.
        func ranking(_ query: [Float]) -> [(id: String, cosine: Double)] {
            func length(_ a: [Float]) -> Double { a.reduce(0.0) { $0 + Double($1) * Double($1) }.squareRoot() }
            return rows.map { id, row in
                (id, zip(row, query).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } / length(row) / length(query))
            }.sorted { $0.cosine > $1.cosine }
        }
    }

    private static func ids() throws -> [String] {
        var reader = try CorpusReader(path: Sample.path)
        var ids: [String] = []
        while let passage = try reader.next() { ids.append(passage.id) }
        return ids
    }

    private func build(
        _ vectors: String, _ place: String, profile: VectorProfile = .float32, segmentTokens: Int? = nil
    ) throws -> IndexReport {
        var options = IndexOptions()
        options.vectorProfile = profile
        options.pseudoQueries = 20
        var builder = IndexBuilder(corpus: Sample.path, destination: place, options: options, models: TinySample.models)
        builder.vectors = try ImportedVectors.read(vectors)
        builder.segmentTokenLimit = segmentTokens
        return try builder.build()
    }

    private func query(_ seed: UInt64) -> [Float] {
        var random = SeededGenerator(seed: seed)
        return (0..<Self.width).map { _ in Float.random(in: -3...3, using: &random) }
    }

    @Test("Dense rankings are those of naive cosines, in one segment and in several", arguments: [nil, 3_000])
    func dense(segmentTokens: Int?) throws {
        let folder = try TemporaryFolder()
        let vectors = try Vectors(Self.ids(), in: folder, "v.jsonl", seed: 3)
        let place = folder.path("index")
        let manifest = try build(vectors.path, place, segmentTokens: segmentTokens).manifest
        #expect(manifest.encoder == nil && manifest.vectors == .init(dimension: Self.width))
        #expect((manifest.segments.count > 1) == (segmentTokens != nil))
        let engine = try Engine.open(place)
        try engine.reader.verify(isDeep: true)
        for seed: UInt64 in 1...10 {
            let vector = query(seed)
            let found = try engine.rank("", vector: vector, hits: 30, options: SearchOptions("dense"))
            let expected = vectors.ranking(vector).prefix(30)
            #expect(found.hits.map(\.id) == expected.map(\.id))
            for (hit, naive) in zip(found.hits, expected) { #expect(abs(Double(hit.score) - naive.cosine) < 1e-5) }
            // All passages fit in the beams, so that the tree loses none.
            let tree = try engine.rank("", vector: vector, hits: 30, options: SearchOptions("docid"))
            #expect(tree.hits.map(\.id) == expected.map(\.id))
        }
    }

    @Test("Rows in the order of the corpus and lines by id give the same index") func orders() throws {
        let folder = try TemporaryFolder()
        let ids = try Self.ids()
        let vectors = try Vectors(ids, in: folder, "v.jsonl", seed: 4)
        let array = try vectors.array(of: ids, folder.path("v.npy"))
        _ = try build(vectors.path, folder.path("a"), profile: .int8)
        _ = try build(array, folder.path("b"), profile: .int8)
        #expect(try BuiltIndex.files(of: folder.path("a")) == BuiltIndex.files(of: folder.path("b")))
    }

    @Test("A text alone is found by what reads texts, with a note, and never by vectors") func texts() throws {
        let folder = try TemporaryFolder()
        let vectors = try Vectors(Self.ids(), in: folder, "v.jsonl", seed: 5)
        _ = try build(vectors.path, folder.path("index"))
        // With an encoder at hand, too.
        let engine = try Engine.open(folder.path("index"), models: TinySample.models)
        let text = "how do I feed a sourdough starter"
        let lack = EngineError.vectorNotGiven(index: engine.path)
        let found = try engine.rank(text)
        #expect(found.lists.map(\.retriever) == ["ngram", "bm25"])
        #expect(found.notes == [SearchNote(.absent(["docid", "dense"]), reason: lack)])
        #expect(throws: EngineError.unavailable(["dense"], because: lack)) {
            try engine.rank(text, options: SearchOptions("dense"))
        }
        let both = try engine.rank(text, vector: query(1))
        #expect(Set(both.lists.map(\.retriever)) == ["ngram", "docid", "dense", "bm25"] && both.notes.isEmpty)
        let weights = try engine.prepared(SearchOptions(), [.text, .vector]).pipeline.fusion.weights
        #expect(Set(weights.values).count == 1 && weights.count == 4)
        let vector = try engine.rank(" ?", vector: query(1))
        #expect(Set(vector.lists.map(\.retriever)) == ["docid", "dense"])
        #expect(vector.notes == [SearchNote(.absent(["ngram", "bm25"]), reason: .textNotGiven)])
        #expect(throws: EngineError.emptyQuery) { try engine.rank(" ?") }
        // What is found does not depend on what was asked before.
        #expect(try engine.rank(text).hits.map(\.id) == found.hits.map(\.id))
        // Feedback moves the vector among the imported ones.
        var options = SearchOptions("dense")
        options.feedback = FeedbackOptions()
        options.feedback?.methods = ["vector"]
        #expect(try engine.rank("", vector: query(1), options: options).feedback.count == 1)
        var request = SearchRequest(text, hits: 3)
        request.vector = query(1)
        request.explain = .full
        let answer = try engine.search(request)
        #expect(answer.candidates.count == 3 && answer.notes.isEmpty)
        let again = try JSONDecoder().decode(SearchRequest.self, from: JSONEncoder().encode(request))
        #expect(again == request)
    }

    @Test("A vector that cannot be compared is refused") func refused() throws {
        let folder = try TemporaryFolder()
        let vectors = try Vectors(Self.ids(), in: folder, "v.jsonl", seed: 6)
        _ = try build(vectors.path, folder.path("index"))
        let engine = try Engine.open(folder.path("index"))
        #expect(throws: EngineError.vectorOfOtherLength(index: engine.path, given: 3, expected: Self.width)) {
            try engine.rank("bread", vector: [1, 2, 3])
        }
        for bad: Float in [0, .nan, .infinity] {
            #expect(throws: EngineError.vectorWithoutDirection) {
                try engine.rank("bread", vector: [Float](repeating: bad, count: Self.width))
            }
        }
        let lexical = try Sample.lexical.get().engine
        #expect(throws: EngineError.vectorsNotImported(index: lexical.path)) {
            try lexical.rank("bread", vector: query(1))
        }
    }

    @Test("Vectors and passages that do not fit together are refused, and nothing is written") func misfits() throws {
        let folder = try TemporaryFolder()
        let ids = try Self.ids()
        let place = folder.path("index")
        func fault(_ path: String) -> VectorFileError? {
            do { _ = try build(path, place) } catch { return error as? VectorFileError }
            return nil
        }
        let few = try Vectors(Array(ids.dropLast(2)), in: folder, "few.jsonl", seed: 7)
        #expect(
            fault(few.path)
                == .missing(path: few.path, count: 2, first: ids[ids.count - 2], of: .passage, in: Sample.path))
        let many = try Vectors(ids + ["nobody"], in: folder, "many.jsonl", seed: 7)
        #expect(fault(many.path) == .unknown(path: many.path, count: 1, first: "nobody", of: .passage, in: Sample.path))
        for count in [ids.count - 1, ids.count + 1] {
            let own = (0..<count).map { $0 < ids.count ? ids[$0] : "nobody" }
            let array = try many.array(of: own, folder.path("\(count).npy"))
            #expect(
                fault(array)
                    == .count(
                        path: array, rows: count, expected: ids.count, of: .passage, in: Sample.path, badLines: 0))
        }
        #expect(!FileManager.default.fileExists(atPath: place))
    }

    @Test("Passages come with vectors, go, and are written anew with theirs") func changes() throws {
        let folder = try TemporaryFolder()
        let ids = try Self.ids()
        var vectors = try Vectors(ids, in: folder, "v.jsonl", seed: 8)
        let place = folder.path("index")
        _ = try build(vectors.path, place)
        let corpus = try folder.corpus((0..<12).map { ("new\($0)", "", "A passage that came later, number \($0).") })
        let change = IndexChange(place)
        let index = URL(filePath: place).path
        #expect(throws: IndexingError.vectorsMissing(index: index)) { try change.add(corpus) }
        let narrow = try Vectors((0..<12).map { "new\($0)" }, in: folder, "narrow.jsonl", seed: 1, width: 4)
        #expect(throws: VectorFileError.width(path: narrow.path, own: 4, expected: Self.width, index: index)) {
            try change.add(corpus, vectors: ImportedVectors.read(narrow.path))
        }
        let fresh = try Vectors((0..<12).map { "new\($0)" }, in: folder, "new.jsonl", seed: 9)
        #expect(try change.add(corpus, vectors: ImportedVectors.read(fresh.path)).added == 12)
        vectors.rows.merge(fresh.rows) { $1 }
        func check() throws {
            let engine = try Engine.open(place)
            try engine.reader.verify(isDeep: true)
            #expect(engine.manifest.vectors == .init(dimension: Self.width))
            for seed: UInt64 in 20...24 {
                let found = try engine.rank("", vector: query(seed), hits: 25, options: SearchOptions("dense"))
                #expect(found.hits.map(\.id) == vectors.ranking(query(seed)).prefix(25).map(\.id))
            }
        }
        try check()
        let gone = Array(ids.prefix(40)) + ["new3"]
        _ = try change.delete(ids: gone)
        for id in gone { vectors.rows[id] = nil }
        try check()
        #expect(try change.compact(.all).compacted == 2)
        try check()
        #expect(throws: IndexingError.noPlan(index: place)) { try BuildPlan(place) }
        // An index of an encoder takes none.
        let lexical = folder.path("lexical")
        var options = IndexOptions()
        options.encoder = nil
        options.pseudoQueries = 0
        _ = try IndexBuilder(corpus: Sample.path, destination: lexical, options: options).build()
        #expect(throws: EngineError.vectorsNotImported(index: URL(filePath: lexical).path)) {
            try IndexChange(lexical).add(corpus, vectors: ImportedVectors.read(fresh.path))
        }
    }
}
