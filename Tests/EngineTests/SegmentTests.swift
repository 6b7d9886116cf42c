import Corpora
import Engine
import Foundation
import Indexer
import Ranking
import Storage
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
            if encoder != nil { options.pseudoQueries = 40 }
            var builder = IndexBuilder(corpus: Sample.path, destination: place, options: options)
            builder.segmentTokenLimit = 5000
            _ = try builder.build()
            cut = try Engine.open(place)
        }
    }

    private func options(_ kind: RetrieverKind) -> SearchOptions {
        var options = SearchOptions()
        options.retrievers = [kind]
        options.k = 20
        return options
    }

    @Test("BM25 over segments is BM25 over one") func sparse() throws {
        let pair = try Pair()
        #expect(pair.cut.manifest.segments == ["segment-0001", "segment-0002", "segment-0003"])
        #expect(pair.cut.count == pair.whole.count)
        for query in try Sample.queries() {
            let one = try pair.whole.search(query.text, options(.bm25)).hits
            let many = try pair.cut.search(query.text, options(.bm25)).hits
            #expect(one.map(\.id) == many.map(\.id), "\(query.text)")
            #expect(zip(one, many).allSatisfy { abs($0.score - $1.score) <= 1e-5 * max(1, $0.score) })
        }
    }

    @Test("n-grams over segments have the counts and nearly the ranking of one") func ngrams() throws {
        let pair = try Pair()
        let queries = try Sample.queries()
        var sameFirst = 0
        for query in queries {
            let one = try pair.whole.search(query.text, options(.ngram))
            let many = try pair.cut.search(query.text, options(.ngram))
            #expect(many.diagnostics.invalidKeys == 0)
            if one.hits.first?.id == many.hits.first?.id { sameFirst += 1 }
        }
        #expect(Double(sameFirst) >= 0.9 * Double(queries.count), "\(sameFirst) of \(queries.count)")
        // Explained keys tell the counts of the whole corpus.
        let text = "how do I feed a sourdough starter"
        let one = try pair.whole.present(text, options(.ngram), explaining: true).hits
        let many = try pair.cut.present(text, options(.ngram), explaining: true).hits
        var counts: [String: Int] = [:]
        for key in one.flatMap({ $0.explanation?.keys ?? [] }) { counts[key.text] = key.count }
        var compared = 0
        for key in many.flatMap({ $0.explanation?.keys ?? [] }) {
            guard let count = counts[key.text] else { continue }
            #expect(key.count == count, "\(key.text)")
            compared += 1
        }
        #expect(compared > 10)
        #expect(one.first?.text == many.first?.text)
    }

    @Test("Vectors, docids and the merge over segments", .enabled(if: Sample.hasEncoder)) func vectors() throws {
        let pair = try Pair(encoder: KnownModel.defaultEncoder)
        #expect(pair.cut.manifest.segments.count == 4)
        let weights: [RetrieverKind: Float] = [.ngram: 0.3, .docid: 0.2, .dense: 0.3, .bm25: 0.2]
        var sameDocid = 0
        var sameMerge = 0
        let queries = try Sample.queries()
        for query in queries {
            // A row's product does not depend on the rows beside it.
            let one = try pair.whole.search(query.text, options(.dense)).hits
            let many = try pair.cut.search(query.text, options(.dense)).hits
            #expect(one.map(\.id) == many.map(\.id), "\(query.text)")
            #expect(zip(one, many).allSatisfy { abs($0.score - $1.score) < 1e-5 })
            var merge = SearchOptions()
            merge.fusionWeights = weights
            if try pair.whole.search(query.text, options(.docid)).hits.first?.id
                == pair.cut.search(query.text, options(.docid)).hits.first?.id { sameDocid += 1 }
            let found = try pair.cut.search(query.text, merge)
            #expect(found.diagnostics.invalidDocids == 0)
            if try pair.whole.search(query.text, merge).hits.first?.id == found.hits.first?.id { sameMerge += 1 }
        }
        #expect(Double(sameDocid) >= 0.9 * Double(queries.count), "\(sameDocid) of \(queries.count)")
        #expect(Double(sameMerge) >= 0.9 * Double(queries.count), "\(sameMerge) of \(queries.count)")
    }

    @Test("An id that stands in a segment before is a bad line, or refused when asked") func repeatedIDs() throws {
        let folder = try TemporaryFolder()
        let lines = (0..<60).map { "{\"_id\": \"\($0 % 59)\", \"text\": \"some words of passage \($0)\"}" }
        let corpus = folder.path("corpus.jsonl")
        try Data(lines.joined(separator: "\n").utf8).write(to: URL(filePath: corpus))
        var options = IndexOptions()
        options.encoder = nil
        var builder = IndexBuilder(corpus: corpus, destination: folder.path("index"), options: options)
        builder.segmentTokenLimit = 100
        builder.options.corpus.strict = true
        #expect { try builder.build() } throws: { "\($0)".contains("corpus.jsonl:60") }
        #expect(!FileManager.default.fileExists(atPath: folder.path("index")))
        builder.options.corpus.strict = false
        let report = try builder.build()
        #expect(report.manifest.passages == 59 && report.manifest.segments.count > 1)
        #expect(report.corpus.badLines.map(\.place.line) == [60])
    }

    @Test("Passages keep their order and their texts") func passages() throws {
        let pair = try Pair()
        for document in 0..<Int32(pair.whole.count) {
            let one = try pair.whole.passage(document)
            let many = try pair.cut.passage(document)
            #expect(one == many)
        }
        try pair.cut.verify()
    }

    @Test("A segment that is missing or damaged is named") func damage() throws {
        let pair = try Pair()
        let file = pair.place + "/segment-0002/ngrams.gnr"
        let whole = try Data(contentsOf: URL(filePath: file))
        var broken = whole
        broken[whole.count / 2] ^= 4
        try broken.write(to: URL(filePath: file))
        #expect { try Engine.open(pair.place) } throws: { "\($0)".contains("segment-0002") }
        try FileManager.default.removeItem(atPath: pair.place + "/segment-0002")
        #expect { try Engine.open(pair.place) } throws: { "\($0)".contains("segment-0002") }
    }
}
