import Corpora
import Engine
import Foundation
import IndexStore
import Indexing
import SampleIndexes
import Search
import TestSupport
import Testing
import Transformers

/// One corpus in one segment and in several.
@Suite struct SegmentTests {
    private struct Pair {
        let folder: TemporaryFolder
        let whole: Engine
        let cut: Engine
        let place: String

        init(encoder: String? = nil) throws {
            folder = try TemporaryFolder()
            whole = try (encoder == nil ? Sample.lexical : Sample.full).get().engine
            place = folder.path("cut")
            var options = IndexOptions()
            options.encoder = encoder
            options.generator = nil
            if encoder != nil { options.pseudoQueries = 40 }
            var builder = IndexBuilder(corpus: Sample.path, destination: place, options: options)
            builder.segmentTokenLimit = 5000
            _ = try builder.build()
            cut = try Engine.open(place)
        }
    }

    private func hits(_ engine: Engine, _ text: String, _ retriever: ComponentID) throws -> [RankedResult.Hit] {
        try engine.rank(text, hits: 20, options: SearchOptions(retriever)).hits
    }

    @Test("BM25 over segments is BM25 over one") func sparse() throws {
        let pair = try Pair()
        #expect(pair.cut.manifest.segments.count == 3)
        #expect(pair.cut.count == pair.whole.count)
        for query in try Sample.queries() {
            let one = try hits(pair.whole, query.text, "bm25")
            let many = try hits(pair.cut, query.text, "bm25")
            #expect(one.map(\.id) == many.map(\.id), "\(query.id)")
            #expect(zip(one, many).allSatisfy { abs($0.score - $1.score) <= 1e-5 * max(1, $0.score) })
        }
    }

    @Test("Answers do not depend on threads", arguments: [2, 3, 8]) func threads(count: Int) throws {
        let pair = try Pair()
        let many = try Engine.open(pair.place, threads: count)
        for query in try Sample.queries().prefix(30) {
            let one = try pair.cut.rank(query.text, hits: 50)
            let other = try many.rank(query.text, hits: 50)
            #expect(one.hits.map(\.id) == other.hits.map(\.id), "\(query.id)")
            #expect(one.hits.map(\.score) == other.hits.map(\.score), "\(query.id)")
        }
    }

    @Test("n-grams over segments have the counts and nearly the ranking of one") func ngrams() throws {
        let pair = try Pair()
        let queries = try Sample.queries()
        var sameFirst = 0
        for query in queries {
            let one = try hits(pair.whole, query.text, "ngram")
            let many = try pair.cut.rank(query.text, hits: 20, options: SearchOptions("ngram"))
            #expect(many.count("invalidKeys") == 0)
            if one.first?.id == many.hits.first?.id { sameFirst += 1 }
        }
        #expect(Double(sameFirst) >= 0.9 * Double(queries.count), "\(sameFirst) of \(queries.count)")
        // Explained keys tell the counts of the whole corpus.
        let text = "how do I feed a sourdough starter with flour and water in the oven"
        func explained(_ engine: Engine) throws -> (first: String?, keys: [GeneratedKey]) {
            let found = try engine.explained(text, hits: 20, SearchOptions("ngram")).candidates
            let keys = found.flatMap { $0.explanation?.detail("keys", as: [GeneratedKey].self) ?? [] }
            return (found.first?.text, keys)
        }
        let (one, many) = (try explained(pair.whole), try explained(pair.cut))
        let counts = Dictionary(one.keys.map { ($0.text, $0.count) }, uniquingKeysWith: { a, _ in a })
        var compared = 0
        for key in many.keys {
            guard let count = counts[key.text] else { continue }
            #expect(key.count == count, "\(key.text)")
            compared += 1
        }
        #expect(compared > 10)
        #expect(one.first == many.first)
    }

    @Test(
        "Vectors, docids and the fusion over segments",
        .enabled(if: Sample.hasEncoder, "the default encoder is not installed"))
    func vectors() throws {
        let pair = try Pair(encoder: KnownModel.defaultEncoder)
        #expect(pair.cut.manifest.segments.count == 4)
        var fused = SearchOptions()
        fused.weights = ["ngram": 0.3, "docid": 0.2, "dense": 0.3, "bm25": 0.2]
        var sameDocid = 0
        var sameFusion = 0
        let queries = try Sample.queries()
        for query in queries {
            // A row's product does not depend on the rows beside it.
            let one = try hits(pair.whole, query.text, "dense")
            let many = try hits(pair.cut, query.text, "dense")
            #expect(one.map(\.id) == many.map(\.id), "\(query.id)")
            #expect(zip(one, many).allSatisfy { abs($0.score - $1.score) < 1e-5 })
            if try hits(pair.whole, query.text, "docid").first?.id == hits(pair.cut, query.text, "docid").first?.id {
                sameDocid += 1
            }
            let found = try pair.cut.rank(query.text, options: fused)
            #expect(found.count("invalidDocids") == 0)
            if try pair.whole.rank(query.text, options: fused).hits.first?.id == found.hits.first?.id {
                sameFusion += 1
            }
        }
        #expect(Double(sameDocid) >= 0.9 * Double(queries.count), "\(sameDocid) of \(queries.count)")
        #expect(Double(sameFusion) >= 0.9 * Double(queries.count), "\(sameFusion) of \(queries.count)")
    }

    @Test("Passages keep their order and their texts") func passages() throws {
        let pair = try Pair()
        for place in 0..<pair.whole.count {
            let one = try pair.whole.passage(PassageIndex(place))
            let many = try pair.cut.passage(PassageIndex(place))
            #expect(one == many)
            #expect(try pair.cut.reader.passage(withID: one.id) == PassageIndex(place))
        }
        try pair.cut.reader.verify()
    }

    @Test("A segment that is missing or damaged is named") func damage() throws {
        let pair = try Pair()
        let segment = pair.cut.manifest.segments[1].files.folder
        let file = pair.place + "/\(segment)/ngrams.gnr"
        let whole = try Data(contentsOf: URL(filePath: file))
        var broken = whole
        broken[whole.count / 2] ^= 4
        try broken.write(to: URL(filePath: file))
        let engine = try Engine.open(pair.place)
        let result = try engine.rank("bread")
        #expect(result.retrievers == ["bm25"] && result.notes.count == 1)
        #expect(result.notes.first?.description.contains("\(segment)/ngrams.gnr") == true)
        #expect { try engine.rank("bread", options: SearchOptions("ngram")) } throws: { "\($0)".contains(segment) }
        try FileManager.default.removeItem(atPath: pair.place + "/\(segment)")
        #expect { try Engine.open(pair.place) } throws: { "\($0)".contains(segment) }
    }
}
